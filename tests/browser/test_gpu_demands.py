"""What the catalog asks of a GPU is what ONNX Runtime Web really asks of one, and no more."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import onnx
import pytest

from model_store import catalog
from model_store.folding import fold
from model_store.pipeline import Pipeline
from model_store.rewrite import rewrite
from tests.harness import browsers
from tests.rehearsal.birefnet import Twin
from tests.rehearsal.segment_store import rehearse

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "node_modules" / "onnxruntime-web" / "dist"
SCRIPT = (HERE / "gpu_demands.js").read_text()


class Handler(SimpleHTTPRequestHandler):
    """Serves the runtime as npm has it, and one graph, without any policy.

    In the product no page and no worker has both the GPU and the network.
    """

    def __init__(self, *args: object, graph: Path) -> None:
        self._graph = graph
        super().__init__(*args)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        name = urlsplit(path).path
        if name == "/graph.onnx":
            return str(self._graph)
        return str(RUNTIME / Path(name).name)

    def guess_type(self, path: object) -> str:
        return "text/javascript" if str(path).endswith(".mjs") else "application/wasm"

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving(graph: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, graph=graph)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.usefixtures("_chromium_is_here")
def test_the_runtime_asks_for_what_the_catalog_says() -> None:
    (model,) = (model for model in catalog.load().models if model.id == "u2netp")
    limits = model.requirements.webgpu_limits
    given = {
        "name": model.input.name,
        "shape": list(model.input.shape),
        "limits": dict(limits),
    }
    with (
        serving(model.files[0].path) as site,
        browsers.chromium(browsers.SOFTWARE_GPU) as driver,
    ):
        driver.get(f"{site}nothing")  # an error page is as good as any
        seen = driver.execute_async_script(SCRIPT, given)
    assert seen == {
        "buffer": limits["maxBufferSize"],
        "binding": limits["maxStorageBufferBindingSize"],
        "storage": limits["maxStorageBuffersPerShaderStage"],
        "errors": [],
        "dims": list(model.output.shape),
    }


@pytest.mark.usefixtures("_chromium_is_here")
def test_all_of_birefnet_has_its_place_on_a_gpu_once_it_is_rewritten(tmp_path: Path) -> None:
    graph = tmp_path / "twin.onnx"
    onnx.save(rewrite(fold(Twin(64, width=12).model()), restore=False), graph)
    with serving(graph) as site, browsers.chromium(browsers.SOFTWARE_GPU) as driver:
        driver.set_script_timeout(120)
        driver.get(f"{site}nothing")
        given = {"name": "input_image", "shape": [1, 3, 64, 64], "limits": {}, "isRun": False}
        assert driver.execute_async_script(SCRIPT, given) == {"isMade": True}


@pytest.mark.usefixtures("_chromium_is_here")
@pytest.mark.parametrize("role", ["encoder", "decoder"])
def test_all_of_edgetam_has_its_place_on_a_gpu_as_it_is_installed(
    tmp_path: Path, role: str
) -> None:
    """Its labels are of 64 bits upstream."""
    entry = rehearse(tmp_path, "edgetam").pull("edgetam")
    assert isinstance(entry, Pipeline)
    path = next(entry.files_of(graph)[0].path for graph in entry.graphs if graph.role == role)
    graph = tmp_path / "twin.onnx"
    onnx.save(onnx.load(path), graph)
    with serving(graph) as site, browsers.chromium(browsers.SOFTWARE_GPU) as driver:
        driver.set_script_timeout(120)
        driver.get(f"{site}nothing")
        given = {"name": "", "shape": [], "limits": {}, "isRun": False}
        assert driver.execute_async_script(SCRIPT, given) == {"isMade": True}
