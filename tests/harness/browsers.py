"""Real browsers: found on this machine, started clean, and gone afterwards, processes and all."""

from __future__ import annotations

import glob
import json
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
from selenium import webdriver
from selenium.webdriver.chrome.service import Service as ChromeService
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.service import Service as WebKitService

from tests.harness.marionette import Marionette

QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
#: A page that was left is gone, and its workers with it. Chromium would keep it for "Back", asleep;
#: it is the likely cause of a browser that died three times under load, each time while a worker
#: was granted a lock ("Invoke in DisallowJavascriptExecutionScope" below `LockGrantedCallback`).
#: The lists below the address bar are pages of their own, started with each window: 1.2 s of
#: processor time for what no test opens.
WITHOUT = ("BackForwardCache", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
#: Has Chromium offer SwiftShader, a GPU played on the CPU, as a WebGPU adapter.
SOFTWARE_GPU = "--enable-unsafe-webgpu"
#: For what ends before it is worth it: Chromium optimises less of WebAssembly behind the work.
#: Bytes and results are the same.
SHORT_LIVED = "--js-flags=--wasm-tiering-budget=200000000"
#: A process that waits for the next site to be opened, which is the same one again.
SPARE = "SpareRendererForSitePerProcess"
#: Where a profile costs no files: a new one is some hundreds, and a page's scripts are some more.
MEMORY = Path("/dev/shm")  # noqa: S108 (each profile has a folder of its own)
#: What has to be free there, and of the machine's memory, for a profile that holds models.
ROOM, LEFT = 2 << 30, 4 << 30
MINIBROWSERS = ("/usr/lib*/webkit*gtk-*/MiniBrowser", "/usr/lib*/*/webkit*gtk-*/MiniBrowser")


def chromium_programs() -> tuple[str | None, str | None]:
    """The browser and its driver, each None when missing."""
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next((path for name in names if (path := shutil.which(name))), None)
    return browser, shutil.which("chromedriver")


def webkit_programs() -> tuple[str | None, str | None, str | None]:
    """MiniBrowser, its driver and a virtual screen, each None when missing."""
    found = [path for pattern in MINIBROWSERS for path in glob.glob(pattern)]  # noqa: PTH207
    browser = shutil.which("MiniBrowser") or next(iter(found), None)
    return browser, shutil.which("WebKitWebDriver"), shutil.which("Xvfb")


def firefox_program() -> str | None:
    """Firefox brings its own driver."""
    return next((path for name in ("firefox-esr", "firefox") if (path := shutil.which(name))), None)


def lavapipe() -> str | None:
    """Mesa's software Vulkan device, which Firefox's WebGPU finds where there is no other."""
    patterns = ("/usr/share/vulkan/icd.d/lvp_icd*.json", "/etc/vulkan/icd.d/lvp_icd*.json")
    found = [path for pattern in patterns for path in glob.glob(pattern)]  # noqa: PTH207
    return next(iter(found), None)


def give_scripts(driver: WebDriver, seconds: float) -> None:
    """Wait so long for a script, and for the driver that waits for it a little longer."""
    driver.command_executor.client_config.timeout = seconds + 20  # type: ignore[union-attr]
    driver.set_script_timeout(seconds)


#: How long a script may take unless a test says otherwise.
SCRIPT_SECONDS = 150
#: Whether this process starts many browsers, for moments: as few of their costs as can be.
are_many = False


@contextmanager
def _scratch() -> Iterator[str]:
    """A folder for a profile, gone afterwards."""
    folder = MEMORY if are_many and _has_room() else None
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as scratch:
        yield scratch


def _has_room() -> bool:
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return False
    return psutil.virtual_memory().available > LEFT


@contextmanager
def chromium(
    *arguments: str, profile: Path | None = None, downloads: Path | None = None
) -> Iterator[webdriver.Chrome]:
    """Headless Chromium with a profile of its own, or with `profile`, which then outlives it."""
    browser, driver_program = chromium_programs()
    with _scratch() as scratch:
        options = webdriver.ChromeOptions()
        options.binary_location = browser or ""
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
        brief = (SHORT_LIVED,) if are_many else ()
        without = ",".join((*WITHOUT, SPARE) if are_many else WITHOUT)
        always = ("--headless=new", *sandbox, *QUIET, f"--disable-features={without}", *brief)
        for argument in (*always, *arguments):
            options.add_argument(argument)
        options.add_argument(f"--user-data-dir={profile or scratch}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if downloads:
            preferences = {"download.default_directory": str(downloads)}
            options.add_experimental_option("prefs", preferences)
        service = ChromeService(driver_program)
        driver = webdriver.Chrome(options=options, service=service)
        with _ended(driver, service.process):
            yield driver


@contextmanager
def webkit() -> Iterator[WebDriver]:
    """WebKitGTK's MiniBrowser, Safari's engine, on a virtual screen."""
    browser, driver_program, screen_program = webkit_programs()
    with (
        _scratch() as home,
        _screen(screen_program) as display,
    ):
        options = webdriver.WebKitGTKOptions()
        options.binary_location = browser or ""
        options.add_argument("--automation")
        environment = {**os.environ, "DISPLAY": display, "HOME": home, "XDG_RUNTIME_DIR": home}
        environment["XDG_CACHE_HOME"] = environment["XDG_DATA_HOME"] = home
        # Safari starts a process with shared memory for an isolated page; under automation
        # WebKitGTK keeps the process it has, which must therefore be started that way.
        environment["JSC_useSharedArrayBuffer"] = "1"
        # Without a graphics card, a GPU that is played on the CPU composes and paints the layers,
        # which is a third of all that a page and its photos cost. Pictures are the same.
        environment["WEBKIT_DISABLE_COMPOSITING_MODE"] = "1"
        environment["WEBKIT_SKIA_ENABLE_CPU_RENDERING"] = "1"
        if os.geteuid() == 0:
            # WebKit's sandbox refuses to start for root, which is what containers run as.
            environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        service = WebKitService(driver_program, env=environment)
        with warnings.catch_warnings():
            # Selenium's WebKitGTK driver calls Selenium in a way that Selenium deprecates.
            warnings.simplefilter("ignore", DeprecationWarning)
            driver = webdriver.WebKitGTK(options=options, service=service)
        with _ended(driver, service.process):
            yield driver


#: A browser that talks to nobody by itself, and says on which port it can be driven.
FIREFOX_PREFERENCES = {
    "marionette.port": 0,
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


@contextmanager
def firefox(**preferences: object) -> Iterator[WebDriver]:
    """Headless Firefox with a profile of its own and, besides, these `about:config` preferences."""
    with _scratch() as scratch:
        profile = Path(scratch)
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in {**FIREFOX_PREFERENCES, **preferences}.items()
        )
        (profile / "user.js").write_text("".join(lines))
        command = [firefox_program() or "firefox", "--headless", "--marionette", "--no-remote"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            [*command, "--profile", scratch],
            env={**os.environ, "HOME": scratch},
            stdout=quiet,
            stderr=quiet,
        )
        try:
            driver = WebDriver(
                Marionette(profile),  # type: ignore[arg-type]
                options=webdriver.FirefoxOptions(),
                file_detector=UselessFileDetector(),
            )
            with _ended(driver, process):
                yield driver
        finally:
            process.kill()
            process.wait()


@contextmanager
def _ended(driver: WebDriver, process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Quit, and end what stays behind: a browser that died can leave its GPU process spinning."""
    give_scripts(driver, SCRIPT_SECONDS)
    family = psutil.Process(process.pid).children(recursive=True)
    try:
        yield
    finally:
        family += psutil.Process(process.pid).children(recursive=True)
        try:
            driver.quit()
        finally:
            for straggler in _still_there(family):
                straggler.kill()


def _still_there(family: Sequence[psutil.Process], patience: float = 2) -> list[psutil.Process]:
    """Those that have not ended after so many seconds.

    One that has ended may stay in the list of processes until whoever adopted it asks how.
    """
    until = time.monotonic() + patience
    while alive := [one for one in family if _runs(one)]:
        if time.monotonic() > until:
            return alive
        time.sleep(0.02)
    return []


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def _screen(program: str | None) -> Iterator[str]:
    """An X server that chooses its own display number. Yields it as DISPLAY wants it."""
    read, write = os.pipe()
    command: Sequence[str] = (
        program or "Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24",
    )  # fmt: skip
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, pass_fds=(write,), stdout=quiet, stderr=quiet)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        process.terminate()
        process.wait()
