"""Which files the browser gets from /assets and /runtime, fixed before the first request.

Invariant: a URL under /assets/<tree digest>/ never changes its bytes. The digest covers every path
and every content, so relative imports stay valid in the page and in workers alike. No Flask here.
"""

from __future__ import annotations

import hashlib
import json
import logging
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from server.plain_modules import module_text
from server.variants import Asset, VariantStore

_log = logging.getLogger(__name__)

# Never the default (JSEP) build: past 8 storage buffers it returns zeros without an exception.
BUILDS = {"wasm": "", "jspi": ".jspi", "asyncify": ".asyncify"}
"""The builds of ONNX Runtime Web by what people call them, and what their files are called by."""

RUNTIME_FILES = tuple(
    f"ort-wasm-simd-threaded{infix}.{suffix}"
    for infix in BUILDS.values()
    for suffix in ("mjs", "wasm")
)
_PLAIN_BUILD = f"ort-wasm-simd-threaded{BUILDS['wasm']}.wasm"
VENDOR_FILES = {
    **{
        f"vendor/onnxruntime-web/ort.{api}.min.mjs": f"onnxruntime-web/dist/ort.{api}.min.mjs"
        for api in ("wasm", "jspi", "webgpu")  # "webgpu" is asyncify's
    },
    "vendor/jsquash-webp/webp_enc_simd.js": "@jsquash/webp/codec/enc/webp_enc_simd.js",
    "vendor/jsquash-webp/webp_enc_simd.wasm": "@jsquash/webp/codec/enc/webp_enc_simd.wasm",
    "vendor/jsquash-avif/avif_enc.js": "@jsquash/avif/codec/enc/avif_enc.js",
    "vendor/jsquash-avif/avif_enc.wasm": "@jsquash/avif/codec/enc/avif_enc.wasm",
    "vendor/jsquash-jxl/jxl_dec.js": "@jsquash/jxl/codec/dec/jxl_dec.js",
    "vendor/jsquash-jxl/jxl_dec.wasm": "@jsquash/jxl/codec/dec/jxl_dec.wasm",
    "vendor/magick-wasm/index.js": "@imagemagick/magick-wasm/dist/index.js",
    "vendor/magick-wasm/magick.wasm": "@imagemagick/magick-wasm/dist/x86/magick.wasm",
    "vendor/jsquash-avif-dec/avif_dec.js": "@jsquash/avif/codec/dec/avif_dec.js",
    "vendor/jsquash-avif-dec/avif_dec.wasm": "@jsquash/avif/codec/dec/avif_dec.wasm",
    "vendor/libheif/libheif.js": "libheif-js/libheif-wasm/libheif.js",
    "vendor/libheif/libheif.wasm": "libheif-js/libheif-wasm/libheif.wasm",
    # Published as a part of the package, not by its entry: all of libheif in one script.
    "vendor/heic-to/libheif.js": "heic-to/src/lib/libheif-without-unsafe-eval.js",
    "vendor/lcms-wasm/lcms.min.js": "lcms-wasm/dist/lcms.min.js",
    "vendor/lcms-wasm/lcms.wasm": "lcms-wasm/dist/lcms.wasm",
    "vendor/fzstd/index.mjs": "fzstd/esm/index.mjs",
    "vendor/idb/index.js": "idb/build/index.js",
    "vendor/tokenizers/tokenizers.min.mjs": "@huggingface/tokenizers/dist/tokenizers.min.mjs",
    "vendor/client-zip/index.js": "client-zip/index.js",
    **{
        f"vendor/noble-hashes/{name}": f"@noble/hashes/{name}"
        for name in ("sha2.js", "_md.js", "_u64.js", "utils.js")
    },
}

CODECS = {
    "webp": "vendor/jsquash-webp/webp_enc_simd.wasm",
    "avif": "vendor/jsquash-avif/avif_enc.wasm",
    "avif-reader": "vendor/jsquash-avif-dec/avif_dec.wasm",
    "heif": "vendor/libheif/libheif.wasm",
    "magick": "vendor/magick-wasm/magick.wasm",
    "jxl": "vendor/jsquash-jxl/jxl_dec.wasm",
    "lcms": "vendor/lcms-wasm/lcms.wasm",
}
"""Binaries that read or write a kind of file. They are brought when needed."""

ENTRY_MODULE = "main.js"
INDEX = "index.html"
# Rendered or mutable, so not part of what is served as immutable.
_NOT_IN_TREE = frozenset({INDEX, "sw.js"})


class SetupError(RuntimeError):
    """The server cannot start; the message says which file is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class AssetTree:
    """client/ with the npm files laid over it. `preload`: main.js and all it imports statically."""

    digest: str
    assets: dict[str, Asset]
    preload: tuple[str, ...]

    def take_forms(self, other: AssetTree) -> None:
        """Send the files in the forms that they have in `other`, a tree of the same digest."""
        if other.digest == self.digest:
            self.assets.update(other.assets)

    @property
    def base(self) -> str:
        """Path of the tree relative to the site root, with a slash at the end."""
        return f"assets/{self.digest}/"


@dataclass(frozen=True, slots=True)
class Runtime:
    """The allow-listed ONNX Runtime Web files of one version, by file name."""

    version: str
    assets: dict[str, Asset]

    def take_forms(self, other: Runtime) -> None:
        """Send the files in the forms that they have in `other`, of the same files."""
        same = {name: asset.digest for name, asset in other.assets.items()}
        if same == {name: asset.digest for name, asset in self.assets.items()}:
            self.assets.update(other.assets)

    def url(self, name: str) -> str:
        """Path of a runtime file relative to the site root."""
        return f"runtime/{self.version}/{name}"


def load_tree(client: Path, node_modules: Path, store: VariantStore, salt: str = "") -> AssetTree:
    """Digest client/ and the vendor files. `salt` is mixed into the digest.

    The client's modules are sent without their comments, where that can be kept in the store.
    Raises SetupError for a missing file or an import that leads nowhere.
    """
    ours = _client_files(client)
    sources = ours | _npm_files(node_modules, VENDOR_FILES)
    if ENTRY_MODULE not in sources or not (client / INDEX).is_file():
        raise SetupError(f"{client} must hold {INDEX} and {ENTRY_MODULE}")
    sent = sources | {name: _plain(path, store) for name, path in ours.items()}
    assets = store.assets(dict(sorted(sent.items())))
    lines = [f"{name} {asset.digest.sha256}" for name, asset in assets.items()]
    digest = hashlib.sha256("\n".join([salt, *lines]).encode()).hexdigest()
    return AssetTree(digest[:20], assets, import_graph(sources, ENTRY_MODULE))


def load_runtime(node_modules: Path, store: VariantStore) -> Runtime:
    """Digest the runtime files. Raises SetupError when npm has not been run."""
    names = {name: f"onnxruntime-web/dist/{name}" for name in RUNTIME_FILES}
    sources = _npm_files(node_modules, {**names, "package.json": "onnxruntime-web/package.json"})
    version = json.loads(sources.pop("package.json").read_bytes())["version"]
    assets = store.assets(sources)
    if not store.makes:
        # A first visitor would be asked before it as it is: 14.2 MB for 2.7, made once in 2 s.
        assets[_PLAIN_BUILD] = replace(store, makes=True).asset(_PLAIN_BUILD, sources[_PLAIN_BUILD])
    return Runtime(version, assets)


def _plain(path: Path, store: VariantStore) -> Path:
    if path.suffix != ".js":
        return path
    try:
        return store.keep(module_text(path).encode(), path.suffix)
    except ValueError as error:
        raise SetupError(f"{path} is no module: {error}") from error
    except OSError as error:
        _log.warning("%s is sent with its comments: %s", path, error)
        return path


def _client_files(client: Path) -> dict[str, Path]:
    found = {path.relative_to(client): path for path in client.rglob("*") if path.is_file()}
    visible = {p.as_posix(): path for p, path in found.items() if not _is_hidden(p)}
    return {name: path for name, path in visible.items() if name not in _NOT_IN_TREE}


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _npm_files(node_modules: Path, names: Mapping[str, str]) -> dict[str, Path]:
    sources = {name: node_modules / source for name, source in names.items()}
    for path in sources.values():
        if not path.is_file():
            raise SetupError(f"{path} is missing; install the npm packages: `make run` or `npm ci`")
    return sources


_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
# A static import or re-export; an import clause holds names, braces, commas and stars only, which
# keeps `import(...)` and `export function` out.
_STATIC_IMPORT = re.compile(
    r"""^\s*(?:import\s*|(?:import|export)\b[\w$\s{},*]+?\bfrom\s*)["']([^"']+)["']""",
    re.MULTILINE,
)


def import_graph(sources: Mapping[str, Path], entry: str) -> tuple[str, ...]:
    """Names of the modules a browser must fetch to run `entry`, breadth first, entry included.

    Dynamic imports and workers are not followed. Raises SetupError for an import of a file the
    tree does not have: the page would stay blank.
    """
    seen = [entry]
    for module in seen:  # grows while it is walked
        text = _COMMENT.sub("", sources[module].read_text(encoding="utf-8"))
        for specifier in _STATIC_IMPORT.findall(text):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(module), specifier))
            if not specifier.startswith(("./", "../")) or target not in sources:
                raise SetupError(f"{sources[module]} imports {specifier!r}, which is not served")
            if target not in seen:
                seen.append(target)
    return tuple(seen)
