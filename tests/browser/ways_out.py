"""All ways out of a realm tried one after the other, on one page: that takes long to open."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from tests.harness.site import Site
from tests.harness.waiting import WebDriverWait
from tests.harness.walls import (
    ONLY_ON_A_PAGE,
    WAYS_OUT,
    Eavesdropper,
    probing,
    try_in_worker,
    try_on_page,
)

WAYS = {**WAYS_OUT, **ONLY_ON_A_PAGE}


def assert_no_way_out_of_a_page(
    page: WebDriver, site: Site, elsewhere: Eavesdropper, subtests: pytest.Subtests
) -> None:
    """Neither to another origin nor to its own."""
    for name, way in WAYS.items():
        for target in (elsewhere.url(f"/{name}"), site.url(f"/{name}")):
            with subtests.test(target):
                assert try_on_page(page, way, target) == "refused"
    _assert_unheard(page, list(WAYS), site, elsewhere)


def assert_no_way_out_of_a_worker(
    page: WebDriver, worker: str, site: Site, elsewhere: Eavesdropper, subtests: pytest.Subtests
) -> None:
    """The same from a worker, with a probe behind its own script."""
    site.faults[f"workers/{worker}.js"] = probing
    for name in WAYS_OUT:
        for target in (elsewhere.url(f"/{worker}-{name}"), site.url(f"/{worker}-{name}")):
            with subtests.test(target):
                assert try_in_worker(page, worker, name, target) == "refused"
    _assert_unheard(page, [f"{worker}-{name}" for name in WAYS_OUT], site, elsewhere)


def _assert_unheard(
    page: WebDriver, names: Sequence[str], site: Site, elsewhere: Eavesdropper
) -> None:
    # What was on its way has come by the time that the same browser has come itself.
    page.get(elsewhere.url("/visit"))
    assert elsewhere.has_heard("/visit")
    assert [name for name in names if elsewhere.has_heard(f"/{name}")] == []
    assert {f"/{name}" for name in names}.isdisjoint(site.requests)


def assert_ways_out_without_policy(
    page: WebDriver, names: Sequence[str], site: Site, elsewhere: Eavesdropper
) -> None:
    # Nor kept: scripts of pages that come later would have no wall either.
    site.faults[""] = lambda answer: answer.without(
        "Content-Security-Policy", "Cache-Control"
    ).with_header("Cache-Control", "no-store")
    page.get(site.url())
    for name in names:
        try_on_page(page, WAYS[name], elsewhere.url(f"/control-{name}"))
    expected = {f"/control-{name}" for name in names}
    WebDriverWait(page, 60, 0.05).until(
        lambda _: all(elsewhere.has_heard(path) for path in expected), str(elsewhere.heard)
    )
