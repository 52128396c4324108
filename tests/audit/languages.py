"""Eight states of the page in another language, reached without reading a word of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.audit.acting import choose, pick
from tests.harness.driving import see
from tests.harness.photos import PHOTOS
from tests.harness.site import Site


def spoken(driver: Chrome, site: Site, scratch: Path, language: str) -> Iterator[str]:
    """Brings the page into one state after the other and yields each one's name."""
    driver.get(f"{site.url()}?lang={language}")
    see(driver, "#offer:not(:empty)")
    WebDriverWait(driver, 60, 0.05).until(
        lambda page: page.find_elements(By.CSS_SELECTOR, "#language option")
    )
    yield f"{language} 1 empty"
    see(driver, ".promise summary").click()
    yield f"{language} 2 promise"
    see(driver, ".promise summary").click()
    see(driver, "details.runs summary").click()
    see(driver, "details.runs [data-part=line]:not(:empty)")
    yield f"{language} 3 choosing"
    broken = scratch / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    choose(driver, PHOTOS / "chelsea.png", broken)
    see(driver, "[data-job][data-state=done]", seconds=90)
    see(driver, "[data-job][data-state=failed] [role=alert]", seconds=60)
    yield f"{language} 4 done and failed"
    see(driver, ".finish [data-part=more]").click()
    see(driver, ".finish [name=shadow]").click()
    pick(driver, "size", "custom")
    pick(driver, "format", "webp")
    see(driver, ".finish .chip:has([value=gradient])").click()
    yield f"{language} 5 finish"
    see(driver, "[data-job][data-state=done] [data-part=touch-up]", seconds=60).click()
    see(driver, ".editor[open]:not([data-opening]) .editor-stage[aria-busy=false]", seconds=60)
    yield f"{language} 6 editor"
    driver.execute_script("localStorage.clear()")
    driver.get(f"{site.url()}?lang={language}")
    see(driver, "[data-part=open-stored]").click()
    see(driver, "dialog.stored .stored-file")
    yield f"{language} 7 stored"
    see(driver, "dialog.stored [data-part=close]").click()
    see(driver, "[data-part=open-diagnostics]").click()
    see(driver, "dialog.diagnostics [data-part=rows] button").click()
    yield f"{language} 8 diagnostics"
