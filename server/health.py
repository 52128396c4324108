"""GET /healthz (the process answers) and /readyz (what it serves is there, as it was digested)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from flask import Blueprint, Response, current_app

from server.asset_tree import AssetTree, Runtime
from server.facts import facts_of
from server.generations import Generations
from server.held import HeldFile
from server.variants import Asset, Representation


def blueprint(
    tree: AssetTree, runtime: Runtime, generations: Generations, damaged: Set[str]
) -> Blueprint:
    """Routes over all that is served. damaged: SHA-256 of what has turned out to be wrong."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        return _plain("ok", 200)

    @health.get("/readyz")
    def readyz() -> Response:
        models = generations.current().files.values()
        found = list(_problems([*tree.assets.values(), *runtime.assets.values(), *models], damaged))
        for problem in found:
            current_app.logger.error("not ready: %s", problem)
        return _plain("\n".join(found) or "ok", 503 if found else 200)

    return health


def _problems(assets: Iterable[Asset], damaged: Set[str]) -> Iterator[str]:
    """A line for each file that would be refused. A few hundred `stat`, some milliseconds."""
    for asset in assets:
        for form in (asset.identity, *asset.variants):
            wrong = "is not what was digested" if form.etag in damaged else ""
            if problem := wrong or _problem(form):
                kind = "" if form.encoding == "identity" else f", {form.encoding}"
                yield f"{asset.name}{kind}: {problem}"


def _problem(form: Representation) -> str:
    if isinstance(form.body, bytes) or form.facts is None:
        return ""
    # A file that is held open is also looked for by its name: the next start needs it there.
    named = form.body.path if isinstance(form.body, HeldFile) else form.body
    try:
        same = facts_of(form.body) == facts_of(named) == form.facts
    except OSError:
        return "is missing"
    return "" if same else "has changed since it was digested"


def _plain(text: str, status: int) -> Response:
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    return Response(text, status, headers)
