"""What models that do something else than matting cost on this machine: those that select, measured
in the page; those that make pictures from words, as counted, and offered or why not.

Part of `python -m bench.models`.
"""

from __future__ import annotations

import base64
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from selenium.webdriver import Chrome

from bench.measure import PageFailedError
from bench.photos import Photo
from bench.resident import most_held
from bench.visit import ask
from model_store.pipeline import Pipeline
from model_store.terminal import size
from tests.harness import browsers
from tests.harness.site import Site

SEGMENT = (
    "model", "backend", "download", "first photo", "photo", "click", "click, processor time", "tab",
    "foretold", "offered",
)  # fmt: skip
GENERATE = (
    "model", "part", "download", "GFLOP", "largest buffer", "heap with a GPU",
    "heap on a processor", "needs of a GPU", "offered",
)  # fmt: skip
SCRIPT = (Path(__file__).parent / "pipelines.js").read_text(encoding="utf-8")
PATIENCE = 900
CLICKS = 15

Row = tuple[str, ...]


def segment_rows(site: Site, entry: Pipeline, photo: Photo, *, gpu: bool) -> Iterator[Row]:
    """A row for each backend."""
    with _page(site, gpu=gpu) as driver:
        verdict = ask(driver, SCRIPT, "gpu")
        yield _on_processor(driver, entry, photo)
    # A GPU that is one takes it before the processor does; the row above is then of it.
    reason = verdict["reason"] if verdict else "no GPU"
    if not verdict or verdict["verdict"] != "fit":
        yield (entry.id, "webgpu", size(entry.bytes), *"-----", "", f"no: {reason}")


def _on_processor(driver: Chrome, entry: Pipeline, photo: Photo) -> Row:
    """A first photo with download and session, another one, and clicks, of which the median;
    processor time is of the whole browser."""
    head, told = (entry.id, "wasm", size(entry.bytes)), f"{entry.requirements.memory_mib} MiB"
    dimensions = {"width": photo.width, "height": photo.height}
    shown = {"photo": base64.b64encode(photo.path.read_bytes()).decode(), "size": dimensions}
    try:
        begun = ask(driver, SCRIPT, "begin", **shown)
    except PageFailedError as error:
        return (*head, *"-----", told, f"fails: {error}")
    if "refused" in begun:
        why = [each["code"] for each in begun["refused"] if each["model"] == entry.id]
        return (*head, *"-----", told, f"no: {', '.join(why)}")
    if begun["id"] != entry.id:
        return (*head, *"-----", told, f"no: {begun['id']} goes before it")
    seen = ask(driver, SCRIPT, "see", handle="photo", **shown)
    clicking = {"size": dimensions, "handle": "photo"}
    ask(driver, SCRIPT, "ask", count=2, **clicking)
    before = _busy(driver)
    clicks = ask(driver, SCRIPT, "ask", count=CLICKS, **clicking)
    used = (_busy(driver) - before) / CLICKS
    return (
        *head, f"{begun['ms'] / 1000:.1f} s", f"{seen / 1000:.1f} s",
        f"{statistics.median(clicks):.0f} ms", f"{used * 1000:.0f} ms",
        f"{most_held(driver) / 2**20:.0f} MiB", told, "yes",
    )  # fmt: skip


def generate_rows(site: Site, entry: Pipeline, *, gpu: bool) -> Iterator[Row]:
    """A row for each part, as counted in its graph, and what this browser says of the whole."""
    with _page(site, gpu=gpu) as driver:
        offer = ask(driver, SCRIPT, "words")
    why = offer["why"] if offer and offer["id"] == entry.id else None
    answer = f"no: {why['code']}" if why else "yes"
    for graph in entry.graphs:
        fetched = sum(file.bytes for file in entry.files_of(graph))
        counted = graph.demands
        if counted is None:
            yield (entry.id, graph.role, size(fetched), *"-----", answer)
            continue
        yield (
            entry.id, graph.role, size(fetched), f"{counted.gflop:.1f}", f"{counted.largest:,}",
            f"{counted.memory_mib} MiB", f"{counted.heap_mib} MiB",
            ", ".join(counted.features) or "nothing", answer,
        )  # fmt: skip


@contextmanager
def _page(site: Site, *, gpu: bool) -> Iterator[Chrome]:
    with browsers.chromium(*((browsers.SOFTWARE_GPU,) if gpu else ())) as driver:
        browsers.give_scripts(driver, PATIENCE)
        driver.get(site.url())
        yield driver


def _busy(driver: Chrome) -> float:
    """Seconds of processor time that the browser has used."""
    root = psutil.Process(driver.service.process.pid)
    times = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    return sum(one.user + one.system for one in times)
