"""What can go wrong with one answer: functions from the sound answer to the faulty one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.harness.site import Answer, Fault
from tests.harness.small_segments import CutModel

OK = "ok"

Spoil = Callable[[Answer, CutModel], Answer]


@dataclass(frozen=True)
class Case:
    """A fault, where it strikes, how often, and how the download must end."""

    name: str
    spoil: Spoil
    ends: str
    #: How many times the fault strikes before the server is well again; 0 is for ever.
    times: int = 0
    #: Which segments it is tried at: first, middle, last.
    at: tuple[str, ...] = ("first", "middle", "last")
    #: Whether a request for the whole file is struck as well as one for the segment.
    everywhere: bool = False


def status(line: str, **headers: str) -> Spoil:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda _answer, _model: Answer(line, (("Content-Length", "4"), *pairs), b"oops")


def headed(name: str, value: str | None) -> Spoil:
    """One header replaced, or taken away."""

    def spoil(answer: Answer, _model: CutModel) -> Answer:
        without = answer.without(name)
        return without if value is None else without.with_header(name, value)

    return spoil


def body(change: Callable[[bytes], bytes]) -> Spoil:
    """Other bytes, of a truthfully announced length."""
    return lambda answer, _model: answer.with_body(change(answer.body))


def unannounced(change: Callable[[bytes], bytes]) -> Spoil:
    """Other bytes under the sound answer's headers."""
    return lambda answer, _model: replace(answer, body=change(answer.body))


def whole(data: Callable[[CutModel], bytes], kind: str = "text/plain") -> Spoil:
    """200 with a whole body where a range was asked for."""

    def spoil(answer: Answer, model: CutModel) -> Answer:
        plain = answer.without("Content-Range", "Content-Type").with_header("Content-Type", kind)
        return replace(plain.with_body(data(model)), status="200 OK")

    return spoil


def flip(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :]


def other_segment(answer: Answer, model: CutModel) -> Answer:
    """The right headers over bytes from elsewhere in the file."""
    return replace(answer, body=model.data[1 : 1 + len(answer.body)])


def other_range(answer: Answer, model: CutModel) -> Answer:
    first, last = answer.range or (0, 0)
    shifted = f"bytes {first + 1}-{last + 1}/{len(model.data)}"
    return answer.without("Content-Range").with_header("Content-Range", shifted)


def other_total(answer: Answer, model: CutModel) -> Answer:
    first, last = answer.range or (0, 0)
    wrong = f"bytes {first}-{last}/{len(model.data) + 1}"
    return answer.without("Content-Range").with_header("Content-Range", wrong)


def weakly_tagged(answer: Answer, model: CutModel) -> Answer:
    return answer.without("ETag").with_header("ETag", f'W/"{model.sha256}"')


def stalled(answer: Answer, _model: CutModel) -> Answer:
    return replace(answer, stall=18)


PAGE = b"<!doctype html><title>Sign in</title>" + b" " * 3000
ONCE = ("middle",)
ALWAYS: dict[str, Any] = {"at": ONCE, "everywhere": True}

CASES = [
    Case("404", status("404 Not Found"), "http-status"),
    Case("403", status("403 Forbidden"), "http-status", at=ONCE),
    Case("410", status("410 Gone"), "http-status", at=ONCE),
    Case("500 once", status("500 Internal Server Error"), OK, times=1),
    Case("500 for ever", status("500 Internal Server Error"), "http-status", at=ONCE),
    Case("503, Retry-After 1, once", status("503 Busy", Retry_After="1"), OK, times=1, at=ONCE),
    Case("429, Retry-After 1, once", status("429 Slow", Retry_After="1"), OK, times=1, at=ONCE),
    Case("503, Retry-After 1 h", status("503 Busy", Retry_After="3600"), "http-status", at=ONCE),
    Case("204", status("204 No Content"), "http-status", at=ONCE),
    Case("302", status("302 Found", Location="/healthz"), "signed-out", at=("last",)),
    Case("416", status("416 Range", Content_Range="bytes */7"), "length-mismatch", at=ONCE),
    Case("200 instead of 206", whole(lambda model: model.data), OK),
    Case("200 with a page for the range", whole(lambda _model: PAGE, "text/html"), OK),
    Case("200 with a page", whole(lambda _model: PAGE, "text/html"), "signed-out", **ALWAYS),
    Case("200, short", whole(lambda model: model.data[:-9]), "length-mismatch", **ALWAYS),
    Case("200, flipped", whole(lambda model: flip(model.data)), "model-corrupt", **ALWAYS),
    Case("206 with a page", body(lambda _data: PAGE), "length-mismatch", at=ONCE),
    Case("short once", body(lambda data: data[:-1]), OK, times=1),
    Case("short for ever", body(lambda data: data[:-1]), "length-mismatch"),
    Case("long for ever", body(lambda data: data + b"\0"), "length-mismatch"),
    Case("empty", body(lambda _data: b""), "length-mismatch", at=ONCE),
    Case("broken off once", unannounced(lambda data: data[: len(data) // 2]), OK, times=1),
    Case("broken off thrice", unannounced(lambda data: data[: len(data) // 3]), OK, 3, ONCE),
    Case("broken off at once, for ever", unannounced(lambda _data: b""), "network", at=("last",)),
    Case("flipped bit once", body(flip), OK, times=1),
    Case("flipped bit for ever", body(flip), "model-corrupt"),
    Case("other bytes for ever", other_segment, "model-corrupt", at=("first", "last")),
    Case("zeros for ever", body(lambda data: bytes(len(data))), "model-corrupt", at=ONCE),
    Case("Content-Length too small", headed("Content-Length", "7"), "length-mismatch"),
    Case("no Content-Length", headed("Content-Length", None), OK, at=ONCE),
    Case("other range", other_range, "range-mismatch"),
    Case("other range once", other_range, OK, times=1, at=ONCE),
    Case("other total", other_total, "length-mismatch"),
    Case("no Content-Range", headed("Content-Range", None), "range-mismatch"),
    Case("multipart", headed("Content-Range", "multipart"), "range-mismatch", at=ONCE),
    Case("other ETag", headed("ETag", '"another"'), "file-changed"),
    Case("weak ETag", weakly_tagged, OK, at=ONCE),
    Case("no ETag", headed("ETag", None), OK, at=ONCE),
    Case("silent once", stalled, OK, times=1, at=("middle",)),
]  # fmt: skip


def striking(case: Case, position: str, model: CutModel, struck: list[int]) -> Fault:
    """The fault, for one segment only; `struck` gets an entry each time."""
    index = {"first": 0, "middle": model.count // 2, "last": model.count - 1}[position]
    start, end = model.span(index)

    def fault(answer: Answer) -> Answer:
        first = answer.range[0] if answer.range else -1
        is_meant = start <= first < end or (answer.range is None and case.everywhere)
        if not is_meant or (case.times and len(struck) >= case.times):
            return answer
        struck.append(first)
        return case.spoil(answer, model)

    return fault
