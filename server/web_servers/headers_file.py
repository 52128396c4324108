"""`_headers` for hosts of plain files who read it, and what they say where there is nothing.

Such hosts give a path every value of a header that any of its rows has, joined, so no two rows that
match one path name the same header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from server.headers import CSP, SECURITY_HEADERS, Realm
from server.media import mime_type
from server.web_servers import rules

_DOCUMENTS = ("index.html", "api.js", "sw.js", "manifest.webmanifest", "catalog.json")
# One row for the manifests in all languages.
_PATTERNS = {"manifest.webmanifest": "manifest.*"}


def rows(prefix: str, files: Sequence[str]) -> str:
    """The file. files: paths of the assets and the runtime, relative to the site's root."""
    everywhere = _row(f"{prefix}/*", SECURITY_HEADERS.items())
    return everywhere + "".join(_row(f"{prefix}/{path}", own) for path, own in _rows(files))


def _rows(files: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    page = [(CSP, policy_of("index.html")), ("Cache-Control", keep_of("index.html"))]
    yield "", page
    for name in _DOCUMENTS:
        own = [(CSP, policy_of(name)), ("Cache-Control", keep_of(name))]
        yield _PATTERNS.get(name, name), [*own, ("Content-Type", mime_type(name))]
    yield "models/*", [(CSP, Realm.CLOSED.policy), ("Cache-Control", keep_of("models/a/b"))]
    # One row for each folder of which nothing has a policy of its own, to keep them few.
    folders: dict[str, list[str]] = {}
    for path in files:
        if path.startswith("manifest."):
            continue
        folders.setdefault("/".join(path.split("/")[:3]), []).append(path)
    for folder, paths in folders.items():
        whole = all(policy_of(path) == Realm.CLOSED.policy for path in paths)
        if whole and paths != [folder]:
            yield f"{folder}/*", [(CSP, Realm.CLOSED.policy), ("Cache-Control", keep_of(folder))]
            continue
        for path in paths:
            yield path, [(CSP, policy_of(path)), ("Cache-Control", keep_of(path))]


def policy_of(path: str) -> str:
    """The Content-Security-Policy of a path relative to the site's root."""
    matching = (rule.value for rule in rules.POLICIES if re.fullmatch(rule.pattern, path))
    return next(matching, Realm.CLOSED.policy)


def keep_of(path: str) -> str:
    """The Cache-Control of a path relative to the site's root."""
    matching = (rule.value for rule in rules.CACHING if re.fullmatch(rule.pattern, path))
    return next(matching, "no-store")


def _row(path: str, headers: Iterable[tuple[str, str]]) -> str:
    return path + "\n" + "".join(f"  {name}: {value}\n" for name, value in headers)


def not_found(page: str) -> str:
    """`page` with its policy in it, since no row matches an address that does not exist alone."""
    # frame-ancestors has no meaning there, and browsers say so.
    directives = Realm.CLOSED.policy.split("; ")
    inside = "; ".join(one for one in directives if not one.startswith("frame-ancestors"))
    meta = f'<meta http-equiv="{CSP}" content="{inside}">'
    return page.replace("<title>", f"{meta}\n<title>", 1)
