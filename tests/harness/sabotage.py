"""Faults put into the realms of the client, and a bare page that uses its public seam."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.headers import CSP, Realm
from tests.harness.site import Answer, Site

_HERE = Path(__file__).parent

#: One fault, as sabotage.js reads it.
Sabotage = dict[str, Any]

#: What a graphics card of somebody's desk says of itself.
HARDWARE = {
    "vendor": "nvidia",
    "architecture": "ampere",
    "device": "",
    "description": "",
    "isFallbackAdapter": False,
}


def fault(what: str, how: Any = None, *during: str, **which: Any) -> Sabotage:
    """`what` goes wrong, `during` these calls of the worker (judge, prepare, cutout)."""
    named = {"how": how, "in": list(during) or None, **which}
    return {"do": what, **{name: value for name, value in named.items() if value is not None}}


def looks_like(info: dict[str, Any] = HARDWARE, **parts: Any) -> Sabotage:
    """The adapter says these things of itself."""
    return fault("looks", {"info": info, **parts})


def measures(gpu: float, cpu: float = 10) -> Sabotage:
    """What the judge measured, in GFLOP/s, whatever it really was."""
    return fault("speeds", {"gpu": {"gflops": gpu, "ms": 5}, "cpu": {"gflops": cpu, "ms": 5}})


def sabotage(site: Site, faults: Sequence[Sabotage]) -> None:
    """Have every inference worker begin with these faults, none of which a browser keeps."""

    def worker(answer: Answer) -> Answer:
        first = b"import './sabotage.js';\n"
        return _unkept(answer.with_body(first + answer.body))

    given = f"globalThis.FAULTS = {json.dumps(list(faults))};\n"
    site.faults["workers/model.js"] = site.faults["workers/probe.js"] = worker
    site.faults["workers/sabotage.js"] = _script(given + (_HERE / "sabotage.js").read_text())


def bare_page(site: Site, *, cores: int = 2, isolated: bool = True, patience: float = 1) -> str:
    """The address of a page that has the seam and no more: it does nothing by itself.

    It waits `patience` times as long as it would before it gives up.
    """

    def page(answer: Answer) -> Answer:
        plain = answer.without(CSP, "Content-Type").with_header(CSP, Realm.PAGE.policy)
        html = b"<!doctype html><title>bare</title><script src=bare.js></script>"
        return _walled(plain.with_header("Content-Type", "text/html").with_body(html))

    def _walled(answer: Answer) -> Answer:
        whole = Answer("200 OK", answer.headers, answer.body)
        walls = ("Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy")
        return whole if isolated else whole.without(*walls)

    code = (
        f"Object.assign(globalThis, {{ CORES: {cores}, PATIENCE: {patience} }});\n"
        + (_HERE / "bare.js").read_text()
    )
    site.faults["/bare.js"] = _script(code)
    site.faults["/bare"] = page
    return site.url("/bare")


def _script(code: str) -> Any:
    def answer(given: Answer) -> Answer:
        typed = given.without("Content-Type").with_header("Content-Type", "text/javascript")
        return _unkept(Answer("200 OK", typed.headers, b"").with_body(code.encode()))

    return answer


def _unkept(answer: Answer) -> Answer:
    return answer.without("Cache-Control").with_header("Cache-Control", "no-store")
