"""The exported site on the real nginx: a download goes on where it stopped, and the page stays."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from selenium.webdriver.common.by import By

from model_store.digest import SEGMENT_BYTES, file_digest
from server import export
from server.web_servers.rules import Place
from tests.harness import browsers, tiny_model, tiny_site
from tests.harness.driving import call, cut_out
from tests.harness.waiting import WebDriverWait
from tests.server import web_servers
from tests.server.conftest import Site
from tests.server.processes import free_port

SIZE = 2 * SEGMENT_BYTES + 1000


@pytest.mark.usefixtures("_chromium_is_here")
def test_a_download_resumes_and_the_page_works_without_the_server(tmp_path: Path) -> None:
    app = tiny_site.app(tmp_path, SIZE)
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        place = Place(folder / "out", free_port(), "127.0.0.1")
        export.write(app, place.folder, place)
        log = folder / "own" / "models.log"
        log.parent.mkdir()
        config = place.folder / "nginx.conf"
        outside = (
            "map $uri $of_models { ~/models/ 1; default 0; }"
            ' log_format parts "$status $http_range";'
        )
        inside = f"server {{ access_log {log} parts if=$of_models;"
        text = config.read_text().replace("server {", inside, 1)
        config.write_text(f"{outside}\n{text}")
        address = f"http://127.0.0.1:{place.port}/"
        photo = tiny_model.photo(2)[0]
        with browsers.chromium(profile=tmp_path / "profile") as driver:
            with web_servers.nginx(log.parent, place.folder, Site(place.port, folder)):
                driver.get(address)
                assert driver.execute_script("return crossOriginIsolated")
                first = cut_out(driver, photo)
                sha256 = file_digest(tmp_path / tiny_model.NAME).sha256
                call(driver, "damageStore", {"file": sha256, "how": "evict", "index": 1})
                driver.execute_cdp_cmd("Network.clearBrowserCache", {})
                log.write_text("")
                driver.get(address)
                again = cut_out(driver, photo)
                assert log.read_text() == f"206 bytes={SEGMENT_BYTES}-{2 * SEGMENT_BYTES - 1}\n"
                badge = (By.CSS_SELECTOR, "[data-part=offline]")
                WebDriverWait(driver, 60, 0.05).until(
                    lambda page: page.find_element(*badge).text.startswith("Ready offline")
                )
            driver.get(address)
            alone = cut_out(driver, photo)
        assert alone.report["bytes"]["received"] == 0
        assert first.cutout == again.cutout == alone.cutout
