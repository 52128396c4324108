"""Firefox and WebKit, Safari's engine: kept, updated and used without a server, as in Chromium."""

from __future__ import annotations

import pytest

from tests.harness import browsers, tiny_model
from tests.harness.drill import PHOTO, Drill, Releases
from tests.harness.driving import cut_out
from tests.harness.ports import port_of_its_own
from tests.harness.site import Site, listening
from tests.harness.walls import eavesdropping, try_on_page


@pytest.mark.parametrize("name", ["firefox", "webkit"])
def test_visit_update_and_no_server(
    request: pytest.FixtureRequest, releases: Releases, name: str
) -> None:
    request.getfixturevalue(f"{name}_is_here")
    site = Site(releases.old, port_of_its_own(), is_kept=True)
    with getattr(browsers, name)() as driver:
        drill = Drill(driver, site)
        with listening(site):
            drill.open()
            online = cut_out(driver, PHOTO, model=tiny_model.ID)
            drill.open()
            drill.wait(lambda: drill.badge.startswith("Ready offline"))
            assert drill.name == "old"
            site.app = releases.new
            site.requests.clear()
            # At a visit the browser looks by itself.
            drill.open()
            drill.wait(lambda: "Update ready." in drill.notices)
            drill.open()
            assert drill.name == "new"
            drill.wait(lambda: drill.badge.startswith("Ready offline"))
            assert drill.heavy_requests() == []
        with eavesdropping(site.port) as instead:
            drill.open()
            assert drill.name == "new"
            assert driver.execute_script("return crossOriginIsolated")
            offline = cut_out(driver, PHOTO, model=tiny_model.ID)
            assert try_on_page(driver, "fetch(url).then(() => 'open')", instead.url("/x")) != "open"
            assert not [heard for heard in instead.heard if "/x" in heard]
    assert offline.cutout == online.cutout
    assert offline.report["threads"] == online.report["threads"]
