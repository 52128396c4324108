"""Lighthouse and axe-core on the page in Debian's Chromium: prints scores, exits 1 below the aims.

python -m tests.audit [--runs 5] [--only lighthouse|axe|fits] [--languages de ar]
                      [--groups site desk] [--pictures FOLDER]

Starts its own server and browsers and ends them. Scores of performance vary with the load of the
machine: the median of the runs is what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from server import create_app
from tests.audit import axe, fits, lighthouse
from tests.audit.languages import spoken
from tests.audit.states import ELSEWHERE, GROUPS, states
from tests.harness import browsers
from tests.harness.site import Site, serving


def main() -> int:
    options = _options()
    sound = True
    # A page that is opened anew is in its first state.
    os.environ.setdefault("MATTEBOX_KEEP", "never")
    with serving(create_app()) as site:
        if options.only in (None, "lighthouse"):
            sound &= _lighthouse(site, options.runs)
        if options.only in (None, "axe"):
            sound &= _axe(site, options)
        if options.only in (None, "fits"):
            sound &= _fits(site, options.pictures, options.languages)
    print("\nall aims met" if sound else "\nbelow the aims")
    return 0 if sound else 1


def _lighthouse(site: Site, runs: int) -> bool:
    # As it is served, service worker and all.
    site.is_kept = True
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    measured = [lighthouse.measure(site.url(), device, runs) for device in lighthouse.DEVICES]
    print(f"Lighthouse {measured[0].version}, {runs} runs each, aims in brackets")
    heads = (f"{name} ({aim})" for name, aim in lighthouse.AIMS.items())
    print(f"  {'':8}" + "".join(f"{head:>24}" for head in heads))
    for one in measured:
        cells = (f"{one.of(name):g}  {_spread(one.scores[name])}" for name in lighthouse.AIMS)
        print(f"  {one.device:8}" + "".join(f"{cell:>24}" for cell in cells))
        for (category, audit), count in sorted(one.failed.items()):
            print(f"      {category}: {audit} below 90 in {count} of {runs} runs")
    if load > cores / 2:
        print(f"  busy with other work (load {load:.1f}, {cores} cores): performance reads too low")
    return not any(one.short() for one in measured)


def _spread(scores: list[int]) -> str:
    return f"[{min(scores)}..{max(scores)}]" if min(scores) < max(scores) else ""


def _axe(site: Site, options: argparse.Namespace) -> bool:
    pictures, languages = options.pictures, options.languages
    version = json.loads((axe.SOURCE.parent / "package.json").read_text())["version"]
    print(f"\naxe-core {version}, violations by state (aim: 0)")
    print(f"  {'':34}" + "".join(f"{look:>10}" for look in axe.LOOKS))
    found: list[axe.Verdict] = []
    site.is_kept = False
    with (
        tempfile.TemporaryDirectory() as scratch,
        browsers.chromium("--window-size=1280,900", browsers.SOFTWARE_GPU, ELSEWHERE) as driver,
    ):
        folder = Path(scratch)
        in_languages = (one for tag in languages for one in spoken(driver, site, folder, tag))
        looks = ("1440 px", "360 px") if languages else axe.LOOKS
        for state in in_languages if languages else states(driver, site, folder, options.groups):
            verdicts = axe.examine(driver, state, pictures, looks)
            cells = "".join(f"{len(verdict.violations):>10}" for verdict in verdicts)
            print(f"  {state:34}{cells}", flush=True)
            found += verdicts
    for verdict in found:
        for violation in verdict.violations:
            print(f"\n  {verdict.state}, {verdict.look}", *violation, sep="\n    ")
    unsure = sorted({rule for verdict in found for rule in verdict.unsure})
    print(f"  {len(found)} examined; left to people's eyes: {', '.join(unsure) or 'nothing'}")
    return not any(verdict.violations for verdict in found)


def _fits(site: Site, pictures: Path | None, languages: list[str]) -> bool:
    print("\nwords without room, by state (aim: 0)")
    print(f"  {'':34}" + "".join(f"{look:>10}" for look in fits.LOOKS))
    site.is_kept = False
    total = 0
    with (
        tempfile.TemporaryDirectory() as scratch,
        browsers.chromium("--window-size=1280,900") as driver,
    ):
        for tag in languages or fits.LANGUAGES:
            for state in spoken(driver, site, Path(scratch), tag):
                found = fits.walk(driver, state, pictures)
                print(f"  {state:34}" + "".join(f"{len(one):>10}" for one in found.values()))
                for look, lines in found.items():
                    print(*(f"      {look}: {line}" for line in lines), sep="\n", end="")
                    print("\n" if lines else "", end="", flush=True)
                    total += len(lines)
    return total == 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of Lighthouse, per device")
    parser.add_argument("--only", choices=("lighthouse", "axe", "fits"))
    parser.add_argument("--pictures", type=Path, help="keep a picture of every state here")
    parser.add_argument("--languages", nargs="*", default=[], help="axe and fits in these only")
    parser.add_argument("--groups", nargs="+", choices=GROUPS, default=GROUPS, help="of states")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs is at least 1")
    return options


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
