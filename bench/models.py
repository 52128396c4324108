"""What each installed model costs on this machine, by each backend, or why it is not offered.

    python -m bench.models [--models u2netp,isnet] [--twins 512,1024,edgetam] [--runs 2] [--gpu]
        [--out FILE]

A photo of 2 megapixels, by the page in a browser of its own for each row: seconds of the model's
run alone and of the whole photo, the last of `--runs`; the heap of WebAssembly and the most that
the tab has held. Of models that select: a first photo, another one, a click. Of those that make
pictures from words: what is counted. `--twins`: models with random weights, pulled and installed
for this: BiRefNet lite at a side, edgetam and mobilesam at full size, sd-turbo and sdxs-512 narrow
ones. `--gpu`: have the browser play a GPU on the CPU, which shows who is refused there. Prints
tables, and writes them as Markdown. Starts its own servers and browsers and ends them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from bench import machine
from bench.machine import Neighbours
from bench.options import command_line, listed
from bench.photos import make_photos
from bench.pipelines import GENERATE, SEGMENT, Row, generate_rows, segment_rows
from bench.resident import most_held
from model_store import catalog
from model_store.pipeline import Pipeline
from model_store.terminal import size
from server import create_app
from server.config import Settings
from tests.harness import browsers
from tests.harness.driving import PageError, call, cut_out
from tests.harness.site import Site, serving
from tests.rehearsal import sd_store, segment_store
from tests.rehearsal.birefnet import Twin
from tests.rehearsal.sd import Export
from tests.rehearsal.store import rehearse

HEADS = ("model", "backend", "download", "photo", "run", "heap", "tab", "foretold", "offered")
BACKENDS = ("wasm", "webgpu")
STAGES = ("decode", "pre", "run", "post", "compose", "encode")
PATIENCE = 1500
SELECT = ("edgetam", "mobilesam")
WORDS: dict[str, Export] = {"sd-turbo": "float32", "sdxs-512": "sdxs"}


@dataclass(frozen=True)
class Offer:
    """A model that is installed: what it weighs and is foretold to take, MiB."""

    id: str
    bytes: int
    memory_mib: int
    backends: tuple[str, ...]


def main() -> int:
    """Measure, print, write."""
    options = _options()
    if not all(browsers.chromium_programs()):
        print("Chromium and chromedriver are needed; `make browsers` installs them on Debian.")
        return 1
    machine.end_within(2 * PATIENCE)
    facts, neighbours = machine.facts(), Neighbours()
    rows: list[Row] = []
    others: dict[str, list[Row]] = {"segment": [], "generate": []}
    with tempfile.TemporaryDirectory() as folder:
        [photo] = make_photos(Path(folder), {"2 MP": (1632, 1224)})
        data = photo.path.read_bytes()
        for rooted, wanted in _stores(Path(folder), options):
            offers = [offer for offer in _offers(rooted) if not wanted or offer.id in wanted]
            with _served(rooted) as site:
                for offer in offers:
                    for backend in BACKENDS:
                        rows.append(_measured(site, offer, backend, data, options))
                        print(_line(rows[-1]), flush=True)
                for entry in _pipelines(rooted):
                    if wanted and entry.id not in wanted:
                        continue
                    made = (
                        segment_rows(site, entry, photo, gpu=options.gpu)
                        if entry.task == "segment"
                        else generate_rows(site, entry, gpu=options.gpu)
                    )
                    for row in made:
                        others[entry.task].append(row)
                        print(_line(row), flush=True)
    text = "\n".join(_report(facts, neighbours.cores(), rows, others))
    print(f"\n{text}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(f"{text}\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = command_line("models", __doc__)
    parser.add_argument("--models", type=listed, default=[], help="ids; all that are installed")
    parser.add_argument(
        "--twins", type=listed, default=[], help="such as 512,1024,edgetam,sdxs-512"
    )
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--gpu", action="store_true")
    parser.set_defaults(out=Path("build/bench/models.md"))
    return parser.parse_args()


def _stores(folder: Path, options: argparse.Namespace) -> Iterator[tuple[Path | None, list[str]]]:
    """Each store to measure, None for this checkout's, and which of its models."""
    if options.models != ["none"]:
        yield None, options.models
    for twin in options.twins:
        own = folder / twin
        own.mkdir()
        if twin.isdigit():
            name = f"birefnet-twin-{twin}"
            rehearsal = rehearse(own, Twin(int(twin)), name)
            rehearsal.pull()
            rehearsal.upstream.unlink()
            yield rehearsal.root, [name]
        elif twin in SELECT:
            selecting = segment_store.rehearse(own, twin, side=1024, width=256)
            selecting.pull(twin)
            yield selecting.root, [twin]
        else:
            drawing = sd_store.rehearse(own, WORDS[twin])
            drawing.pull()
            yield drawing.root, [sd_store.NAME]


def _offers(root: Path | None) -> list[Offer]:
    found = catalog.load(root or Settings.from_environment().model_store)
    return [
        Offer(offer.id, offer.bytes, offer.requirements.memory_mib, tuple(offer.backends))
        for offer in found.offers
    ]


def _pipelines(root: Path | None) -> tuple[Pipeline, ...]:
    found = catalog.load(root or Settings.from_environment().model_store)
    return tuple(entry for entry in found.pipelines if entry.task in ("segment", "generate"))


@contextmanager
def _served(root: Path | None) -> Iterator[Site]:
    told = {"MATTEBOX_KEEP": "never"} | ({"MATTEBOX_MODEL_STORE": str(root)} if root else {})
    with patch.dict(os.environ, told):
        app = create_app()
    with serving(app) as site:
        yield site


def _measured(
    site: Site, offer: Offer, backend: str, photo: bytes, options: argparse.Namespace
) -> tuple[str, ...]:
    """One row of the table."""
    head = (offer.id, backend, size(offer.bytes))
    if backend not in offer.backends:
        return (*head, *"----", "", "no: not for this backend")
    arguments = (browsers.SOFTWARE_GPU,) if options.gpu else ()
    with browsers.chromium(*arguments) as driver:
        browsers.give_scripts(driver, PATIENCE)
        driver.get(site.url())
        asked = {"model": offer.id, "backend": backend}
        route = call(driver, "route", asked)
        first = route["attempts"][0]["backend"] if route["attempts"] else None
        # On a degraded GPU a model runs where a person insists, and takes minutes.
        judged = route["verdict"]
        if judged and judged["verdict"] != "fit" and backend == "webgpu":
            return (*head, *"----", "", f"no: {judged['reason']}")
        if first != backend:
            return (*head, *"----", "", f"no: {route['reason']}")
        try:
            results = [cut_out(driver, photo, **asked) for _ in range(options.runs)]
        except PageError as error:
            return (*head, *"----", f"{offer.memory_mib} MiB", f"fails: {error.code}")
        report, tab = results[-1].report, most_held(driver)
        ran = report["attempts"][-1]
        if ran["backend"] != backend:
            failed = next(a["code"] for a in report["attempts"] if a["backend"] == backend)
            return (*head, *"----", f"{offer.memory_mib} MiB", f"fails: {failed}")
    ms = report["ms"]
    whole = sum(ms.get(stage) or 0 for stage in STAGES)
    heap = f"{report['memory']['heap'] / 2**20:.0f} MiB" if report["memory"]["heap"] else "-"
    return (
        *head, f"{whole / 1000:.1f} s", f"{ms['run'] / 1000:.1f} s", heap, f"{tab / 2**20:.0f} MiB",
        f"{offer.memory_mib} MiB", f"yes: {report['reason']}",
    )  # fmt: skip


def _line(row: Sequence[str]) -> str:
    return "| " + " | ".join(row) + " |"


def _report(
    facts: dict[str, object], busy: float, rows: Sequence[Row], others: dict[str, list[Row]]
) -> Iterator[str]:
    now = datetime.now(UTC).isoformat(timespec="minutes")
    yield f"{facts['cpu']}, {facts['cores']} cores; load before: {facts['load_1min_before']};"
    yield f"cores busy with other programs meanwhile: {busy}. {now}."
    for heads, found in (
        (HEADS, rows),
        (SEGMENT, others["segment"]),
        (GENERATE, others["generate"]),
    ):
        if found:
            yield from ("", _line(heads), _line(["---"] * len(heads)), *map(_line, found))


if __name__ == "__main__":
    sys.exit(main())
