"""Downloads a file from a web server, and goes on where an earlier attempt ended.

Bytes are appended to `NAME.part`; beside it `NAME.part.json` keeps the server's validator (its ETag
or date), so that a file which changed meanwhile is fetched from its start (RFC 9110, If-Range).
"""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from model_store.disk import room
from model_store.errors import Unreachable, UpstreamMismatch
from model_store.progress import Progress
from model_store.source import HttpsSource

PAUSES = (1.0, 3.0, 10.0)
"""Seconds before each new attempt that follows one without progress."""
_MOST_PAUSE = 60.0  # however long a server asks us to wait
_SILENCE = 60  # seconds without a byte after which a connection is taken for dead
_READ = 256 * 1024
_PASSING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class _Partial:
    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def note(self) -> Path:
        return self.path.with_name(self.path.name + ".json")

    def validator(self) -> str | None:
        try:
            return str(json.loads(self.note.read_bytes())["validator"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


class _FailedError(Exception):
    """An attempt ended early; the next one may do better after `wait` seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from https to something that anyone on the way can read."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        if req.type == "https" and not newurl.startswith("https://"):
            raise Unreachable(req.full_url, f"redirects to {newurl}, which is not https", 0)
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def from_web(source: HttpsSource, target: Path, progress: Progress) -> bool:
    """Download `source` to `target`; whether a part of it is from an earlier run.

    Ctrl+C leaves the partial download, as does a network that stays away (Unreachable).
    Raises UpstreamMismatch when the server announces another length than the catalog, DiskFull.
    """
    partial = _Partial(target.with_name(target.name + ".part"))
    partial.path.parent.mkdir(parents=True, exist_ok=True)
    resumed = bool(partial.size)
    failures = 0
    while True:
        before = partial.size
        try:
            _attempt(source, partial, progress)
            break
        except _FailedError as failed:
            failures = 1 if partial.size > before else failures + 1
            if failures > len(PAUSES):
                raise Unreachable(address_of(source.url), str(failed), partial.size) from failed
            pause = PAUSES[failures - 1] if failed.wait is None else min(failed.wait, _MOST_PAUSE)
            progress.say(f"{failed}; trying again in {pause:g} s")
            time.sleep(pause)
    partial.note.unlink(missing_ok=True)
    partial.path.replace(target)
    return resumed


def _attempt(source: HttpsSource, partial: _Partial, progress: Progress) -> None:
    have = partial.size
    headers = {"Accept-Encoding": "identity", "User-Agent": "mattebox"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if validator := partial.validator():
            headers["If-Range"] = validator
    request = urllib.request.Request(address_of(source.url), headers=headers)  # noqa: S310
    opener = urllib.request.build_opener(_NoDowngrade)
    try:
        with opener.open(request, timeout=_SILENCE) as response:
            _receive(source, partial, response, have, progress)
    except urllib.error.HTTPError as error:
        with error:
            _judge(source, partial, error, have)
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            # Another attempt would meet the same certificate.
            raise Unreachable(request.full_url, _unknown(error.reason), have) from error
        raise _FailedError(f"no connection: {error.reason}") from error
    except (http.client.HTTPException, ConnectionError, TimeoutError) as error:
        raise _FailedError(f"the connection broke: {type(error).__name__} {error}") from error


def _unknown(error: ssl.SSLCertVerificationError) -> str:
    return (
        f"its certificate cannot be verified ({error.verify_message});"
        " SSL_CERT_FILE may name a file with your own authorities"
    )


def address_of(url: str) -> str:
    """Where `url` is to be had: MATTEBOX_HUB, if set, stands for its scheme and host.

    What comes is held against the catalog's digests, whoever hands it out. Raises Unreachable for a
    setting that is no address.
    """
    hub = os.environ.get("MATTEBOX_HUB", "").rstrip("/")
    if not hub:
        return url
    if not re.fullmatch(r"https?://[^\s?#]+", hub):
        raise Unreachable(url, f"MATTEBOX_HUB is {hub!r}, which is no http(s) address", 0)
    return hub + urlsplit(url).path


def _judge(
    source: HttpsSource, partial: _Partial, error: urllib.error.HTTPError, have: int
) -> None:
    """What a status beyond 2xx means; returns only where the file is complete already."""
    if error.code == 416 and have:
        if _whole(error.headers.get("Content-Range")) == have:
            return
        partial.forget()
        raise _FailedError("the server has less than was kept; starting over", 0)
    if error.code in _PASSING:
        after = error.headers.get("Retry-After", "")
        wait = float(after) if re.fullmatch(r"\d{1,6}", after) else None
        raise _FailedError(f"the server answered {error.code} {error.reason}", wait)
    raise Unreachable(
        address_of(source.url), f"the server answered {error.code} {error.reason}", have
    )


def _receive(
    source: HttpsSource, partial: _Partial, response: Any, have: int, progress: Progress
) -> None:
    fields: Mapping[str, str] = response.headers
    start, total = 0, _number(fields.get("Content-Length"))
    if response.status == 206:
        start, total = have, _whole(fields.get("Content-Range"))
        if not fields.get("Content-Range", "").startswith(f"bytes {have}-"):
            partial.forget()
            raise _FailedError(f"asked from byte {have}, got {fields.get('Content-Range')}", 0)
    if source.bytes is not None and total not in (None, source.bytes):
        partial.forget()
        raise UpstreamMismatch(source.origin, "bytes", source.bytes, total)
    total = total or source.bytes
    progress.begin(f"downloading {source.file_name}", total)
    validator = fields.get("ETag", "")
    if not validator or validator.startswith("W/"):  # a weak one must not be used with If-Range
        validator = fields.get("Last-Modified", "")
    # Room for the rest here and once more where it is installed.
    needed = (total - start) + total if total else 0
    with room(partial.path.parent, needed), partial.path.open("ab" if start else "wb") as file:
        partial.note.write_text(json.dumps({"validator": validator}) if validator else "{}")
        progress.reach(start)
        while block := response.read(_READ):
            file.write(block)
            progress.reach(file.tell())
        reached = file.tell()
    if total is not None and reached < total:
        raise _FailedError(f"the connection ended at byte {reached} of {total}")


def _whole(content_range: str | None) -> int | None:
    match = re.fullmatch(r"bytes (?:\d+-\d+|\*)/(\d+)", content_range or "")
    return int(match[1]) if match else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
