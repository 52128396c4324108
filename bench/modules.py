"""How much script is fetched until "Choose images" works, the first preview, and the first file.

    python -m bench.modules [--photos JPEG PNG ...] [--out FILE]

Modules that the page and its workers ask for, vendor files among them, in a browser that was never
here; the service worker, which keeps all of them for later, is left out. Bytes as the server sends
them, in brotli at its default quality: of each module once, since a realm finds in the browser's
cache what another one has fetched, and beside it with every realm's own share counted. The photo is
chosen as soon as that works. Prints a table and the heaviest modules with who imports them, and
writes every module's bytes as JSON.
"""

from __future__ import annotations

import argparse
import os
import posixpath
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
from server.plain_modules import module_text
from server.variants import VariantStore
from tests.harness import browsers
from tests.harness.site import Answer, serving

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "photos"
PHOTOS = (FIXTURES / "flower.jpg", FIXTURES / "chelsea.png")
NOTES = (Path(__file__).parent / "modules.js").read_text()
TELLS = """
;{
  const channel = new BroadcastChannel('bench-modules');
  const realm = location.pathname.split('/').at(-1).replace('.js', '');
  const tell = (url, at) => ({ realm, url, at: performance.timeOrigin + at });
  channel.postMessage([tell(location.href, 0)]);
  new PerformanceObserver((list) => {
    channel.postMessage(list.getEntries().map(({ name, startTime }) => tell(name, startTime)));
  }).observe({ type: 'resource', buffered: true });
}
"""
SCRIPT = re.compile(r".*/assets/[0-9a-f]+/(.+\.m?js)")
WORDS = re.compile(r"messages/([^/]+)/([^/]+)\.js")
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*(\(?)\s*["'](\.[^"']+)["']""")

# What a model would download is told with its parts, once it is known.
SETTLED = "return document.getElementById('offer').title !== ''"
MADE = "return benchMoments.file !== undefined"
PATIENCE = 400
"""Seconds until a page that is slow is taken for one that failed."""
HEAVIEST = 20

Asked = list[tuple[str, str]]
"""Realm and module, in the order in which they were asked for."""


Imports = Mapping[str, list[tuple[str, bool]]]
"""Of each module what it imports, and whether that is when it is loaded itself."""


@dataclass(frozen=True)
class Scripts:
    """Modules that realms asked for, with the bytes of each on the wire."""

    asked: Asked
    bytes: Mapping[str, int]
    imports: Imports

    @property
    def names(self) -> list[str]:
        """Each once, the largest first."""
        return sorted({name for _, name in self.asked}, key=lambda name: -self.bytes[name])

    @property
    def total(self) -> int:
        """Bytes of all of them, each once."""
        return sum(self.bytes[name] for name in self.names)

    def by_realm(self) -> dict[str, dict[str, int]]:
        """Modules and bytes of each realm, also what another one has fetched."""
        realms: dict[str, set[str]] = {}
        for realm, name in self.asked:
            realms.setdefault(realm, set()).add(name)
        # Chromium tells the page of what a worker imports at its start.
        told = realms.get("page", set())
        for realm, names in realms.items():
            entry = ENTRY_MODULE if realm == "page" else f"workers/{realm}.js"
            begun = {entry} if realm == "page" else {entry, *names}
            kinds = (True, False) if realm == "page" else (True,)
            realms[realm] = _reached(begun, told | names, self.imports, kinds)
        return {
            realm: {"modules": len(names), "bytes": sum(self.bytes[name] for name in names)}
            for realm, names in realms.items()
        }

    def as_json(self) -> dict[str, Any]:
        """The largest first."""
        each = {name: self.bytes[name] for name in self.names}
        return {
            "modules": len(each),
            "bytes": self.total,
            "realms": self.by_realm(),
            "each": each,
        }


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
    first = [("page", name) for name in tree.preload]
    imports = imports_of(settings.client)
    found = {f"first path, {ENTRY_MODULE}": Scripts(first, sizes, imports)}
    app = create_app(settings)
    for photo in options.photos:
        found |= _visit(app, sizes, imports, photo)
    for name, scripts in found.items():
        print(f"{name:<44} {len(scripts.names):>4} modules {scripts.total / 1000:>7.1f} kB")
        for realm, share in scripts.by_realm().items():
            print(f"{realm:>44} {share['modules']:>4} modules {share['bytes'] / 1000:>7.1f} kB")
    languages = _languages(sizes)
    print(f"{'words of a language':<44} {'first path':>14} {'all':>10}")
    for tag, words in languages.items():
        print(f"{tag:>44} {words['first'] / 1000:>11.1f} kB {words['all'] / 1000:>7.1f} kB")
    last = next(reversed(found.values()))
    for name in last.names[:HEAVIEST]:
        all_by = [
            one for one in last.names if name in {target for target, _ in imports.get(one, [])}
        ]
        by = ", ".join(sorted(all_by)[:3]) or "the page or a worker"
        print(f"{last.bytes[name] / 1000:>7.1f} kB  {name}  by {by}")
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "brotli_quality": settings.brotli_quality,
        "languages": languages,
        "found": {name: scripts.as_json() for name, scripts in found.items()},
    }
    write(options.out, result)
    return 0


def _languages(sizes: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Bytes of each language's words: what whoever speaks it waits for, and all of them."""
    found: dict[str, dict[str, int]] = {}
    for name, size in sizes.items():
        match = WORDS.fullmatch(name)
        if match is None:
            continue
        words = found.setdefault(match[1], {"first": 0, "all": 0})
        words["all"] += size
        # English has its words in index.html, and what our catalog says in the catalog.
        at_first = {"first"} if match[1] == "en" else {"page", "first", "models"}
        words["first"] += size if match[2] in at_first else 0
    return found


def imports_of(client: Path) -> Imports:
    """Of each module of `client`."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for path in sorted(client.rglob("*.js")):
        name = path.relative_to(client).as_posix()
        for later, specifier in IMPORT.findall(module_text(path)):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), specifier))
            found.setdefault(name, []).append((target, not later))
    return found


def _reached(
    begun: set[str], among: set[str], imports: Imports, kinds: tuple[bool, ...]
) -> set[str]:
    """What is imported from `begun` on, of those `among` which somebody asked for."""
    names = sorted(begun & among)
    for name in names:  # grows while it is walked
        reached = (target for target, at_once in imports.get(name, []) if at_once in kinds)
        names.extend({target for target in reached if target in among and target not in names})
    return set(names)


def _visit(
    app: Flask, sizes: Mapping[str, int], imports: Imports, photo: Path
) -> dict[str, Scripts]:
    """A person who chooses a photo as soon as the page says what that costs."""
    with serving(app) as site, browsers.chromium("--window-size=1280,900") as driver:
        site.faults["/workers/"] = _telling
        added = {"source": NOTES}
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", added)
        driver.get(site.url())
        _await(driver, SETTLED)
        chosen = driver.execute_script("return Date.now()")
        driver.find_element(By.ID, "files").send_keys(str(photo))
        _await(driver, MADE)
        moments = driver.execute_script("return benchMoments")
        seen = driver.execute_script("return benchModules")
        ends = {
            "before it is chosen": chosen,
            "until its preview": moments["preview"],
            "until its file": moments["file"],
        }
        return {
            f"{photo.name}: {name}": Scripts(_asked(seen, until), sizes, imports)
            for name, until in ends.items()
        }


def _telling(answer: Answer) -> Answer:
    is_entry = b"serve(globalThis" in answer.body
    return answer.with_body(answer.body + TELLS.encode()) if is_entry else answer


def _asked(seen: list[dict[str, Any]], until: float) -> Asked:
    return [
        (entry["realm"], found[1])
        for entry in seen
        if entry["at"] <= until and (found := SCRIPT.fullmatch(entry["url"]))
    ]


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
