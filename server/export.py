"""`flask export FOLDER`: the whole site as plain files, and configurations for who serves them.

Every byte and every path is what the application itself answers. What a folder held of the release
before stays beside the new one, since open pages go on asking for it; what is older is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import Flask

from server.headers import DOCUMENT_REALMS
from server.offered import FILES, PREFIX, models_of
from server.variants import ENCODINGS
from server.web_servers import apache, caddy, headers_file, nginx, rules
from server.web_servers.rules import Exported, Place

RECORD = "export.json"
"""Says of a folder that it is an export, and which files are of this release."""

CONFIGURATIONS = {
    "nginx.conf": nginx.static,
    "Caddyfile": caddy.static,
    "apache.conf": apache.static,
}

_PLAIN = ("healthz", "readyz")
DOCUMENTS = (*DOCUMENT_REALMS, "catalog.json")
"""What keeps its name from release to release."""


class NotOursError(Exception):
    """The folder holds something else; the message says so."""


def write(app: Flask, folder: Path, place: Place) -> int:
    """Write the site of `app` and the configurations for `place`; the number of files.

    The documents come last, each in one step, so a folder that is being served is whole at any
    moment. Raises NotOursError, and OSError where it cannot be written.
    """
    before = _record_of(folder)
    folder.mkdir(parents=True, exist_ok=True)
    prefix = str(app.extensions[PREFIX])
    written = [
        name
        for path in (*app.extensions[FILES], *models_of(app), *_PLAIN, *DOCUMENTS)
        for name in _write_forms(app, folder, prefix, path)
    ]
    site = Exported(place, prefix, _not_found(app))
    texts = {
        f"{rules.SITE}/404.html": headers_file.not_found(site.none),
        f"{rules.SITE}/_headers": headers_file.rows(prefix, app.extensions[FILES]),
        **apache.refusals(site),
        **{name: configure(site) for name, configure in CONFIGURATIONS.items()},
    }
    for name, text in texts.items():
        _put(folder / name, [text.encode()])
    written += texts
    kept = {*written, *before}
    for name in sorted(_files_of(folder) - kept - {RECORD}):
        (folder / name).unlink()
    _put(folder / RECORD, [json.dumps({"files": sorted(written)}, indent=1).encode()])
    return len(written)


def _not_found(app: Flask) -> str:
    """What the application says where there is nothing."""
    return str(app.test_client().get(f"{app.extensions[PREFIX]}/none").get_data(as_text=True))


def _record_of(folder: Path) -> frozenset[str]:
    """The files of the release that `folder` holds."""
    try:
        return frozenset(json.loads((folder / RECORD).read_bytes())["files"])
    except (OSError, ValueError, KeyError):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotOursError(
                f"{folder} holds something that is no export; name a folder that is empty or new"
            ) from None
        return frozenset()


def _files_of(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def _write_forms(app: Flask, folder: Path, prefix: str, path: str) -> Iterator[str]:
    url = f"{prefix}/" if path == "index.html" else f"{prefix}/{path}"
    for encoding in ("identity", *ENCODINGS):
        answer = app.test_client().get(url, headers={"Accept-Encoding": encoding}, buffered=False)
        try:
            if answer.status_code != 200:
                raise OSError(f"{url} is answered with {answer.status}")
            if answer.headers.get("Content-Encoding", "identity") != encoding:
                continue  # there is no such form
            top = rules.SITE if encoding == "identity" else f"{rules.COMPRESSED}/{encoding}"
            name = f"{top}{prefix}/{path}"
            _put(folder / name, answer.iter_encoded())
            yield name
        finally:
            answer.close()


def _put(path: Path, blocks: Iterable[bytes]) -> None:
    """Write a file in one step, its time made from its content.

    So its tag, which file servers make of time and size, is the same on every machine, and another
    one for other content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    digest = hashlib.sha256()
    with draft.open("wb") as file:
        for block in blocks:
            digest.update(block)
            file.write(block)
    seconds = int.from_bytes(digest.digest()[:4]) // 4
    os.utime(draft, (seconds, seconds))
    draft.replace(path)
