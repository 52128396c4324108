"""A model of several parts shows a preview by the first of them, until the whole is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.harness import tiny_parts
from tests.harness.driving import call, states
from tests.harness.site import Held, Site
from tests.harness.waiting import WebDriverWait

#: Notes, at each change of a card, what can be seen of it and taken from it.
WATCH = """
window.seen = [];
new MutationObserver(() => {
  const card = document.querySelector('[data-job]');
  const image = card?.querySelector('.compare-after');
  if (!image) return;
  const { width, height } = card.querySelector('[data-part=compare]').getBoundingClientRect();
  const link = card.querySelector('[data-part=download]');
  const tag = card.querySelector('[data-part=tag]').textContent;
  seen.push({
    isEarly: 'preview' in card.dataset, state: card.dataset.state, alt: image.alt, tag,
    href: link.hasAttribute('href'), box: [width, height],
  });
}).observe(document.body, { subtree: true, childList: true, attributes: true });
"""


def seen(driver: Chrome, site: Site, photo: Path, model: str) -> list[dict[str, Any]]:
    driver.get(site.url(f"?model={model}&backend=wasm"))
    driver.execute_script(WATCH)
    driver.find_element(By.ID, "files").send_keys(str(photo))
    wait = WebDriverWait(driver, 60, 0.05)
    wait.until(lambda page: states(page) == ["done"])
    wait.until(lambda page: page.execute_script("return seen.at(-1).href"))
    return list(driver.execute_script("return seen"))


def test_a_preview_comes_first_and_can_be_taken_by_nobody(
    shop: Chrome, site: Site, photo: Path
) -> None:
    views = seen(shop, site, photo, "both")
    early = [view for view in views if view["isEarly"]]
    assert early
    assert {view["alt"] for view in early} == {"Preview: photo.png"}
    assert {view["tag"] for view in early if view["state"] == "running"} <= {"Preview", "Cutout"}
    assert "Preview" in {view["tag"] for view in early}
    assert {view["state"] for view in early} <= {"running", "encoding"}
    assert not any(view["href"] for view in early)
    last = views[-1]
    assert (last["isEarly"], last["alt"], last["tag"]) == (False, "Cutout: photo.png", "Cutout")
    assert last["box"] == early[-1]["box"]


#: Opens the photo that was chosen, and notes what comes of it.
OPEN = """
window.came = [];
const { src } = document.querySelector('script[type=module]');
import(new URL('api.js', src).href).then(({ openDocument }) => openDocument(
  document.getElementById('chosen').files[0],
  { model: 'both', backend: 'wasm', onPreview: () => came.push('preview'), onWithdraw() {} },
)).then(() => came.push('document'), (error) => came.push(error.code));
"""


def test_a_preview_does_not_wait_for_the_whole_download(
    empty_page: Chrome, site: Site, photo: Path
) -> None:
    tiny_parts.offer(site)
    held = Held(through=0)
    give = site.faults["/fine.onnx"]
    site.faults["/fine.onnx"] = lambda answer: held(give(answer))
    empty_page.execute_script(
        "document.body.append(Object.assign(document.createElement('input'),"
        " { type: 'file', id: 'chosen' }))"
    )
    empty_page.find_element(By.ID, "chosen").send_keys(str(photo))
    empty_page.execute_script(OPEN)
    wait = WebDriverWait(empty_page, 60, 0.05)
    wait.until(lambda page: page.execute_script("return came.length > 0"))
    assert empty_page.execute_script("return came") == ["preview"]
    assert held.is_holding
    held.released.set()
    wait.until(lambda page: page.execute_script("return came.length > 1"))
    assert empty_page.execute_script("return came") == ["preview", "document"]


def test_a_model_of_one_part_has_none(shop: Chrome, site: Site, photo: Path) -> None:
    call(shop, "download", {"model": "fine"})
    assert not any(view["isEarly"] for view in seen(shop, site, photo, "fine"))


def test_getting_ready_begins_with_what_a_preview_needs(shop: Chrome, site: Site) -> None:
    shop.get(site.url("?model=both&backend=wasm"))

    def steps(page: Chrome) -> list[dict[str, Any]]:
        entries = call(page, "diagnostics")["entries"]
        return [entry for entry in entries if entry["kind"] == "preload"]

    WebDriverWait(shop, 60).until(lambda page: len(steps(page)) == 2)
    assert [entry["error"] for entry in steps(shop)] == [None, None]
    rest, first = (entry["report"]["ms"]["create"] for entry in steps(shop))
    assert first > rest > 0
    assert {entry["report"]["canary"] for entry in steps(shop)} == {"later"}
