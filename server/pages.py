"""The few URLs whose content changes with a release: the page and what a browser asks beside it.

Each is rendered at start, and again when other models are installed. Every URL in them is relative,
so the page works under any prefix.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server import manifest as manifests
from server import shell
from server.asset_tree import INDEX, AssetTree, Runtime
from server.branding import Branding
from server.files import send_current
from server.generations import Generations
from server.headers import DOCUMENT_REALMS, Realm, asset_realm, runtime_realm
from server.media import MIME_TYPES
from server.variants import ENCODINGS, Asset, in_memory

TEMPLATES = Path(__file__).parent / "templates"
_WORKER = ("sw.js", "sw-share.js")
"""Of the service worker, one script in the end."""


def render(
    tree: AssetTree,
    runtime: Runtime,
    client: Path,
    catalog: Mapping[str, bytes],
    *,
    offline: bool,
    branding: Branding | None = None,
    keep: str = "days",
) -> dict[str, Asset]:
    """The page, its manifest, its service worker, /api.js and /catalog.json, by name.

    catalog: what /catalog.json answers, by encoding. offline: False takes the service worker back
    from every browser that has one. branding: the operator's words, logo and colour. keep: how
    long photos are kept on the visitor's device.
    """
    api = _text(TEMPLATES, "api.js", base=tree.base)
    # Without a service worker, shared photos would be posted to this server.
    branding = branding or Branding()
    manifest_of = {
        language: _text(
            TEMPLATES,
            "manifest.webmanifest",
            icons=manifest_icons(client),
            shares=offline,
            title=branding.title,
            language=language,
            words=words,
        )
        for language, words in manifests.words(client).items()
    }
    manifest = manifest_of[manifests.ENGLISH]
    kept = {
        "api.js": [api],
        "catalog.json": list(catalog.values()),
        "manifest.webmanifest": [manifest],
    }
    spoken = shell.language_files(tree) | {
        manifests.name_in(language): shell.integrity_of([text])
        for language, text in manifest_of.items()
        if language != manifests.ENGLISH
    }
    index_of = partial(_index, tree, client, branding, keep)
    body, worker = _shell(tree, runtime, index_of, kept, spoken)
    if not offline:
        body, worker = index_of(release=""), _text(TEMPLATES, "retire.js")
    texts = {INDEX: body, "api.js": api, "manifest.webmanifest": manifest, "sw.js": worker}
    documents = {name: _document(name, text) for name, text in texts.items()}
    for language, text in manifest_of.items():
        name = manifests.name_in(language)
        documents[name] = _document(name, text)
    return {**documents, "catalog.json": in_memory("catalog.json", catalog)}


def blueprint(generations: Generations) -> Blueprint:
    """Routes for the page, its manifest, its service worker, and /api.js."""
    pages = Blueprint("pages", __name__)

    @pages.before_app_request
    def complete_folder() -> Response | None:
        # Before routing: Werkzeug would redirect as well, but to an absolute URL.
        return None if request.environ.get("PATH_INFO") else _to_folder()

    @pages.get("/")
    def index() -> Response:
        return document(INDEX)

    @pages.get("/<any('api.js', 'manifest.webmanifest', 'sw.js'):name>")
    def document(name: str) -> Response:
        found = generations.current().documents[name]
        return send_current(found, realm=DOCUMENT_REALMS[name])

    @pages.get("/manifest.<language>.webmanifest")
    def manifest(language: str) -> Response:
        found = generations.current().documents.get(manifests.name_in(language))
        if found is None or language == manifests.ENGLISH:
            abort(404)
        return send_current(found, realm=Realm.CLOSED)

    return pages


def _to_folder() -> Response:
    """Redirect `/tools/mattebox` to `/tools/mattebox/`, where relative URLs resolve as meant.

    The target is relative itself: behind a proxy the server cannot know its own absolute path. The
    "./" keeps a colon in the name from reading as a scheme.
    """
    query = request.environ.get("QUERY_STRING", "")
    folder = request.environ.get("SCRIPT_NAME", "").rsplit("/", 1)[-1]
    target = f"./{quote(folder)}/" if folder else "./"
    headers = {"Location": f"{target}?{query}" if query else target, "Cache-Control": "no-store"}
    return Response(status=308, headers=headers)


def _shell(
    tree: AssetTree,
    runtime: Runtime,
    index_of: Callable[..., bytes],
    documents: Mapping[str, list[bytes]],
    spoken: Mapping[str, str],
) -> tuple[bytes, bytes]:
    """The page that knows its release, and the service worker that keeps exactly that page.

    index_of: the page of a `release`. documents: what is kept besides, by path; each in all the
    forms it may be sent in. spoken: files of languages, path -> integrity.
    """
    files = shell.lasting_files(tree, runtime)
    files |= {path: shell.integrity_of(bodies) for path, bodies in documents.items()}
    draft = {shell.PAGE: shell.integrity_of([index_of(release="")])}
    source = b"".join((TEMPLATES / name).read_bytes() for name in _WORKER)
    version = shell.version_of(tree, files | draft, source)
    page = index_of(release=version)
    files[shell.PAGE] = shell.integrity_of([page])
    realms = {tree.base + name: asset_realm(name) for name in tree.assets}
    realms |= {runtime.url(name): runtime_realm(name) for name in runtime.assets}
    realms[shell.PAGE] = Realm.PAGE
    opened = {
        path: realm.policy
        for path, realm in realms.items()
        if path in files and realm is not Realm.CLOSED
    }
    facts = {
        "version": version,
        "files": files,
        "languages": spoken,
        "policies": opened,
        "closed": Realm.CLOSED.policy,
    }
    return page, b"\n".join(_text(TEMPLATES, name, **facts) for name in _WORKER)


def _index(tree: AssetTree, client: Path, branding: Branding, keep: str, *, release: str) -> bytes:
    preload = [tree.base + module for module in tree.preload]
    facts = {"base": tree.base, "preload": preload, "branding": branding, "keep": keep}
    return _text(client, INDEX, release=release, **facts)


def _text(folder: Path, name: str, **facts: object) -> bytes:
    """Render a Jinja template. A name it uses that is not given is an error at start."""
    return _templates(folder).get_template(name).render(**facts).encode()


@cache
def _templates(folder: Path) -> Environment:
    """Of a folder: each is compiled once, and again where its file has changed."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )


def _document(name: str, body: bytes) -> Asset:
    return in_memory(name, dict.fromkeys(("identity", *ENCODINGS), body))


_ICON = re.compile(
    r"(?:icons/)?icon(?P<maskable>-maskable)?(?:-(?P<pixels>\d+))?(?P<suffix>\.png|\.svg)"
)


def manifest_icons(client: Path) -> list[dict[str, str]]:
    """Manifest entries for icon.svg, icons/icon-192.png, icons/icon-maskable-512.png and so on.

    The pictures are data: URLs. The page's img-src covers manifest icons and names no host, not
    even this one, since an image address can carry data away as well as a fetch can.
    """
    names = sorted(path.relative_to(client).as_posix() for path in client.rglob("icon*.*"))
    return [
        {
            "src": f"data:{MIME_TYPES[match['suffix']]};base64,{_base64(client / match[0])}",
            "type": MIME_TYPES[match["suffix"]],
            "sizes": f"{match['pixels']}x{match['pixels']}" if match["pixels"] else "any",
            "purpose": "maskable" if match["maskable"] else "any",
        }
        for name in names
        if (match := _ICON.fullmatch(name))
    ]


def _base64(path: Path) -> str:
    return b64encode(path.read_bytes()).decode()
