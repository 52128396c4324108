"""axe-core on the page as it stands in a browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome

SOURCE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

#: How the page is looked at: window in CSS pixels, the colours the person prefers, and whether the
#: system forces its own ones on it.
LOOKS: dict[str, tuple[int, int, str, str]] = {
    "1440 px": (1440, 900, "light", "none"),
    "dark": (1280, 720, "dark", "none"),
    "forced": (1280, 720, "dark", "active"),
    "360 px": (360, 740, "light", "none"),
}

# All rules but the experimental ones, target-size too, which axe leaves off. `preload` would fetch
# style sheets a second time, which this page's policy refuses and the rules do not need.
_RUN = """
const done = arguments[arguments.length - 1];
const rules = { 'target-size': { enabled: true } };
const settled = async () => {
  await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
  // A colour on its way from light to dark is neither.
  const changes = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(changes.map(({ finished }) => finished));
};
const where = ({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`;
const run = async () => {
  await settled();
  const found = await axe.run(document, { rules, preload: false });
  return {
    passed: found.passes.length,
    unsure: found.incomplete.map(({ id }) => id),
    violations: found.violations.map(({ id, help, nodes }) => [
      `${id}: ${help}`, ...nodes.map(where),
    ]),
  };
};
run().then(done, (error) => done({ error: String(error) }));
"""


@dataclass(frozen=True)
class Verdict:
    """What axe found in one state under one look."""

    state: str
    look: str
    passed: int
    #: Rules it could not decide, such as the contrast of text on a photo.
    unsure: tuple[str, ...]
    #: Each as "rule: help" and the places where it is broken.
    violations: tuple[tuple[str, ...], ...]


_WIDE = """
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? `${scrollWidth} px in ${clientWidth}` : '';
"""


def examine(
    driver: Chrome, state: str, pictures: Path | None = None, looks: Iterable[str] = LOOKS
) -> list[Verdict]:
    """The page's present state under these looks; the window is as before afterwards."""
    try:
        return [_examine(driver, state, look, pictures) for look in looks]
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def _examine(driver: Chrome, state: str, look: str, pictures: Path | None) -> Verdict:
    width, height, scheme, forced = LOOKS[look]
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "forced-colors", "value": forced},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    if not driver.execute_script("return 'axe' in window"):
        driver.execute_script(SOURCE.read_text())
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        driver.save_screenshot(pictures / f"{state}, {look}.png")
    found: dict[str, Any] = driver.execute_async_script(_RUN)
    if "error" in found:
        raise RuntimeError(f"axe in state {state}, {look}: {found['error']}")
    violations = tuple(tuple(lines) for lines in found["violations"])
    if wide := driver.execute_script(_WIDE):
        violations += (("The page is wider than its window", wide),)
    return Verdict(state, look, found["passed"], tuple(found["unsure"]), violations)
