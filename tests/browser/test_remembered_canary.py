"""A canary that was passed on the CPU is not run at each visit; on a GPU it is."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.harness import tiny_parts
from tests.harness.driving import PageError, cut_out, forget_everything
from tests.harness.site import Site


@pytest.fixture
def shop(page: Chrome, site: Site) -> Chrome:
    tiny_parts.offer(site)
    forget_everything(page, site)
    return page


def visit(driver: Chrome, site: Site, **options: Any) -> tuple[str, bool]:
    """What the report of a photo says of the canary, and whether it took time."""
    driver.get(site.url())
    report = cut_out(driver, tiny_parts.photo(1)[0], model="both", **options).report
    return report["canary"], report["ms"]["canary"] > 0


def test_once_on_the_cpu(shop: Chrome, site: Site) -> None:
    cpu = {"backend": "wasm"}
    assert visit(shop, site, **cpu) == ("passed", True)
    assert visit(shop, site, **cpu) == ("remembered", False)
    # Threads are another way to compute.
    assert visit(shop, site, **cpu, threads=1) == ("passed", True)


def test_another_canary_is_run(shop: Chrome, site: Site) -> None:
    assert visit(shop, site, backend="wasm") == ("passed", True)
    tiny_parts.offer(site, lambda models: models["both"]["parts"][1]["canary"].update(seed=4))
    with pytest.raises(PageError) as caught:
        visit(shop, site, backend="wasm")
    assert caught.value.code == "canary-mismatch"
    tiny_parts.offer(site)
    # The failure has taken back what was known.
    assert visit(shop, site, backend="wasm") == ("passed", True)


def test_at_each_visit_on_a_gpu(gpu_device: Chrome, site: Site) -> None:
    tiny_parts.offer(site)
    for _ in range(2):
        assert visit(gpu_device, site, backend="webgpu") == ("passed", True)
