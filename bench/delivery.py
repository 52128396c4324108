"""The download engine against a bare fetch, in time and memory, and how soon a model is ready.

    python -m bench.delivery [--model isnet] [--pairs 5] [--out FILE]

The model must be installed (`flask --app wsgi models pull isnet`). Starts its own server and
browser and ends them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from selenium.webdriver import Chrome

from bench import machine
from bench.options import command_line, write
from server import create_app
from tests.harness import browsers
from tests.harness.driving import call
from tests.harness.site import Site, serving

BARE = (Path(__file__).parent / "bare_fetch.js").read_bytes()
SEGMENT_MIB = 8
IN_FLIGHT = 3
READY_SLACK_MS = 500
THROUGHPUT = 0.8
MEMORY_MIB = 2 * SEGMENT_MIB * IN_FLIGHT + 32


class PeakMemory:
    """Largest resident size of the browser's renderers, over what it was at the start. In MiB.

    Sampled every 20 ms from outside, so it holds whatever the collector has not yet freed.
    """

    def __init__(self, driver_process: psutil.Process) -> None:
        self._driver = driver_process
        self._stop = threading.Event()
        self._base = self._peak = self._now()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def over_baseline(self) -> float:
        """MiB, after the watch has ended."""
        return round(self._peak - self._base, 1)

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self._peak = max(self._peak, self._now())

    def _now(self) -> float:
        sizes = []
        for process in self._driver.children(recursive=True):
            try:
                if "--type=renderer" in process.cmdline():
                    sizes.append(process.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
        return max(sizes, default=0) / 2**20


def engine_download(driver: Chrome, model: dict[str, Any]) -> dict[str, float]:
    """The product's own way: ranges, digests, store."""
    call(driver, "forget", {"sha256": model["files"][0]["sha256"]})
    started = time.perf_counter()
    with PeakMemory(psutil.Process(driver.service.process.pid)) as memory:
        result = call(driver, "download", {"model": model["id"]})
    if not result["stored"]:
        sys.exit(f"not stored: {result['storage']}")
    ms = (time.perf_counter() - started) * 1000
    return {"ms": ms, "peak_mib": memory.over_baseline}


def bare_fetch(driver: Chrome, site: Site, model: dict[str, Any]) -> dict[str, float]:
    """`fetch(url).arrayBuffer()` in a worker of the same realm."""
    script = """
      const [url, done] = arguments;
      const module = new URL(document.querySelector('script[type=module]').src);
      import(new URL('./shared/trusted.js', module)).then(({ ownScript }) => {
        const address = ownScript(new URL('./workers/delivery.js', module));
        const worker = new Worker(address, { type: 'module' });
        worker.onmessage = ({ data }) => {
          if (data.type !== 'bareFetch') return;
          worker.terminate();
          done(data);
        };
        worker.postMessage({ bareFetch: url });
      });
    """
    answer = driver.execute_async_script(script, site.url("/" + model["files"][0]["url"]))
    if answer["bytes"] != model["bytes"]:
        sys.exit(f"the bare fetch got {answer['bytes']} bytes of {model['bytes']}")
    return {"ms": answer["ms"]}


def ready(driver: Chrome, site: Site, model: str) -> dict[str, float]:
    """From the call, on a page just opened, until the stored model is checked and up."""
    driver.get(site.url(f"/?model={model}"))
    # With a backend named, so that the page's own warm-up does not count as this session.
    report = call(driver, "preload", {"model": model, "backend": "wasm"})
    return {name: report["ms"][name] for name in ("total", "create", "canary", "download")}


def main() -> int:
    """Measure, print, write."""
    options = _options()
    with serving(create_app()) as site, browsers.chromium() as driver:
        driver.set_script_timeout(160)
        site.faults["workers/delivery.js"] = lambda answer: answer.with_body(answer.body + BARE)
        driver.get(site.url("/?model=u2netp"))
        catalog = call(driver, "catalog")
        model = next((one for one in catalog["models"] if one["id"] == options.model), None)
        if model is None:
            print(f"{options.model} is not installed: flask --app wsgi models pull {options.model}")
            return 1
        call(driver, "preload", {"model": "u2netp"})
        call(driver, "download", {"model": options.model})
        pairs = []
        for _ in range(options.pairs):
            bare = bare_fetch(driver, site, model)
            pairs.append({"bare": bare, "engine": engine_download(driver, model)})
        visits = [ready(driver, site, options.model) for _ in range(options.visits)]
    ratio = statistics.median(pair["bare"]["ms"] / pair["engine"]["ms"] for pair in pairs)
    peak = statistics.median(pair["engine"]["peak_mib"] for pair in pairs)
    beyond = statistics.median(v["total"] - v["create"] - v["canary"] for v in visits)
    table = [
        ("throughput, engine / bare fetch", ratio, f">= {THROUGHPUT}", ratio >= THROUGHPUT),
        ("peak memory over baseline, MiB", peak, f"<= {MEMORY_MIB}", peak <= MEMORY_MIB),
        (
            "stored to ready, beyond it, ms",
            beyond,
            f"<= {READY_SLACK_MS}",
            beyond <= READY_SLACK_MS,
        ),
    ]
    for name, value, aim, met in table:
        print(f"{name:36} {value:9.2f}   aim {aim:8} {'met' if met else 'MISSED'}")
    megabytes = model["bytes"] / 1e6
    for way in ("bare", "engine"):
        ms = statistics.median(pair[way]["ms"] for pair in pairs)
        print(f"{way:7} {ms:8.0f} ms  {megabytes / ms * 1000:6.0f} MB/s  (median of {len(pairs)})")
    for name in ("create", "canary", "total"):
        print(f"{name:7} {statistics.median(v[name] for v in visits):8.0f} ms  (stored to ready)")
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.facts(),
        "model": {"id": model["id"], "bytes": model["bytes"]},
        "pairs": pairs,
        "visits": visits,
        "aims": [{"name": n, "value": v, "aim": a, "met": m} for n, v, a, m in table],
    }
    write(options.out, result)
    return 0


def _options() -> argparse.Namespace:
    parser = command_line("delivery", __doc__)
    parser.add_argument("--model", default="isnet")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--visits", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("SE_OFFLINE", "true")
    sys.exit(main())
