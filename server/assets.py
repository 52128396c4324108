"""GET /assets/<tree digest>/... and /runtime/<version>/...: what the browser runs."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from server.asset_tree import AssetTree, Runtime
from server.files import send_immutable
from server.headers import asset_realm, runtime_realm
from server.media import mime_type


def blueprint(tree: AssetTree, runtime: Runtime) -> Blueprint:
    """Routes over the two tables. Raises SetupError for a file without a known media type."""
    assets = Blueprint("assets", __name__)
    for name in [*tree.assets, *runtime.assets]:
        mime_type(name)

    @assets.get("/assets/<digest>/<path:name>")
    def asset(digest: str, name: str) -> Response:
        if digest != tree.digest or name not in tree.assets:
            abort(404)
        return send_immutable(tree.assets[name], realm=asset_realm(name))

    @assets.get("/runtime/<version>/<name>")
    def runtime_file(version: str, name: str) -> Response:
        if version != runtime.version or name not in runtime.assets:
            abort(404)
        return send_immutable(runtime.assets[name], realm=runtime_realm(name))

    return assets
