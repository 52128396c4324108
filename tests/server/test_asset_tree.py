"""The tree's digest, the import graph, and what a server says when files are missing."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest

from server.asset_tree import (
    RUNTIME_FILES,
    VENDOR_FILES,
    AssetTree,
    SetupError,
    import_graph,
    load_tree,
)
from server.config import Settings
from server.variants import VariantStore
from tests.server import toy_site
from tests.server.conftest import serving


def tree_of(settings: Settings, salt: str = "") -> AssetTree:
    store = VariantStore(settings.variants, settings.brotli_quality)
    return load_tree(settings.client, settings.node_modules, store, salt)


def test_the_tree_holds_client_and_vendor_files(tmp_path: Path) -> None:
    tree = tree_of(toy_site.build(tmp_path))
    expected = {name for name in toy_site.CLIENT if name != "index.html"} | set(VENDOR_FILES)
    assert set(tree.assets) == expected


def test_hidden_files_and_the_worker_template_are_left_out(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    before = tree_of(settings)
    for name in (".DS_Store", "ui/.view.js.swp", ".git/config.js", "sw.js"):
        toy_site.write(settings.client / name, b"x")
    assert tree_of(settings) == before


@pytest.mark.parametrize(
    "name", ["client/ui/view.js", "node_modules/@jsquash/webp/codec/enc/webp_enc_simd.js"]
)
def test_one_byte_changes_the_digest(tmp_path: Path, name: str) -> None:
    settings = toy_site.build(tmp_path)
    before = tree_of(settings).digest
    assert tree_of(settings).digest == before
    file = tmp_path / name
    file.write_bytes(file.read_bytes() + b"\n")
    assert tree_of(settings).digest != before


def test_a_new_name_or_another_policy_changes_the_digest(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    before = tree_of(settings).digest
    assert tree_of(settings, salt="other headers").digest != before
    # The order of the files stays the same, only the name differs.
    (settings.client / "icons/icon.svg").rename(settings.client / "icons/icon2.svg")
    assert tree_of(settings).digest != before


def test_the_page_follows_a_change_after_a_restart(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    with serving(toy_site.start(settings), tmp_path) as site:
        old, etag = site.catalog()["tree"], site.ask("/").headers["etag"]
    toy_site.write(settings.client / "ui/view.js", b"export function start() { return 1; }\n")
    with serving(toy_site.start(settings), tmp_path) as site:
        new = site.catalog()["tree"]
        assert site.ask("/", If_None_Match=etag).status == 200
        assert site.ask(f"/assets/{old}/main.js").status == 404
        assert site.ask(f"/assets/{new}/main.js").status == 200


MODULES = {
    "main.js": """
/** @typedef {import("./types-only.js").T} T */
// import "./commented.js";
/*
import "./commented-too.js";
*/
import { a,
  b as c } from "./a.js";
import d, * as e from './sub/d.js';
import "./styles-by-effect.js"
export * from "./f.js";
export { g } from "./a.js";
export const text = 'x';
export function h() { return import("./lazy.js"); }
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
console.log("import './string.js' from");
""",
    "a.js": 'import{z}from"./sub/z.js";\n',
    "sub/d.js": 'import { a } from "../a.js";\nimport "./z.js";\n',
    "sub/z.js": 'import "../main.js"; // a cycle\n',
    "styles-by-effect.js": "",
    "f.js": "export default class F {}\n",
    "lazy.js": "",
    "worker.js": "",
}


def modules(folder: Path, texts: dict[str, str]) -> dict[str, Path]:
    for name, text in texts.items():
        toy_site.write(folder / name, text.encode())
    return {name: folder / name for name in texts}


def test_the_import_graph_is_what_a_browser_must_fetch(tmp_path: Path) -> None:
    graph = import_graph(modules(tmp_path, MODULES), "main.js")
    assert graph == (
        "main.js",
        "a.js",
        "sub/d.js",
        "styles-by-effect.js",
        "f.js",
        "sub/z.js",
    )


@pytest.mark.parametrize("specifier", ["./gone.js", "../outside.js", "bare-name", "/main.js"])
def test_an_import_that_leads_nowhere_stops_the_start(tmp_path: Path, specifier: str) -> None:
    sources = modules(tmp_path, {"main.js": f'import x from "{specifier}";\n'})
    with pytest.raises(SetupError, match=specifier):
        import_graph(sources, "main.js")


def test_missing_npm_files_stop_the_start_with_the_command_to_run(tmp_path: Path) -> None:
    packages = [*VENDOR_FILES.values(), "onnxruntime-web/package.json"]
    packages += [f"onnxruntime-web/dist/{name}" for name in RUNTIME_FILES]
    for name in packages:
        settings = toy_site.build(tmp_path)
        (settings.node_modules / name).unlink()
        with pytest.raises(SetupError, match=r"is missing.*`make run` or `npm ci`") as error:
            toy_site.start(settings)
        assert name in str(error.value)


def test_a_missing_page_stops_the_start(tmp_path: Path) -> None:
    for name in ("index.html", "main.js"):
        settings = toy_site.build(tmp_path)
        (settings.client / name).unlink()
        with pytest.raises(SetupError, match=name):
            toy_site.start(settings)


def test_a_file_without_a_media_type_stops_the_start(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    toy_site.write(settings.client / "notes.xyz", b"x")
    with pytest.raises(SetupError, match=r"notes\.xyz.*'\.xyz'"):
        toy_site.start(settings)


def test_the_manifest_of_each_language(tmp_path: Path) -> None:
    with serving(toy_site.start(toy_site.build(tmp_path)), tmp_path) as site:
        manifest = json.loads(site.ask("/manifest.de.webmanifest").body)
        assert (manifest["lang"], manifest["description"]) == ("de", "Ohne Hintergrund")
        assert json.loads(site.ask("/manifest.webmanifest").body)["lang"] == "en"
        # One address each.
        assert site.ask("/manifest.en.webmanifest").status == 404
        assert site.ask("/manifest.xx.webmanifest").status == 404


def test_the_manifest_lists_the_icons(tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    toy_site.write(settings.client / "icons/icon-maskable-512.png", b"x")
    with serving(toy_site.start(settings), tmp_path) as site:
        manifest = json.loads(site.ask("/manifest.webmanifest").body)
    assert manifest["start_url"] == "./"
    fields = ("type", "sizes", "purpose")
    assert [tuple(icon[field] for field in fields) for icon in manifest["icons"]] == [
        ("image/png", "192x192", "any"),
        ("image/png", "512x512", "maskable"),
        ("image/svg+xml", "any", "any"),
    ]
    # img-src allows data: and no address, so that is what a browser can load.
    assert [icon["src"] for icon in manifest["icons"]] == [
        f"data:{mime};base64,{b64encode(data).decode()}"
        for mime, data in (
            ("image/png", toy_site.CLIENT["icons/icon-192.png"].encode()),
            ("image/png", b"x"),
            ("image/svg+xml", b"<svg/>"),
        )
    ]


@pytest.mark.parametrize("offline", [True, False])
def test_photos_are_shared_with_the_service_worker_or_not_at_all(
    tmp_path: Path, offline: bool
) -> None:
    settings = toy_site.build(tmp_path, offline=offline)
    with serving(toy_site.start(settings), tmp_path) as site:
        manifest = json.loads(site.ask("/manifest.webmanifest").body)
        assert ("share_target" in manifest) == offline
        assert site.ask("/share", "POST", b"a photo").status == 405
