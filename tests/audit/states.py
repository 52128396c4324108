"""Every state of the page, reached the way a person reaches it, and held while it is examined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.audit.acting import choose, pick, press
from tests.audit.desk_states import desk_states
from tests.harness.driving import call, forget_everything, see, unfold
from tests.harness.made_models import add_model
from tests.harness.photos import PHOTOS
from tests.harness.site import Answer, Site

#: A name that is no secure context, for a browser started with `ELSEWHERE`.
HOST = "mattebox.test"
ELSEWHERE = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"
GRAPH = (Path(__file__).parents[2] / "model_store" / "weights" / "u2netp.onnx").read_bytes()
#: Above what is fetched without asking.
LARGE = bytes(12_000_000)
#: Seconds that an answer pauses in its middle, and with it a state of the page.
HELD = 20


#: Groups of states, each reached from a page of its own.
GROUPS = ("site", "desk")


def states(
    driver: Chrome, site: Site, scratch: Path, groups: Sequence[str] = GROUPS
) -> Iterator[str]:
    """Brings the page into one state after the other and yields each one's name."""
    if "desk" in groups:
        yield from desk_states(driver, scratch)
    if "site" in groups:
        yield from _site_states(driver, site, scratch)


def _site_states(driver: Chrome, site: Site, scratch: Path) -> Iterator[str]:
    add_second_model(site)
    driver.get(site.url())
    yield from _waiting(driver)
    yield from _asking(driver, site)
    yield from _working(driver, site, scratch)
    yield from _finishing(driver, site)
    yield from _stored(driver)
    yield from _diagnostics(driver)
    yield from _settings(driver, site)
    yield from _notices(driver, site)
    yield from _kept(driver, site)


def add_second_model(site: Site) -> None:
    """Whatever is installed here, so that there is something to choose and to ask."""
    add_model(site, "big", "Big one", {"big.onnx": GRAPH, "big.onnx.data": LARGE})


def _waiting(driver: Chrome) -> Iterator[str]:
    see(driver, "#offer:not(:empty)", "One download")
    yield "empty"
    see(driver, ".promise summary").click()
    yield "empty, promise open"
    see(driver, ".promise summary").click()
    see(driver, "details.models summary").click()
    yield "choosing a model"


def _asking(driver: Chrome, site: Site) -> Iterator[str]:
    see(driver, "[data-model=big] label").click()
    see(driver, ".consent [data-part=accept]")
    yield "consent"
    choose(driver, PHOTOS / "chelsea.png")
    yield "consent, a photo waiting"
    sound = site.faults["/big.onnx.data"]
    site.faults["/big.onnx.data"] = lambda answer: replace(sound(answer), stall=HELD)
    see(driver, ".consent [data-part=accept]").click()
    see(driver, ".download[data-phase=loading]", "MB")
    yield "downloading"
    see(driver, ".download [data-part=pause]").click()
    see(driver, ".download[data-phase=paused]")
    yield "download paused"
    site.faults["/big.onnx.data"] = lambda answer: sound(answer).with_body(b"cut")
    see(driver, ".download [data-part=resume]").click()
    see(driver, ".download[data-phase=failed]")
    yield "download failed"
    site.faults.clear()
    driver.execute_script("localStorage.clear()")
    forget_everything(driver, site)


def _working(driver: Chrome, site: Site, scratch: Path) -> Iterator[str]:
    site.faults["/u2netp.onnx"] = lambda answer: replace(answer, stall=HELD)
    choose(driver, PHOTOS / "chelsea.png", PHOTOS / "coffee.png")
    see(driver, "[data-job][data-state=loading] [role=progressbar]")
    yield "a photo waiting for its model"
    site.faults.clear()
    driver.get(site.url())
    broken = scratch / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    photos = [PHOTOS / name for name in ("chelsea.png", "coffee.png", "camera.png", "rocket.webp")]
    choose(driver, *photos, broken)
    see(driver, "[data-job][data-state=running]", seconds=60)
    yield "working"
    if not driver.find_elements(By.CSS_SELECTOR, "[data-job][data-state=queued]"):
        raise RuntimeError("the photos were done before axe was")
    driver.find_elements(By.CSS_SELECTOR, "[data-job] [data-part=cancel]")[3].click()
    see(driver, "[data-job][data-state=cancelled]")
    see(driver, "[data-job][data-state=failed] [role=alert]", seconds=60)
    yield "done, failed and cancelled"
    for name in ("how", "menu"):
        unfold(driver, name)
        yield f"with photos, {name} open"
        driver.execute_script(f"document.querySelector('[data-part={name}]').open = false")
    see(driver, ".failure-report summary").click()
    yield "error, report open"


def _finishing(driver: Chrome, site: Site) -> Iterator[str]:
    driver.get(site.url())
    choose(driver, PHOTOS / "chelsea.png")
    see(driver, "[data-job][data-state=done]", seconds=60)
    see(driver, ".finish [data-part=more]").click()
    see(driver, ".finish [name=shadow]").click()
    pick(driver, "size", "custom")
    pick(driver, "format", "webp")
    for background in ("gradient", "image", "colour"):
        see(driver, f".finish .chip:has([value={background}])").click()
        yield f"finish, {background}, everything open"
    pick(driver, "format", "matte")
    yield "finish, matte only"
    site.faults["avif_enc.wasm"] = lambda answer: replace(answer, status="404 Not Found")
    pick(driver, "format", "avif")
    see(driver, ".job-body [role=alert]", seconds=60)
    yield "finish, failed"
    site.faults.clear()
    driver.execute_script("localStorage.clear()")
    driver.get(site.url())


def _stored(driver: Chrome) -> Iterator[str]:
    see(driver, "[data-part=open-stored]").click()
    see(driver, "dialog.stored .stored-file")
    yield "stored on this device"
    see(driver, "dialog.stored .stored-file [data-part=delete]").click()
    see(driver, "dialog.stored [data-part=confirm]")
    yield "stored, deleting"
    call(driver, "forget", {})
    see(driver, "dialog.stored [data-part=close]").click()
    see(driver, "[data-part=open-stored]").click()
    see(driver, "dialog.stored [data-part=empty]")
    yield "stored, nothing"
    see(driver, "dialog.stored [data-part=close]").click()


def _diagnostics(driver: Chrome) -> Iterator[str]:
    see(driver, "[data-part=open-diagnostics]").click()
    see(driver, "dialog.diagnostics [data-part=rows] button").click()
    yield "diagnostics, a run's details"
    for more in ("raw", "limits-part"):
        see(driver, f"dialog.diagnostics [data-part={more}] summary").click()
    yield "diagnostics, everything open"
    see(driver, "dialog.diagnostics [data-part=clear] [data-part=delete]").click()
    see(driver, "dialog.diagnostics [data-part=confirm] [data-part=yes]")
    yield "diagnostics, clearing"
    see(driver, "dialog.diagnostics [data-part=confirm] [data-part=yes]").click()
    see(driver, "dialog.diagnostics [data-part=no-runs]")
    yield "diagnostics, nothing"
    see(driver, "dialog.diagnostics [data-part=close]").click()


def _settings(driver: Chrome, site: Site) -> Iterator[str]:
    driver.get(site.url())
    press(driver, "details.runs summary")
    see(driver, "details.runs [data-part=line]:not(:empty)")
    yield "runs on"
    see(driver, "details.runs label:has([value=webgpu])").click()
    see(driver, "details.runs [data-part=question] [data-part=force]")
    yield "runs on, asking about a slow GPU"
    see(driver, "details.runs [data-part=question] [data-part=keep]").click()
    driver.get(site.url("/?backend=wasm&threads=1"))
    press(driver, "details.runs summary")
    see(driver, "details.runs [data-part=line]:not(:empty)")
    yield "runs on, by the address"


def _notices(driver: Chrome, site: Site) -> Iterator[str]:
    driver.get(site.url("/?model=none&backend=abacus&threads=0"))
    see(driver, ".notice")
    yield "an address with mistakes"
    site.faults["/catalog.json"] = lambda answer: replace(answer, status="503 Service Unavailable")
    driver.get(site.url())
    see(driver, ".notice[data-tone=error]", seconds=60)
    yield "no catalog"
    site.faults.clear()
    driver.get(site.url("/#nothing-shared"))
    see(driver, ".notice", "shared")
    yield "nothing shared"
    driver.get(site.url(host=HOST))
    see(driver, ".notice")
    yield "plain http"


def _kept(driver: Chrome, site: Site) -> Iterator[str]:
    site.faults.clear()
    site.is_kept = True
    forget_everything(driver, site)
    driver.execute_async_script("navigator.serviceWorker.ready.then(() => arguments[0]())")
    # The page has its catalog from the service worker, and asks the server whether it is there.
    site.faults["/catalog.json"] = lambda answer: replace(answer, status="503 Service Unavailable")
    driver.get(site.url())
    see(driver, ".notice", "No connection")
    yield "cut off, the model missing"
    site.faults.clear()
    call(driver, "preload", {"model": "u2netp"})
    driver.get(site.url())
    see(driver, "[data-part=offline]", "Ready offline")
    yield "ready offline"
    site.faults["/sw.js"] = _another_release
    driver.get(site.url())
    see(driver, ".notice", "Update ready")
    yield "update ready"
    site.faults.clear()


def _another_release(answer: Answer) -> Answer:
    return answer.with_body(answer.body.replace(b"const VERSION = '", b"const VERSION = 'next-", 1))
