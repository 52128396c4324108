"""Mattebox's server: it hands out HTML, JavaScript and model files and accepts nothing."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask, current_app, request
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from model_store import catalog
from server import assets, cli, doctor, headers, health, manifest, metrics, models, pages, shell
from server.afterwards import Afterwards
from server.asset_tree import AssetTree, Runtime, SetupError, load_runtime
from server.config import Settings
from server.digest_memory import DigestMemory
from server.generations import PAUSING, Generation, Generations
from server.handover import handover_of
from server.held import HeldFiles
from server.offered import FILES, PREFIX
from server.variants import VariantStore

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__version__ = "0.1.0"

_UNCOUNTED = "%s: what a run demands is not recorded, so no GPU is offered; `flask models verify`"


def create_app(config: Settings | None = None, *, at_once: bool = False) -> Flask:
    """The application, with everything it will ever serve already digested.

    config: None reads MATTEBOX_* from the environment. at_once: believe the digests that the last
    start has kept, and serve files as they are where compressed forms are missing, but for the
    binary that every visitor needs; both are made good in the background once it serves.
    Raises ConfigError, SetupError (files missing) or CatalogError (models that are not what the
    catalog says): a server that starts is one whose every URL works.
    """
    settings = config or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.logger.setLevel(logging.INFO)  # slow steps of the start are said once, at this level
    cli.register(app, settings, create_app)
    if cli.mends_the_store():
        return app  # without any route: nothing is served by a command
    # A path with "//" is unknown, not a reason to redirect to an absolute URL.
    app.url_map.merge_slashes = False

    memory = DigestMemory(settings.variants / "digests.json") if at_once else None
    store = VariantStore(settings.variants, settings.brotli_quality, memory, makes=not at_once)
    runtime = load_runtime(settings.node_modules, store)
    salt = headers.fingerprint()
    tree = shell.load_site(settings.client, settings.node_modules, store, salt)
    generations = _generations(app, settings, tree, runtime, memory)
    damaged: set[str] = set()

    app.extensions["handover"] = handover_of(settings)
    app.extensions["damaged"] = damaged
    app.extensions[PREFIX] = settings.prefix
    app.extensions[FILES] = [
        *(tree.base + name for name in tree.assets),
        *(runtime.url(name) for name in runtime.assets),
        *(
            manifest.name_in(tag)
            for tag in manifest.words(settings.client)
            if tag != manifest.ENGLISH
        ),
    ]
    app.extensions[doctor.ASSETS] = [*tree.assets.values(), *runtime.assets.values()]
    app.register_blueprint(pages.blueprint(generations))
    app.register_blueprint(assets.blueprint(tree, runtime))
    app.register_blueprint(models.blueprint(generations))
    app.register_blueprint(health.blueprint(tree, runtime, generations, damaged))
    app.register_error_handler(OSError, _refuse_file)
    if settings.metrics:
        app.register_blueprint(metrics.blueprint(__version__))
    served: WSGIApplication = headers.Gate(_mounted(app.wsgi_app, settings.prefix))
    if settings.metrics:
        served = metrics.Counting(served, settings.prefix)
    if memory is None:
        app.wsgi_app = served  # type: ignore[method-assign, assignment]
        return app

    def make_good() -> None:
        whole = replace(store, makes=True, alone=True)
        if not _are_compressed(tree, runtime, whole):
            runtime.take_forms(load_runtime(settings.node_modules, whole))
            tree.take_forms(shell.load_site(settings.client, settings.node_modules, whole, salt))
            generations.renew()
        memory.save()
        damaged.update(memory.doubts())

    app.wsgi_app = Afterwards(served, make_good, settings.variants / ".lock")  # type: ignore[method-assign]
    return app


def _are_compressed(tree: AssetTree, runtime: Runtime, store: VariantStore) -> bool:
    """Whether every file that gains by it has been compressed, or tried."""
    files = [*tree.assets.values(), *runtime.assets.values()]
    return all(store.is_complete(asset) for asset in files)


def _generations(
    app: Flask, settings: Settings, tree: AssetTree, runtime: Runtime, memory: DigestMemory | None
) -> Generations:
    """What follows from the models that are installed, made anew whenever these change."""
    held = HeldFiles(memory)
    load = catalog.load

    def make() -> Generation:
        known = load(settings.model_store, held.digest, settings.default_model)
        offered: tuple[catalog.Model | catalog.Pipeline, ...] = (*known.models, *known.others)
        for uncounted in (model.id for model in offered if model.gflop is None):
            app.logger.warning(_UNCOUNTED, uncounted)
        documents = models.catalog_documents(known, tree, runtime, __version__)
        files = models.model_files(known, held)
        held.keep_only({file.path for model in offered for file in model.files})
        if memory:
            memory.save()
        rendered = pages.render(
            tree,
            runtime,
            settings.client,
            documents,
            offline=settings.offline,
            branding=settings.branding,
            keep=settings.keep,
        )
        return Generation(rendered, files)

    refusals = (catalog.CatalogError, SetupError, OSError)
    generations = Generations(catalog.lock_file(settings.model_store), make, refusals)
    # Whoever serves by other means than threads sets the `pause` of each.
    app.extensions[PAUSING] = (generations, held)
    return generations


def _refuse_file(error: OSError) -> tuple[str, int, dict[str, str]]:
    """A file is missing, has changed or cannot be read: one line in the log, and no wrong byte."""
    current_app.logger.error("%s refused: %s", request.path, error)
    return "500 Internal Server Error\n", 500, {"Content-Type": "text/plain; charset=utf-8"}


def _mounted(wsgi_app: WSGIApplication, prefix: str) -> WSGIApplication:
    """Put the application under its prefix.

    A proxy that strips the path needs no setting, and X-Forwarded-* is never read: no response
    holds a host, a scheme or an absolute path that such a header could correct (or forge).
    """
    return DispatcherMiddleware(NotFound(), {prefix: wsgi_app}) if prefix else wsgi_app
