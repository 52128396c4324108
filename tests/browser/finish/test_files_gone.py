"""Photos and pictures whose files go, change or are removed after they were chosen."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.finish.panel import put, until
from tests.harness.driving import states

HELD = "return document.querySelectorAll('[data-job][data-held]').length"


def copies(folder: Path, count: int) -> list[Path]:
    files = [folder / f"photo-{i}.png" for i in range(count)]
    for i, file in enumerate(files):
        Image.effect_noise((90 + i, 60), 80).convert("RGB").save(file)
    return files


def test_what_becomes_of_the_files_is_nothing_to_the_photos(page: Chrome, tmp_path: Path) -> None:
    removed, changed, later = files = copies(tmp_path, 3)
    page.find_element(By.ID, "files").send_keys("\n".join(map(str, files)))
    cancel = "[data-job]:nth-child(3) [data-part=cancel]"
    until(page, lambda: page.find_elements(By.CSS_SELECTOR, cancel))
    page.execute_script("document.querySelector(arguments[0]).click()", cancel)
    until(page, lambda: page.execute_script(HELD) == 3)
    until(page, lambda: states(page) == ["done", "done", "cancelled"], 90)
    picture = tmp_path / "behind.png"
    Image.new("RGB", (40, 40), (10, 200, 30)).save(picture)

    removed.unlink()
    changed.write_bytes(b"something else, and of another length")
    later.unlink()
    page.execute_script(
        "document.querySelector('[data-job]:nth-child(3) [data-part=retry]').click()"
    )
    until(page, lambda: states(page) == ["done", "done", "done"], 90)
    put(page, background="colour", colour="#cfe3d2")
    assert not page.find_elements(By.CSS_SELECTOR, "[role=alert]")

    put(page, background="image")
    page.find_element(By.CSS_SELECTOR, ".finish input[type=file]").send_keys(str(picture))
    put(page)
    picture.unlink()
    put(page, format="webp")
    assert not page.find_elements(By.CSS_SELECTOR, "[role=alert]")
    assert states(page) == ["done"] * 3


def test_a_file_that_went_before_it_was_held_is_told(page: Chrome, tmp_path: Path) -> None:
    here, gone = copies(tmp_path, 2)
    # The browser has the file by then, and the page has not.
    page.execute_script("""
      document.getElementById('files').addEventListener('change', (event) => {
        if (!event.isTrusted || window.let) return;
        event.stopImmediatePropagation();
        window.let = true;
      }, { capture: true });
    """)
    field = page.find_element(By.ID, "files")
    field.send_keys(f"{here}\n{gone}")
    until(page, lambda: page.execute_script("return window.let"))
    gone.unlink()
    page.execute_script(
        "document.getElementById('files').dispatchEvent(new Event('change', { bubbles: true }))"
    )

    until(page, lambda: states(page) == ["done", "failed"], 90)
    alert = page.find_element(By.CSS_SELECTOR, "[data-job]:nth-child(2) [role=alert]").text
    assert "can no longer be read" in alert
