"""A model of several parts: one matte, shared files, and each part checked by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import Chrome

from tests.harness import tiny_parts
from tests.harness.driving import Cutout, PageError, call, cut_out
from tests.harness.sabotage import bare_page
from tests.harness.site import Site
from tests.harness.tiny_model import AS_DRAWN
from tests.harness.tiny_parts import BOTH, TWICE

FINE, SURE = (len(tiny_parts.graph(name)) for name in ("fine", "sure"))


@pytest.fixture(scope="module")
def stocked(chromium: Chrome, site: Site) -> Chrome:
    """A device that has what any model needs."""
    site.faults.clear()
    offered(chromium, site)
    call(chromium, "download", {"model": "sure"})
    return chromium


@pytest.fixture
def shop(stocked: Chrome, site: Site) -> Chrome:
    """A page with the seam alone that offers tiny models, on a device that has none stored."""
    site.faults.clear()
    offered(stocked, site)
    for file in call(stocked, "stored")["files"]:
        if file["name"].endswith(".onnx"):
            call(stocked, "forget", {"sha256": file["sha256"]})
    site.requests.clear()
    return stocked


def offered(
    driver: Chrome, site: Site, change: Callable[[dict[str, Any]], None] | None = None
) -> None:
    """The page, opened anew, with these models in its catalog."""
    tiny_parts.offer(site, change)
    driver.get(bare_page(site))


def cut(driver: Chrome, model: str, number: int = 1, **options: Any) -> Cutout:
    return cut_out(driver, tiny_parts.photo(number)[0], model=model, output=AS_DRAWN, **options)


def assert_true(result: Cutout, parts: tuple[tuple[str, int], ...], number: int = 1) -> None:
    true = tiny_parts.true_matte(tiny_parts.photo(number)[1], parts)
    assert np.abs(result.grey() / 255 - true).max() < 0.01


def test_two_parts_make_one_matte(shop: Chrome) -> None:
    for number in (1, 2):
        assert_true(cut(shop, "both", number), BOTH, number)
    detail = tiny_parts.drawn("fine", tiny_parts.photo(1)[1], 32)
    # The presence has a say in it, or this would prove nothing.
    assert np.abs(tiny_parts.true_matte(tiny_parts.photo(1)[1], BOTH) - detail).max() > 0.1


def test_one_graph_at_two_sizes_is_fetched_once(shop: Chrome, site: Site) -> None:
    result = cut(shop, "twice")
    assert_true(result, TWICE)
    assert len([path for path in site.requests if path.endswith("/fine.onnx")]) == 1
    sizes = [part["bytes"] for part in call(shop, "offer", {"model": "twice"})["parts"]]
    assert sizes.count(FINE) == 1
    assert result.report["bytes"]["received"] == FINE


def test_parts_are_shared_with_the_models_they_are_alone(shop: Chrome, site: Site) -> None:
    assert_parts(shop, "both", missing=FINE + SURE)
    call(shop, "download", {"model": "sure"})
    assert_parts(shop, "both", missing=FINE)
    site.requests.clear()
    assert_true(cut(shop, "both"), BOTH)
    assert [path.rpartition("/")[2] for path in site.requests if "/models/" in path] == [
        "fine.onnx"
    ]
    assert_parts(shop, "fine", missing=0)
    assert cut(shop, "fine").report["bytes"]["received"] == 0

    users = {file["name"]: file["models"] for file in call(shop, "stored")["files"]}
    assert users["fine.onnx"] == ["fine", "both", "twice"]
    assert users["sure.onnx"] == ["sure", "both"]


def assert_parts(driver: Chrome, model: str, missing: int) -> None:
    parts = call(driver, "offer", {"model": model})["parts"]
    of_model = [part for part in parts if part["role"] == "model"]
    assert sum(part["download"] for part in of_model if not part["stored"]) == missing


@pytest.mark.parametrize("how", ["flip", "evict"])
@pytest.mark.parametrize(("name", "size"), [("fine", FINE), ("sure", SURE)])
def test_a_damaged_part_is_fetched_again_alone(
    shop: Chrome, site: Site, name: str, size: int, how: str
) -> None:
    call(shop, "download", {"model": "both"})
    [file] = [one for one in call(shop, "stored")["files"] if one["name"] == f"{name}.onnx"]
    call(shop, "damageStore", {"file": file["sha256"], "how": how})
    offered(shop, site)

    result = cut(shop, "both")

    assert_true(result, BOTH)
    assert result.report["bytes"]["received"] == size


def test_a_part_that_arrives_damaged_is_named(shop: Chrome, site: Site) -> None:
    sound = site.faults["/sure.onnx"]
    site.faults["/sure.onnx"] = lambda answer: sound(answer).with_body(b"?" * SURE)
    with pytest.raises(PageError) as caught:
        cut(shop, "both")
    assert (caught.value.code, caught.value.details["name"]) == ("model-corrupt", "sure.onnx")
    names = {file["name"] for file in call(shop, "stored")["files"] if file["whole"]}
    assert "fine.onnx" in names


def wrong_canary(part: dict[str, Any]) -> None:
    part["canary"]["seed"] += 1


def wrong_size(part: dict[str, Any]) -> None:
    part["dimensions"]["width"] = 8


def open_size(part: dict[str, Any]) -> None:
    part["dimensions"].pop("height")


@pytest.mark.parametrize(("name", "at"), [("fine", 0), ("sure", 1)])
@pytest.mark.parametrize(
    ("change", "code", "what"),
    [
        (wrong_canary, "canary-mismatch", None),
        (wrong_size, "model-interface", "input shape"),
        (open_size, "model-interface", "input shape"),
    ],
)
def test_a_part_that_is_not_what_the_catalog_says_is_named(
    shop: Chrome,
    site: Site,
    change: Callable[[dict[str, Any]], None],
    code: str,
    what: str | None,
    name: str,
    at: int,
) -> None:
    offered(shop, site, lambda models: change(models["both"]["parts"][at]))
    with pytest.raises(PageError) as caught:
        cut(shop, "both", backend="wasm", threads=1)
    details = caught.value.details
    assert (caught.value.code, details["model"], details.get("what")) == (code, name, what)


def test_both_parts_run_on_one_gpu(gpu_device: Chrome, site: Site) -> None:
    tiny_parts.offer(site)
    gpu_device.get(site.url())
    result = cut(gpu_device, "both", backend="webgpu")
    assert_true(result, BOTH)
    assert (result.report["backend"], len(result.report["attempts"])) == ("webgpu", 1)


@pytest.mark.parametrize(("model", "parts"), [("both", BOTH), ("twice", TWICE)])
def test_parts_in_memory(
    intranet: Chrome, site: Site, model: str, parts: tuple[tuple[str, int], ...]
) -> None:
    site.faults.clear()
    tiny_parts.offer(site)
    intranet.get(site.url(host="mattebox.test"))
    result = cut(intranet, model)
    assert_true(result, parts)
    assert result.report["storage"]["code"] == "no-cache-storage"
