"""Files that the proxy in front sends itself, from the disk: X-Accel-Redirect and X-Sendfile.

The server still decides (conditions, encodings, which bytes are the verified ones) and names the
file; the proxy sends it and cuts ranges. It is done only for requests in which the proxy says that
it can (`X-Sendfile-Type`), so nothing gets an empty answer on a way around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from server.config import Settings
from server.facts import facts_of
from server.held import HeldFile
from server.variants import Representation

ASKED_BY = "X-Sendfile-Type"
"""The request's header in which a proxy names the response's header that it understands."""

INTERNAL = "/_mattebox_files"
"""Where nginx has the folders below, for itself only."""


@dataclass(frozen=True)
class Handover:
    """header: X-Accel-Redirect or X-Sendfile. roots: the folders that files come from, by name."""

    header: str
    roots: Mapping[str, Path]

    def headers(self, form: Representation, asked_by: str | None) -> dict[str, str] | None:
        """What makes the proxy send `form`; None where this server has to send it itself."""
        if asked_by is None or asked_by.lower() != self.header.lower():
            return None
        if isinstance(form.body, bytes):
            return None
        # Apache's mod_xsendfile drops Content-Encoding of the answer that names the file.
        if self.header == "X-Sendfile" and form.encoding != "identity":
            return None
        path = form.body.path if isinstance(form.body, HeldFile) else form.body
        # The proxy opens it by name: it has to be the file that was digested.
        try:
            same = facts_of(path) == form.facts
        except OSError:
            same = False
        named = self._named(path) if same else None
        return {self.header: named} if named else None

    def _named(self, path: Path) -> str | None:
        if self.header == "X-Sendfile":
            return str(path)
        for name, root in self.roots.items():
            if path.is_relative_to(root):
                return f"{INTERNAL}/{name}/{quote(path.relative_to(root).as_posix())}"
        return None


def roots_of(settings: Settings) -> dict[str, Path]:
    """The folders of everything that is served from the disk."""
    return {
        "client": settings.client,
        "node_modules": settings.node_modules,
        "models": settings.model_store,
        "variants": settings.variants,
    }


def handover_of(settings: Settings) -> Handover | None:
    """What the settings ask for."""
    header = {"x-accel-redirect": "X-Accel-Redirect", "x-sendfile": "X-Sendfile"}
    if settings.files_sent_by not in header:
        return None
    return Handover(header[settings.files_sent_by], roots_of(settings))
