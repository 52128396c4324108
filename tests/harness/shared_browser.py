"""One Chromium for the modules of a run, one after the other: between two of them it forgets all.

What is left of a module goes with its tabs (emulations, network conditions, quotas, scripts put
into pages, what `sessionStorage` holds) or is cleared by name (what origins store, permissions,
where files are saved, the console). The HTTP cache stays unless a fault put something untrue into
it: the next module finds there what is the same for all, and its scripts compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome

from tests.harness import browsers, site

#: A name of this machine whose pages are no secure context.
PLAIN = "mattebox.test"
#: After so many modules a browser is replaced: it has grown by then.
MODULES = 12


@dataclass
class SharedBrowser:
    """`downloads`: where it saves files."""

    downloads: Path
    _life: ExitStack = field(default_factory=ExitStack)
    _driver: Chrome | None = None
    _modules: int = 0

    @contextmanager
    def lent(self) -> Iterator[Chrome]:
        """As good as new. One that does not come back in order is replaced by the next."""
        if self._driver is None:
            arguments = ("--window-size=1280,900", f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1")
            started = browsers.chromium(*arguments, downloads=self.downloads)
            self._driver = self._life.enter_context(started)
        try:
            yield self._driver
        finally:
            self._modules += 1
            try:
                self._forget(self._driver)
            except WebDriverException:
                self.end()
            if self._modules == MODULES:
                self.end()

    def end(self) -> None:
        self._driver, self._modules = None, 0
        self._life.close()

    def _forget(self, driver: Chrome) -> None:
        left = driver.window_handles
        driver.switch_to.window(left[0])
        driver.switch_to.new_window("tab")
        fresh = driver.current_window_handle
        for handle in left:
            driver.switch_to.window(handle)
            driver.close()
        driver.switch_to.window(fresh)
        hosts = ("127.0.0.1", PLAIN)
        for origin in [f"http://{host}:{port}" for port in site.ports for host in hosts]:
            what = {"origin": origin, "storageTypes": "all"}
            driver.execute_cdp_cmd("Storage.clearDataForOrigin", what)
        if site.take_spoiled():
            driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        driver.execute_cdp_cmd("Browser.resetPermissions", {})
        folder = {"behavior": "allow", "downloadPath": str(self.downloads)}
        driver.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
        browsers.give_scripts(driver, browsers.SCRIPT_SECONDS)
        driver.get_log("browser")
