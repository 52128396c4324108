"""How much script is fetched until "Choose images" works, and until the first file is made.

    python -m bench.modules [--photos JPEG PNG ...] [--out FILE]

Modules of page and workers, vendor files among them, each once, in a browser that was never here;
the service worker, which keeps all of them for later, is left out. Bytes as the server sends them,
in brotli at its default quality. Prints a table and writes every module's bytes as JSON.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from bench.options import command_line, write
from server import create_app
from server.asset_tree import ENTRY_MODULE, load_tree
from server.config import Settings
from server.variants import VariantStore
from tests.harness import browsers
from tests.harness.site import Site, serving

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "photos"
PHOTOS = (FIXTURES / "flower.jpg", FIXTURES / "chelsea.png")
SCRIPT = re.compile(r"/assets/[0-9a-f]+/(.+\.m?js)")

# What a model would download is told with its parts, once it is known.
SETTLED = "return document.getElementById('offer').title !== ''"
MADE = """
const job = document.querySelector('[data-job]');
const link = job?.querySelector('[data-part=download]');
return job?.dataset.state === 'done' && link.hasAttribute('href') && !link.hidden;
"""
PATIENCE = 180
"""Seconds until a page that is slow is taken for one that failed."""


@dataclass(frozen=True)
class Scripts:
    """Modules by name, with their bytes on the wire."""

    bytes: Mapping[str, int]

    @property
    def total(self) -> int:
        """Bytes of all of them."""
        return sum(self.bytes.values())

    def as_json(self) -> dict[str, Any]:
        """The largest first."""
        largest = sorted(self.bytes.items(), key=lambda item: -item[1])
        return {"modules": len(largest), "bytes": self.total, "each": dict(largest)}


def main() -> int:
    """Count, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    settings = Settings.from_environment()
    store = VariantStore(settings.variants, settings.brotli_quality)
    tree = load_tree(settings.client, settings.node_modules, store)
    sizes = {name: asset.download("br") for name, asset in tree.assets.items()}
    found = {f"first path, {ENTRY_MODULE}": Scripts({name: sizes[name] for name in tree.preload})}
    app = create_app(settings)
    for photo in options.photos:
        found |= _visit(app, sizes, photo)
    for name, scripts in found.items():
        print(f"{name:<44} {len(scripts.bytes):>4} modules {scripts.total / 1000:>7.1f} kB")
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "brotli_quality": settings.brotli_quality,
        "found": {name: scripts.as_json() for name, scripts in found.items()},
    }
    write(options.out, result)
    return 0


def _visit(app: Flask, sizes: Mapping[str, int], photo: Path) -> dict[str, Scripts]:
    """A person who waits for the page, and then chooses a photo."""
    with serving(app) as site, browsers.chromium("--window-size=1280,900") as driver:
        driver.get(site.url())
        _await(driver, SETTLED)
        before = _asked(site, sizes)
        driver.find_element(By.ID, "files").send_keys(str(photo))
        _await(driver, MADE)
        return {
            f"{photo.name}: before it is chosen": before,
            f"{photo.name}: until its file is made": _asked(site, sizes),
        }


def _asked(site: Site, sizes: Mapping[str, int]) -> Scripts:
    names = (found[1] for path in list(site.requests) if (found := SCRIPT.fullmatch(path)))
    return Scripts({name: sizes[name] for name in names})


def _await(driver: Chrome, script: str) -> None:
    WebDriverWait(driver, PATIENCE).until(lambda page: page.execute_script(script))


def _absolute(text: str) -> Path:
    return Path(text).resolve()


def _options() -> argparse.Namespace:
    parser = command_line("modules", __doc__)
    parser.add_argument("--photos", type=_absolute, nargs="+", default=list(PHOTOS))
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
