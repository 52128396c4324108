"""IS-Net, installed by command and run in the page: `make test-pull`, not part of `make test`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from selenium.webdriver import Chrome

from model_store import catalog, install, sources
from model_store.progress import Silence
from server import create_app
from tests.browser.conftest import forget_everything
from tests.browser.driving import call, cut_out
from tests.browser.site import Site, serving
from tests.fixtures import isnet, reference

log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own: the shipped catalog, u2netp, and IS-Net pulled for real."""
    root = isnet.empty_store(tmp_path_factory.mktemp("store"))
    install.pull(root, "isnet", Silence(), root / "cache")
    return root


@pytest.fixture(scope="module")
def site(store: Path) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATTEBOX_MODEL_STORE", str(store))
        app = create_app()
    with serving(app) as running:
        yield running


@pytest.fixture(scope="module")
def upstream(store: Path) -> ort.InferenceSession:
    """The file as it was published, not as it is shipped."""
    entry = next(one for one in catalog.load(store).models if one.id == "isnet")
    path = sources.fetch(entry.sources[0], store / "cache")
    return ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def matte_of(session: ort.InferenceSession, photo: Path) -> np.ndarray:
    """At the photo's size, 0..255, without any of the product's code."""
    (output,) = session.run(["output"], {"input": isnet.tensor_of(photo)})
    return reference.full_matte(output[0, 0], reference.upright(photo).size).astype(float)


@pytest.mark.pull
@pytest.mark.timeout(900)
def test_isnet_in_the_page(
    chromium: Chrome, site: Site, store: Path, upstream: ort.InferenceSession
) -> None:
    chromium.get(site.url())
    forget_everything(chromium, site)
    chromium.set_script_timeout(170)
    size = (store / "weights" / "isnet" / "isnet.onnx").stat().st_size
    parts = {part["role"]: part for part in call(chromium, "offer", {"model": "isnet"})["parts"]}
    assert parts["model"]["bytes"] == parts["model"]["download"] == size
    for name in ("chelsea.png", "flower.jpg", "astronaut-sideways.jpg"):
        photo = reference.FIXTURES / "photos" / name
        result = cut_out(chromium, photo, model="isnet")
        difference = float(np.abs(result.grey() - matte_of(upstream, photo)).mean())
        log.info("%s: mean %.3f of 255, %s ms", name, difference, result.report["ms"]["run"])
        assert difference <= 2
