"""What can go wrong between a photo and a GPU, and where the photo must then have been made."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image
from selenium.webdriver import Chrome

from tests.harness import tiny_model
from tests.harness.driving import call
from tests.harness.sabotage import HARDWARE, Sabotage, fault, looks_like, measures
from tests.harness.tiny_model import Change


@dataclass(frozen=True)
class Case:
    """Faults, and how the photos come out in spite of them."""

    name: str
    faults: tuple[Sabotage, ...]
    #: What made the last photo: "jspi", "asyncify", "wasm x2" or "wasm x1".
    ran: str
    reason: str
    #: Codes of what was refused or failed before, over all photos, in order.
    codes: tuple[str, ...] = ()
    photos: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    page: Mapping[str, Any] = field(default_factory=dict)
    change: Change | None = None
    #: Whether the faults are met at all.
    struck: bool = True


def clocks(gpu: float, cpu: float) -> tuple[Sabotage, Sabotage]:
    """By its worker's clock, either takes so many times what it took."""
    return fault("pace", gpu, backend="webgpu"), fault("pace", cpu, backend="wasm")


#: SwiftShader as a graphics card, for those who look; and by the clock, for those who compare.
GOOD_GPU = (
    looks_like(),
    fault("device", "reject", "judge"),  # which would measure for seconds what is then replaced
    measures(300),
    *clocks(1e-3, 100),
)
FORCED = {"backend": "webgpu"}
LIMIT = "maxStorageBufferBindingSize"


def judged(name: str, what: Sabotage | tuple[Sabotage, ...], reason: str, **more: Any) -> Case:
    """A device whose GPU is refused before anything is fetched for it."""
    faults = what if isinstance(what, tuple) else (what,)
    if not reason.endswith("timeout"):
        # What is refused as soon as it is seen may take a busy machine seconds to see.
        faults, more = (*faults, fault("patience", 10)), {"page": {"patience": 10}, **more}
    return Case(name, faults, "wasm x2", reason, (reason,), **more)


def broken(name: str, *what: Sabotage, code: str, ran: str = "wasm x2", **more: Any) -> Case:
    """A GPU that looks well and fails at work."""
    given = {"reason": code, "codes": (code,), **more}
    return Case(name, (*GOOD_GPU, *what), ran, **given)


def on_gpu(what: str, how: Any = None, **which: Any) -> Sabotage:
    """A fault of an attempt on the GPU, not of the judge."""
    return fault(what, how, "prepare", "cutout", backend="webgpu", **which)


def needs(model: dict[str, Any], **webgpu: Any) -> None:
    """The model asks more of an adapter."""
    model["requirements"]["webgpu"].update(webgpu)


def software(description: str) -> Sabotage:
    """An adapter that gives itself away by its name only."""
    return looks_like({**HARDWARE, "vendor": "mesa", "description": description})


#: Would hang whoever looks at the GPU, and nobody should.
NOT_LOOKED = (fault("spin", at="judge begins"),)
NO_JSPI = fault("no-suspending")
THREADED = {"backend": "wasm", "threads": 2}

#: What is decided before anything is fetched.
JUDGED = [
    judged("no navigator.gpu", fault("no-gpu"), "no-webgpu"),
    judged("no adapter", fault("adapter", "null"), "no-adapter"),
    judged("adapter request rejected", fault("adapter", "reject"), "adapter-failed"),
    judged("adapter request throws", fault("adapter", "throw"), "adapter-failed"),
    judged("adapter never comes", fault("adapter", "never"), "adapter-timeout"),
    judged("judge hangs", fault("spin", at="judge begins"), "adapter-timeout"),
    judged("judge dies", fault("throw", at="judge begins"), "adapter-failed"),
    judged("SwiftShader", (), "fallback-adapter"),
    judged("llvmpipe by name", software("llvmpipe (LLVM 15.0.7, 256 bits)"), "software-adapter"),
    judged(
        "feature missing",
        looks_like(features=[]),
        "missing-feature",
        change=lambda model: needs(model, features=["shader-f16"]),
    ),
    judged(
        "limit too low", looks_like(), "limit-too-low",
        change=lambda model: needs(model, limits={LIMIT: 2**40}),
    ),
    judged("limit of nothing", looks_like(limits={LIMIT: 0}), "nonsense-limits"),
    judged("limit beyond reason", looks_like(limits={LIMIT: 2**70}), "nonsense-limits"),
    judged("slow GPU", (*GOOD_GPU[:2], measures(15)), "slow-adapter"),
    judged("no device to measure", (looks_like(), fault("device", "reject")), "probe-failed"),
    judged(
        "measures wrong numbers",
        (looks_like(), fault("result", "flipped")),
        "probe-wrong",
    ),
    judged("measuring never ends", (looks_like(), fault("device", "never")), "probe-timeout"),
    judged(
        "forced, no adapter", fault("adapter", "null"), "no-adapter", options=FORCED
    ),
    Case(
        "the CPU asked for", NOT_LOOKED, "wasm x2", "requested", struck=False,
        options={"backend": "wasm"},
    ),
    Case(
        "not offered on the GPU", NOT_LOOKED, "wasm x2", "only-backend",
        change=lambda model: model.update(backends=["wasm"]), struck=False,
    ),
    Case(
        "GPU forced, not offered", NOT_LOOKED, "wasm x2", "backend-not-offered",
        ("backend-not-offered",), options=FORCED,
        change=lambda model: model.update(backends=["wasm"]), struck=False,
    ),
]  # fmt: skip

RUNS = [
    Case("hardware", GOOD_GPU, "jspi", "hardware-adapter", photos=2),
    Case("hardware, no JSPI", (*GOOD_GPU, NO_JSPI), "asyncify", "hardware-adapter"),
    Case("forced on SwiftShader", (), "jspi", "requested", options=FORCED),
    Case("one core", (), "wasm x1", "fallback-adapter", ("fallback-adapter",), page={"cores": 1}),
    Case(
        "not isolated", (), "wasm x1", "fallback-adapter", ("fallback-adapter",),
        page={"isolated": False},
    ),
]  # fmt: skip

BROKEN = [
    broken("adapter gone", on_gpu("adapter", "null"), code="gpu-unavailable"),
    broken("device refused", on_gpu("device", "reject"), code="gpu-unavailable"),
    broken("device never comes", on_gpu("device", "never"), code="timed-out"),
    broken("lost at once", on_gpu("destroy", at="device"), code="gpu-lost"),
    broken("lost in the canary", on_gpu("destroy", at="warming up"), code="gpu-lost"),
    broken("lost before a photo", on_gpu("destroy", at="cutout begins"), code="gpu-lost"),
    broken("lost during a photo", on_gpu("destroy", at="submitted"), code="gpu-lost"),
    broken("lost, no JSPI", on_gpu("destroy", at="submitted"), NO_JSPI, code="gpu-lost"),
    broken("out of memory", on_gpu("out-of-memory", at="submitted"), code="gpu-failed"),
    broken("invalid call in a run", on_gpu("validation", at="submitted"), code="gpu-failed"),
    broken("invalid call before it", on_gpu("validation", at="cutout begins"), code="gpu-failed"),
    broken("internal error", on_gpu("internal", at="warming up"), code="gpu-failed"),
    broken("result flipped", on_gpu("result", "flipped"), code="canary-mismatch"),
    broken("result not finite", on_gpu("result", "not finite"), code="bad-matte"),
    broken("result zero", on_gpu("result", "zero"), code="canary-mismatch"),
    broken(
        "not finite, photo only", fault("result", "not finite", "cutout", backend="webgpu"),
        code="bad-matte",
    ),
    broken(
        "constant, photo only", fault("result", "constant", "cutout", backend="webgpu"),
        code="canary-mismatch",
    ),
    broken("shader does not compile", on_gpu("shader", [["fn ", "no "]]), code="gpu-failed"),
    broken("shader computes wrongly", on_gpu("shader", [["exp(", "sin("]]), code="canary-mismatch"),
    broken("session hangs", on_gpu("spin", at="shader"), code="timed-out"),
    broken("photo hangs", fault("mapping", "never", "cutout", backend="webgpu"), code="timed-out"),
    broken("worker closes itself", on_gpu("close", at="running"), code="worker-crashed"),
    broken("worker dies", on_gpu("throw", at="running"), code="worker-crashed"),
    Case(
        "slower than the CPU", GOOD_GPU[:3], "wasm x2", "too-slow", ("too-slow",),
        change=lambda model: model.update(gflop=0.001),
    ),
    broken("runtime's start hangs", on_gpu("wasm", "never"), code="timed-out"),
    broken(
        "JSPI build does not start", fault("wasm", "reject", build="jspi"),
        code="runtime-failed", ran="asyncify", reason="hardware-adapter",
    ),
    broken(
        "GPU and threads fail", on_gpu("destroy", at="device"), fault("threads", **THREADED),
        ran="wasm x1", code="gpu-lost", codes=("gpu-lost", "timed-out"),
    ),
]  # fmt: skip

RUNNING = {"at": "running", **THREADED}
ON_CPU = [
    Case(f"CPU: {name}", (what,), "wasm x1", "fallback-adapter", ("fallback-adapter", code))
    for name, what, code in [
        ("WebAssembly fails once", fault("wasm", "reject", **THREADED), "runtime-failed"),
        ("start hangs", fault("wasm", "never", **THREADED), "timed-out"),
        ("no memory for the heap", fault("memory", **THREADED), "runtime-failed"),
        ("threads never start", fault("threads", **THREADED), "timed-out"),
        ("worker dies", fault("throw", **RUNNING), "worker-crashed"),
        # While it runs it would be too late: from there on nothing waits for an event.
        ("worker closes itself", fault("close", at="cutout begins", **THREADED), "worker-crashed"),
    ]
]

MID_BATCH = [
    broken(
        "third photo of five loses the GPU", on_gpu("destroy", at="submitted", photo=3),
        code="gpu-lost", ran="jspi", reason="learned-faster", photos=5,
    ),
    broken(
        "lost between photos", on_gpu("destroy", at="cutout ended", photo=1),
        code="gpu-lost", ran="jspi", reason="learned-faster", photos=3,
    ),
    broken(
        "lost with every second photo", on_gpu("destroy", at="submitted", photo=2),
        code="gpu-lost", codes=("gpu-lost", "gpu-lost"), photos=6,
    ),
]  # fmt: skip

#: Of what is decided before a runtime is fetched, so many go on to a photo: one where nobody could
#: look, one where looking hung, one where it died, and one that was looked at.
WITH_A_PHOTO = ("no navigator.gpu", "judge hangs", "judge dies", "SwiftShader")
LOOKED_AT = [case for case in JUDGED if case.name not in WITH_A_PHOTO]
CASES = [*(one for one in JUDGED if one not in LOOKED_AT), *RUNS, *BROKEN, *ON_CPU, *MID_BATCH]


def worked(driver: Chrome, photos: int, **options: Any) -> list[dict[str, Any]]:
    """So many different photos handed over at once: how each ended, each with its true matte."""
    pictures = [tiny_model.photo(number) for number in range(photos)]
    encoded = [base64.b64encode(file).decode() for file, _ in pictures]
    told = {
        "photos": encoded,
        "options": {"model": tiny_model.ID, "output": tiny_model.AS_DRAWN, **options},
    }
    ends: list[dict[str, Any]] = call(driver, "batch", told)
    for end, (_, true) in zip(ends, pictures, strict=True):
        assert "error" not in end, end["error"]
        matte = np.asarray(Image.open(io.BytesIO(base64.b64decode(end["matte"])))) / 255
        assert np.abs(matte - true).max() < 0.01
    return ends
