"""Two releases: the new one arrives beside the old one and waits for a yes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from server import create_app
from server.config import Settings
from tests.awkward.photos import heic, photo
from tests.harness import tiny_model
from tests.harness.drill import PHOTO, Drill, Releases, note
from tests.harness.driving import call, unfold
from tests.harness.photos import PHOTOS
from tests.harness.releases import other_runtime, release
from tests.harness.site import Answer, Held


def test_an_idle_page_is_told_and_asked(drill: Drill, releases: Releases) -> None:
    here, coming, app = releases.turn(drill)
    drill.site.app = app
    drill.arrive()
    drill.wait(lambda: "Update ready." in drill.notices)
    assert "It starts at your next visit, or now." in drill.notices
    assert "download your cutouts" not in drill.notices
    assert drill.name == here

    drill.press("Update now")

    drill.wait(lambda: drill.name == coming)
    drill.wait(lambda: drill.badge.startswith("Ready offline"))
    assert "Update" not in drill.notices
    drill.wait(lambda: len(drill.shells()) == 1)
    note("idle page, agreed", drill, here, drill.name)
    assert drill.heavy_requests() == []


def test_the_next_visit_is_of_the_release_that_came(drill: Drill, releases: Releases) -> None:
    """There and back: a rollback is an update as well."""
    here, coming, app = releases.turn(drill)
    back = drill.site.app
    for now, then, what, how in (
        (here, coming, app, "reload"),
        (coming, here, back, "next start"),
    ):
        drill.site.app = what
        drill.arrive()
        drill.wait(lambda: "Update ready." in drill.notices)
        assert drill.name == now
        if how == "reload":
            drill.driver.refresh()
        else:
            drill.driver.get("about:blank")
            drill.open()
        note(f"not agreed, {how}", drill, now, drill.name)
        assert drill.name == then
        drill.wait(lambda: drill.badge.startswith("Ready offline"))
    assert drill.heavy_requests() == []


WATCH = """
  window.seen = [];
  new MutationObserver(() => {
    const states = [...document.querySelectorAll('[data-job]')].map((job) => job.dataset.state);
    const isBusy = states.some((state) => !['done', 'failed'].includes(state));
    const notices = [...document.querySelectorAll('.notice')];
    const notice = notices.find((one) => one.textContent.includes('Update ready'));
    if (!notice) return;
    const button = notice.querySelector('[data-part=action]');
    window.seen.push(`${isBusy ? 'busy' : 'idle'} ${button.hidden ? 'told' : 'asked'}`);
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
"""


def test_a_batch_is_not_disturbed(drill: Drill, releases: Releases, tmp_path: Path) -> None:
    here, coming, app = releases.turn(drill)
    photos = [Path(shutil.copy(PHOTO, tmp_path / f"{number}.png")) for number in range(3)]
    # What opens the last one is not here yet, and comes once the update has been told of.
    last = tmp_path / "last.heic"
    last.write_bytes(heic(photo()))
    decoder, answers = Held(through=0), list[Answer]()

    def of_the_old_release(answer: Answer) -> Answer:
        answers.append(answer)
        return decoder(answers[0])

    drill.site.faults["libheif.wasm"] = of_the_old_release
    drill.driver.execute_script(WATCH)
    drill.choose(*photos, last)
    drill.wait(lambda: decoder.is_holding)
    drill.site.app = app
    drill.arrive()
    drill.wait(lambda: "Update ready." in drill.notices)
    assert "download your cutouts first" not in drill.notices
    decoder.released.set()

    drill.wait(lambda: set(drill.states()) == {"done"}, 120)

    drill.wait(lambda: "download your cutouts first" in drill.notices)
    # What came within the same moment is settled in the next one.
    seen = drill.driver.execute_script("return window.seen")
    assert "busy told" in seen
    assert "busy asked" not in seen
    assert drill.name == here
    assert len(drill.states()) == 4
    note("in the middle of a batch, all done", drill, here, drill.name)
    drill.press("Update now")
    drill.wait(lambda: drill.name == coming)


@pytest.fixture
def second_tab(drill: Drill) -> Iterator[tuple[str, str]]:
    """Handles of the tab that is there and of a new one, which is closed afterwards."""
    first = drill.driver.current_window_handle
    drill.driver.switch_to.new_window("tab")
    second = drill.driver.current_window_handle
    drill.driver.switch_to.window(first)
    yield first, second
    if second in drill.driver.window_handles:
        drill.driver.switch_to.window(second)
        drill.driver.close()
    drill.driver.switch_to.window(first)


def test_two_tabs_old_and_new(
    drill: Drill, releases: Releases, second_tab: tuple[str, str]
) -> None:
    first, second = second_tab
    here, coming, app = releases.turn(drill)
    drill.driver.switch_to.window(second)
    drill.open()
    assert drill.name == here
    drill.cut_out()
    drill.driver.switch_to.window(first)
    drill.site.app = app
    drill.arrive()
    drill.wait(lambda: "Update ready." in drill.notices)
    drill.press("Update now")
    drill.wait(lambda: drill.name == coming)
    drill.cut_out()

    drill.driver.switch_to.window(second)
    assert (drill.name, drill.states()) == (here, ["done"])
    assert "Update ready." in drill.notices
    # Files that this page has not loaded yet are its own release's, which the server has no more.
    drill.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    unfold(drill.driver, "how")
    drill.driver.find_element(By.CSS_SELECTOR, "[data-part=open-diagnostics]").click()
    drill.wait(lambda: drill.driver.find_elements(By.CSS_SELECTOR, "dialog[open]"))
    drill.driver.execute_script("document.querySelector('dialog[open]').close()")
    end_the_session(drill)
    drill.cut_out()
    assert len(drill.shells()) == 2
    note("two tabs, each with its own release", drill, here, "both")

    drill.driver.close()
    drill.driver.switch_to.window(first)
    drill.open()
    drill.wait(lambda: len(drill.shells()) == 1)
    assert drill.heavy_requests() == []


CANCEL = """
  const watching = new MutationObserver(() => {
    const job = [...document.querySelectorAll('[data-job]')].at(-1);
    if (!['decoding', 'running', 'encoding'].includes(job.dataset.state)) return;
    watching.disconnect();
    job.querySelector('[data-part=cancel]').click();
  });
  watching.observe(document.body, { subtree: true, childList: true, attributes: true });
"""


def end_the_session(drill: Drill) -> None:
    """Cancel a photo at work, so that the next one needs a fresh worker."""
    count = len(drill.states())
    drill.driver.execute_script(CANCEL)
    drill.choose(PHOTOS / "coffee.png")
    drill.wait(lambda: drill.states()[count:] == ["cancelled"])
    job = drill.driver.find_elements(By.CSS_SELECTOR, "[data-job]")[count]
    job.find_element(By.CSS_SELECTOR, "[data-part=remove]").click()
    drill.wait(lambda: len(drill.states()) == count)


def runtimes(drill: Drill) -> list[str]:
    """Digests of those that are stored."""
    script = """
      const done = arguments[0];
      (async () => {
        const cache = await caches.open('mattebox-store-1');
        const records = (await cache.keys()).filter(({ url }) => url.endsWith('/record'));
        // One may be removed while it is looked at.
        const read = async (key) => (await cache.match(key))?.json();
        const labels = await Promise.all(records.map(read));
        return labels.filter((label) => label?.name.includes('ort-')).map(({ sha256 }) => sha256);
      })().then(done);
    """
    return list(drill.driver.execute_async_script(script))


def test_a_release_with_another_runtime(
    drill: Drill, releases: Releases, second_tab: tuple[str, str], tmp_path: Path
) -> None:
    """It says what will be downloaded; the tab that is old keeps what it needs."""
    first, second = second_tab
    modules = other_runtime(tmp_path)
    newer = release(releases.folder, "newer", model_store=releases.store, node_modules=modules)
    here, _, _ = releases.turn(drill)
    drill.driver.switch_to.window(second)
    drill.open()
    drill.cut_out()
    [old_runtime] = runtimes(drill)
    drill.site.app = newer
    drill.arrive()
    drill.wait(lambda: " MB will be downloaded once more" in drill.notices)
    # The next start would not work on a plane.
    drill.wait(lambda: drill.badge == "")

    drill.driver.switch_to.window(first)
    drill.open()
    assert drill.name == "newer"
    drill.cut_out()
    drill.wait(lambda: drill.badge.startswith("Ready offline"))
    assert len(runtimes(drill)) == 2

    drill.driver.switch_to.window(second)
    assert drill.name == here
    end_the_session(drill)
    drill.cut_out()
    note("another runtime, two tabs", drill, here, "both")
    assert len(drill.heavy_requests()) == 1

    drill.driver.close()
    drill.driver.switch_to.window(first)
    drill.open()
    call(drill.driver, "preload", {"model": tiny_model.ID})
    drill.wait(lambda: old_runtime not in runtimes(drill))


def test_another_model_is_an_update_too(drill: Drill, releases: Releases) -> None:
    drill.settle(releases.old)
    client = releases.folder / "old"
    drill.site.app = create_app(replace(Settings.from_environment(), client=client, keep="never"))
    drill.open("/")
    assert {"u2netp", "tiny"} == set(models(drill))
    drill.arrive()
    drill.wait(lambda: "Update ready." in drill.notices)
    drill.open("/")
    note("another set of models, the same files", drill, "old", drill.name)
    assert "tiny" not in models(drill)


def models(drill: Drill) -> list[str]:
    return [model["id"] for model in call(drill.driver, "catalog")["models"]]


def test_a_release_whose_page_does_not_start(drill: Drill, releases: Releases) -> None:
    """Nothing of it runs, and still the next release comes to everybody who reloads."""

    def wreck(client: Path) -> None:
        (client / "main.js").write_text("throw new Error('broken');\n")

    broken = release(releases.folder, "broken", change=wreck, model_store=releases.store)
    drill.settle(releases.old)
    drill.site.app = broken
    drill.arrive()
    drill.open()
    assert drill.name == "broken"
    drill.site.app = releases.new
    drill.open()
    assert drill.name == "broken"
    # The browser looks by itself after a visit.
    drill.arrive(is_asked=False)
    drill.open()
    note("withdrawn by the next release", drill, "broken", drill.name)
    assert drill.name == "new"
    assert drill.heavy_requests() == []


def test_the_kill_switch(drill: Drill, releases: Releases) -> None:
    here, coming, app = releases.turn(drill)
    off = create_app(
        Settings(
            client=releases.folder / coming, model_store=releases.store, offline=False, keep="never"
        )
    )
    drill.site.app = off
    drill.look()
    drill.wait(lambda: not drill.hurry() and drill.shells() == [])
    drill.open()
    assert drill.name == coming
    assert not drill.driver.execute_script("return Boolean(navigator.serviceWorker.controller)")
    drill.wait(lambda: "stored on this device" in drill.driver.page_source)
    assert drill.badge == ""
    assert drill.heavy_requests() == []
    note("taken back from browsers", drill, here, drill.name)
    # And given again.
    drill.site.app = app
    drill.open()
    drill.wait(lambda: drill.badge.startswith("Ready offline"))
