"""Whether the words of the page have room: looked for in every state, by a script in the page."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver import Chrome

_MESSAGES = Path(__file__).parents[2] / "client" / "messages"
#: Window in CSS pixels, and device pixels for each: 1280 by 900 at 200 % is 640 by 450 at 2.
LOOKS: dict[str, tuple[int, int, float]] = {
    "wide": (1280, 900, 1),
    "360 px": (360, 740, 1),
    "200 %": (640, 450, 2),
}
#: Those of the page, and those that nobody speaks.
LANGUAGES = (
    *(path.name for path in sorted(_MESSAGES.iterdir()) if path.is_dir()),
    *("en-XA", "ar-XB"),
)
#: Written so in every language.
NAMES = (
    *("Mattebox", "PNG", "WebP", "AVIF", "JPEG", "HEIC", "TIFF", "Photoshop", "GIF", "BMP", "SVG"),
    *("GPU", "CPU", "WebGPU", "webgpu", "wasm", "ONNX", "Runtime", "Web", "GFLOP", "ZIP", "RAW"),
    *("Esc", "Alt", "Shift", "Ctrl", "Enter", "Home", "End", "Tab", "Space", "Delete", "Page"),
    *("https", "http", "IS-Net", "U²-Net", "BiRefNet", "Apache-2.0", "MIT", "dpi", "min", "App"),
    *("raw", "HDR", "chelsea.png", "Escape", "WebAssembly"),
    *("auto", "corrupt-image", "no-adapter"),
)  # fmt: skip
_SCRIPT = (Path(__file__).parent / "fits.js").read_text()
_SETTLED = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => done()));
"""


def walk(driver: Chrome, state: str, pictures: Path | None = None) -> dict[str, list[str]]:
    """What does not fit in the present state, by look. The window is as it was afterwards."""
    found: dict[str, list[str]] = {}
    try:
        for look, (width, height, ratio) in LOOKS.items():
            size = {"width": width, "height": height, "deviceScaleFactor": ratio}
            metrics = size | {"mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            reduced = [{"name": "prefers-reduced-motion", "value": "reduce"}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": reduced})
            driver.execute_async_script(_SETTLED)
            found[look] = list(driver.execute_script(_SCRIPT, list(NAMES)))
            if pictures:
                pictures.mkdir(parents=True, exist_ok=True)
                driver.save_screenshot(pictures / f"{state}, {look}.png")
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    return found
