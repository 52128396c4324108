"""What the server really sends: every response's bytes, counted as they leave the application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Added by the development server below the application. Compared with a raw socket: exact there;
# gunicorn's are as long to within some bytes.
SERVER_HEADERS = len(
    "HTTP/1.1 \r\nServer: Werkzeug/3.1.3 Python/3.11.2\r\n"
    "Date: Sat, 01 Jan 2000 00:00:00 GMT\r\nConnection: close\r\n\r\n"
)


@dataclass
class Transfer:
    """One response. `body` and `head` in bytes on the wire."""

    path: str
    status: int
    encoding: str
    head: int
    body: int = 0

    @property
    def kind(self) -> str:
        """What the bytes are for."""
        return kind_of(self.path)


def kind_of(path: str) -> str:
    """runtime (binary, glue and the library's module), codec, model, or page."""
    if path.startswith("/models/"):
        return "model"
    if path.startswith("/runtime/") or "/vendor/onnxruntime" in path:
        return "runtime"
    if "/vendor/jsquash" in path:
        return "codec"
    return "page"


class Meter:
    """WSGI middleware that keeps an account of what passes through."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self.transfers: list[Transfer] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on and count the answer."""
        transfer = Transfer(environ["PATH_INFO"], 0, "identity", 0)
        self.transfers.append(transfer)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            transfer.status = int(status[:3])
            fields = {name.lower(): value for name, value in headers}
            transfer.encoding = fields.get("content-encoding", "identity")
            lines = sum(len(name) + len(value) + len(": \r\n") for name, value in headers)
            transfer.head = len(status) + lines + SERVER_HEADERS
            return start_response(status, headers, *rest)

        return _Counted(self._app(environ, start), transfer)

    def account(self) -> dict[str, Any]:
        """Requests and bytes so far, in all and by kind, with every transfer; then start anew."""
        transfers, self.transfers = self.transfers, []
        kinds: dict[str, dict[str, int]] = {}
        for transfer in transfers:
            kind = kinds.setdefault(transfer.kind, {"requests": 0, "bytes": 0})
            kind["requests"] += 1
            kind["bytes"] += transfer.head + transfer.body
        return {
            "requests": len(transfers),
            "bytes": sum(kind["bytes"] for kind in kinds.values()),
            "head_bytes": sum(transfer.head for transfer in transfers),
            "kinds": kinds,
            "transfers": [asdict(transfer) for transfer in transfers],
        }


class _Counted:
    """A response body that adds up what is taken from it, so a broken transfer counts its part."""

    def __init__(self, body: Iterable[bytes], transfer: Transfer) -> None:
        self._body = body
        self._transfer = transfer

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            self._transfer.body += len(chunk)
            yield chunk

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close:
            close()
