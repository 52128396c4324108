"""IS-Net, installed by command and run in the page: `make test-pull`, not part of `make test`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from selenium.webdriver import Chrome

from model_store import catalog, install, native, sources
from model_store.progress import Silence
from tests.fixtures import fusion, isnet, reference
from tests.harness.driving import call, cut_out, forget_everything
from tests.harness.shipped_store import shipped_store
from tests.harness.site import Site
from tests.harness.store_site import serving_store

log = logging.getLogger(__name__)
Run = reference.Run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own: the shipped catalog, u2netp, and IS-Net pulled for real."""
    root = shipped_store(tmp_path_factory.mktemp("store"))
    install.pull(root, "isnet", Silence(), root / "cache")
    return root


@pytest.fixture(scope="module")
def site(store: Path) -> Iterator[Site]:
    with serving_store(store) as running:
        yield running


@pytest.fixture(scope="module")
def upstream(store: Path) -> native.Session:
    """The file as it was published, not as it is shipped."""
    entry = next(one for one in catalog.load(store).models if one.id == "isnet")
    path = sources.fetch(entry.sources[0], store / "cache")
    return native.session(path)


@pytest.fixture(scope="module")
def duo(store: Path) -> Duo:
    entry = next(one for one in catalog.load(store).offers if one.id == "isnet-duo")
    assert entry.fusion
    (detail, presence) = (part.model for part in entry.parts)
    return Duo(
        runner(detail.files[0].path, detail.dimensions),
        reference.runner(presence.files[0].path),
        detail.input.shape[2],
        entry.fusion.threshold,
    )


def runner(graph: Path, dimensions: Mapping[str, int]) -> Run:
    session = native.session(graph, dimensions)

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        (output,) = session.run(["output"], {"input": tensor})
        return output

    return run


def matte_of(session: native.Session, photo: Path) -> np.ndarray:
    """At the photo's size, 0..255, without any of the product's code."""
    (output,) = session.run(["output"], {"input": isnet.tensor_of(photo)})
    return reference.full_matte(output[0, 0], reference.upright(photo).size).astype(float)


@dataclass(frozen=True)
class Duo:
    """Both graphs run natively, and the numbers of the catalog's rule."""

    detail: Run
    presence: Run
    side: int
    threshold: float

    def matte(self, photo: Path) -> NDArray[np.float64]:
        """At the photo's size, 0..255."""
        image = reference.upright(photo)
        detail = self.detail(isnet.tensor_of(photo, self.side))[0, 0]
        presence = reference.small_matte(image, self.presence)
        fused = fusion.fused(detail, presence, self.threshold)
        return reference.full_matte(fused, image.size).astype(float)


@pytest.mark.pull
@pytest.mark.timeout(900)
def test_isnet_duo_in_the_page(chromium: Chrome, site: Site, duo: Duo) -> None:
    chromium.get(site.url())
    forget_everything(chromium, site)
    chromium.set_script_timeout(170)
    call(chromium, "download", {"model": "u2netp"})
    [large] = [
        part
        for part in call(chromium, "offer", {"model": "isnet-duo"})["parts"]
        if not part["stored"]
    ]
    assert large["name"] == "isnet.onnx"
    for name in ("chelsea.png", "flower.jpg", "astronaut-sideways.jpg"):
        photo = reference.FIXTURES / "photos" / name
        result = cut_out(chromium, photo, model="isnet-duo", output={"refine": False})
        true = duo.matte(photo)
        difference = float(np.abs(result.grey() - true).mean())
        agreed, either = (
            (result.grey() >= 128) & (true >= 128),
            (result.grey() >= 128) | (true >= 128),
        )
        log.info(
            "%s: mean %.3f of 255, IoU %.4f, %s ms",
            name,
            difference,
            agreed.sum() / either.sum(),
            result.report["ms"]["run"],
        )
        assert difference <= 2
        assert agreed.sum() >= 0.99 * either.sum()
    # The graph is here; alone it runs at another size.
    assert call(chromium, "offer", {"model": "isnet"})["download"] == 0


@pytest.mark.pull
@pytest.mark.timeout(900)
def test_isnet_in_the_page(
    chromium: Chrome, site: Site, store: Path, upstream: native.Session
) -> None:
    chromium.get(site.url())
    forget_everything(chromium, site)
    chromium.set_script_timeout(170)
    size = (store / "weights" / "isnet" / "isnet.onnx").stat().st_size
    parts = {part["role"]: part for part in call(chromium, "offer", {"model": "isnet"})["parts"]}
    assert parts["model"]["bytes"] == parts["model"]["download"] == size
    for name in ("chelsea.png", "flower.jpg", "astronaut-sideways.jpg"):
        photo = reference.FIXTURES / "photos" / name
        result = cut_out(chromium, photo, model="isnet", output={"refine": False})
        difference = float(np.abs(result.grey() - matte_of(upstream, photo)).mean())
        log.info("%s: mean %.3f of 255, %s ms", name, difference, result.report["ms"]["run"])
        assert difference <= 2
