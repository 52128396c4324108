"""`flask check URL`: a running installation beside what it should be, and what a proxy has changed.

What it should be is asked of this installation's own application, in this process. So it holds for
the release and the models that are here; run it where, or as, the server runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus

from flask import Flask

from server.asking import Answer, Asked, Body, There
from server.headers import CSP, SECURITY_HEADERS
from server.offered import FILES, PREFIX, models_of

_ISOLATING = ("Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy")
_COMPARED = (
    CSP,
    *SECURITY_HEADERS,
    "Content-Type",
    "Cache-Control",
    "Content-Range",
    "Content-Length",
    "Vary",
    "Allow",
)
_OF_CONTENT = ("Content-Type", "Content-Length", "Content-Range", "Cache-Control")


def requests_of(app: Flask, *, whole: bool) -> Iterator[Asked]:
    """What is compared: every file, and what is not one. whole: models from end to end, and not
    their ends only."""
    packed = (("Accept-Encoding", "br, gzip"),)
    plain = (("Accept-Encoding", "identity"),)
    documents = ("", "sw.js", "api.js", "manifest.webmanifest", "catalog.json", "healthz")
    for path in (*documents, *app.extensions[FILES]):
        for accepted in (plain, packed):
            yield Asked(path, "GET", accepted)
        yield Asked(path, "HEAD", packed)
    for path in models_of(app):
        yield Asked(path, "HEAD", packed)
        for span in ("bytes=0-65535", "bytes=-65536", "bytes=99999999999999-"):
            yield Asked(path, "GET", (*packed, ("Range", span)))
        if whole:
            yield Asked(path, "GET", packed)
    yield Asked("none", "GET", plain)
    yield Asked("assets/none/none.js", "GET", plain)
    yield Asked("", "POST")
    yield Asked("", "OPTIONS")


def differences(url: str, app: Flask, *, whole: bool = True) -> dict[str, list[str]]:
    """Sentences that say what differs -> the paths for which they hold.

    url: of the installation's page. app: what it should be. Raises UnreachableError.
    """
    found: dict[str, list[str]] = {}
    with closing(There(url)) as there:
        for asked in requests_of(app, whole=whole):
            for sentence in _judged(asked, _expected(app, asked), there.ask(asked)):
                paths = found.setdefault(sentence, [])
                if asked.path not in paths:
                    paths.append(asked.path)
    return found


def _judged(asked: Asked, expected: Answer, actual: Answer) -> Iterator[str]:
    if actual.status != expected.status:
        yield f"{_request(asked)} is answered with {actual.status} instead of {expected.status}."
        return
    encodings = actual.all("content-encoding")
    if encodings and asked.path.startswith("models/"):
        yield f"It is compressed on its way ({', '.join(encodings)}): downloads cannot resume."
        return
    tags = actual.all("etag")
    if tags and _is_content(asked.path) and not _has_digest(tags, expected.all("etag")):
        yield f"Its tag is {tags[0]}, and not Mattebox's: the page takes it for another file."
    same_form = encodings == expected.all("content-encoding")
    # What is said beside a refused range is the server's own.
    refused = actual.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    for name in _COMPARED:
        if refused and name in _OF_CONTENT:
            continue
        # How long a compressed form is, is the compressor's.
        if name != "Content-Length" or same_form:
            yield from _header(asked, name, expected.all(name), actual.all(name))
    if actual.sha256 != expected.sha256 and asked.method == "GET" and not refused:
        yield (
            "Other bytes arrive than the server has: something changes them on their way,"
            " or another release runs there."
        )


def _is_content(path: str) -> bool:
    return path.startswith(("assets/", "runtime/", "models/"))


def _has_digest(actual: tuple[str, ...], expected: tuple[str, ...]) -> bool:
    """Whether the tag that came names the content as the expected one does."""
    return all(one.strip('W/"').split("-")[0] in actual[0] for one in expected)


def _header(
    asked: Asked, name: str, expected: tuple[str, ...], actual: tuple[str, ...]
) -> Iterator[str]:
    wanted, came = (sorted(_parts(name, one)) for one in (expected, actual))
    if came == wanted or (name == "Content-Length" and asked.method == "OPTIONS"):
        return
    value = "; and ".join(actual)
    if name == CSP:
        yield _policy(expected, actual)
    elif name in _ISOLATING:
        how = f"is {value!r}" if actual else "is missing"
        yield f"The header {name} {how}: browsers give the page no threads without it."
    elif name == "Cache-Control" and asked.path == "sw.js":
        said = value or "no Cache-Control"
        yield f"The service worker may be cached ({said}), so updates come late."
    elif not actual:
        yield f"The header {name} is missing."
    elif not expected:
        yield f"The header {name} was added: {value}."
    else:
        yield f"The header {name} is {value!r} instead of {'; and '.join(expected)!r}."


def _policy(expected: tuple[str, ...], actual: tuple[str, ...]) -> str:
    if not actual:
        return (
            "The policy that keeps photos on the device is missing: a proxy hides it, or sends"
            " files in Mattebox's place."
        )
    added = [one for one in actual if one not in expected]
    if set(expected) <= set(actual):
        return f"A second policy was added, and browsers enforce both: {'; and '.join(added)}."
    return f"The policy that keeps photos on the device was replaced by {'; and '.join(added)!r}."


def _parts(name: str, values: tuple[str, ...]) -> list[str]:
    """Values that may stand in any order and case, apart; the others whole."""
    if name in ("Vary", "Allow"):
        return [part.strip().lower() for value in values for part in value.split(",")]
    if name == "Content-Type":
        return [value.lower().replace(" ", "") for value in values]
    return list(values)


def _request(asked: Asked) -> str:
    named = [f"{name} {value}" for name, value in asked.headers if name == "Range"]
    return " with ".join([asked.method, *named])


def _expected(app: Flask, asked: Asked) -> Answer:
    answer = app.test_client().open(
        f"{app.extensions[PREFIX]}/{asked.path}",
        method=asked.method,
        headers=dict(asked.headers),
        buffered=False,
    )
    read = Body(answer.headers.get("Content-Encoding"))
    for block in answer.iter_encoded():
        read.take(block)
    answer.close()
    return read.answer(answer.status_code, answer.headers.items())
