"""Lighthouse on the page as a first visitor gets it, several times over."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from tests.harness.browsers import QUIET, chromium_programs

CLI = Path(__file__).parent / "node_modules" / "lighthouse" / "cli" / "index.js"
AIMS = {"performance": 95, "accessibility": 100, "best-practices": 100}
#: Lighthouse's own: a mid-range phone on a slow 4G line, and a desktop on cable.
DEVICES: dict[str, tuple[str, ...]] = {"phone": (), "desktop": ("--preset=desktop",)}
PATIENCE_S = 170


class AuditError(Exception):
    """Lighthouse came to no result; the message is its own."""


@dataclass(frozen=True)
class Scores:
    """One device's runs: each category's scores 0..100 in the order of the runs."""

    device: str
    scores: dict[str, list[int]]
    #: In how many runs an audit, by category and name, cost points.
    failed: Counter[tuple[str, str]]
    version: str

    def of(self, category: str) -> float:
        """Performance varies with what else the machine does: its median. The rest must not."""
        scores = self.scores[category]
        return median(scores) if category == "performance" else min(scores)

    def short(self) -> list[str]:
        """The categories that miss their aim."""
        return [category for category, aim in AIMS.items() if self.of(category) < aim]


def measure(url: str, device: str, runs: int) -> Scores:
    """Run Lighthouse `runs` times, each in a new browser with an empty profile.

    Raises AuditError when a run fails twice; under load Lighthouse now and then loses its trace.
    """
    reports = [_patient_run(url, DEVICES[device]) for _ in range(runs)]
    scores = {
        category: [round(report["categories"][category]["score"] * 100) for report in reports]
        for category in AIMS
    }
    failed = Counter(one for report in reports for one in _failed(report))
    return Scores(device, scores, failed, reports[0]["lighthouseVersion"])


def _failed(report: dict[str, Any]) -> list[tuple[str, str]]:
    refs = [(name, ref) for name in AIMS for ref in report["categories"][name]["auditRefs"]]
    weighed = [(name, report["audits"][ref["id"]]) for name, ref in refs if ref["weight"] > 0]
    poor = [(name, audit) for name, audit in weighed if audit["score"] is not None]
    return [(name, audit["id"]) for name, audit in poor if audit["score"] < 0.9]


def _patient_run(url: str, options: tuple[str, ...]) -> dict[str, Any]:
    try:
        return _run(url, options)
    except AuditError:
        return _run(url, options)


def _run(url: str, options: tuple[str, ...]) -> dict[str, Any]:
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    flags = " ".join(("--headless=new", *sandbox, *QUIET))
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        output = Path(scratch) / "report.json"
        # Each visit tries its walls, and the browser logs that it refused; the rest of the console
        # is held to be empty by tests/browser/test_page.py.
        command = [
            "node", str(CLI), url, "--quiet", "--no-enable-error-reporting", "--output=json",
            f"--output-path={output}", f"--only-categories={','.join(AIMS)}",
            f"--chrome-flags={flags}", "--skip-audits=errors-in-console", *options,
        ]  # fmt: skip
        environment = os.environ | {"CHROME_PATH": chromium_programs()[0] or "", "TMPDIR": scratch}
        told = _finished(command, environment)
        if not output.exists():
            raise AuditError(told or "no report")
        report: dict[str, Any] = json.loads(output.read_text())
    if trouble := report.get("runtimeError"):
        raise AuditError(trouble["message"])
    return report


def _finished(command: list[str], environment: dict[str, str]) -> str:
    """Run to the end, browser included. Returns what it said."""
    process = psutil.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        told, _ = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        family = [*process.children(recursive=True), process]
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, timeout=5)
        raise AuditError(f"no result within {PATIENCE_S} s") from None
    return str(told).strip()
