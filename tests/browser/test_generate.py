"""Pictures from words, all the way: twins of SD-Turbo's two public exports, installed, served, run
in WebAssembly by the real page, and compared with what native ONNX Runtime and numpy make of them.
"""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from selenium.webdriver import Chrome

from tests.fixtures import generation
from tests.fixtures.clip import Clip
from tests.fixtures.golden import GOLDEN
from tests.harness import tables
from tests.harness.driving import PageError, call
from tests.harness.store_site import serving_store
from tests.rehearsal.sd import Export
from tests.rehearsal.sd_store import LICENCE, Rehearsal, rehearse

PROMPT = "A marble table top, morning sun; IT'S warm"


def ids_of(text: str) -> NDArray[np.int32]:
    """By the reference tokenizer, cut and filled up as SD-Turbo wants them."""
    clip = json.loads((GOLDEN / "clip.json").read_text(encoding="utf-8"))
    ids = Clip(clip["vocab"], clip["merges"]).ids(text)
    ids = ids if len(ids) <= 77 else [*ids[:76], ids[-1]]
    return np.array(ids + [0] * (77 - len(ids)), np.int32)


def png(rgb: NDArray[np.uint8]) -> bytes:
    held = io.BytesIO()
    Image.fromarray(rgb).save(held, "PNG")
    return held.getvalue()


def made(
    browser: Chrome, prompt: str, seed: int, **more: str
) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    answer = call(browser, "generate", {"prompt": prompt, "seed": seed, **more})
    assert answer["type"] == "image/png"
    image = Image.open(io.BytesIO(base64.b64decode(answer["picture"])))
    assert np.asarray(image)[..., 3:].min(initial=255) == 255
    return np.asarray(image.convert("RGB")), answer


def apart(
    rehearsal: Rehearsal,
    prompt: str,
    seed: int,
    found: NDArray[np.uint8],
    start: NDArray[np.uint8] | None = None,
    where: str = "WebAssembly",
) -> int:
    """Levels of 255 between the page's picture and the reference, at most."""
    true = generation.picture(rehearsal.upstream, ids_of(prompt), seed, rehearsal.rules, start)
    assert found.shape == true.shape
    largest = int(np.abs(found.astype(int) - true.astype(int)).max())
    begun = ", begun with a picture" if start is not None else ""
    row = f"{where}: {prompt[:20]!r}, seed {seed}{begun}: {largest} of 255 levels at most"
    tables.note("pictures from words beside the reference", row)
    return largest


@pytest.mark.parametrize("export", ["float32", "float16"])
def test_the_page_makes_the_reference_s_picture(
    chromium: Chrome, tmp_path: Path, export: Export
) -> None:
    rehearsal = rehearse(tmp_path, export)
    rehearsal.pull()
    with serving_store(rehearsal.root) as site:
        chromium.get(site.url())
        offer = call(chromium, "offeredGenerator")
        files = rehearsal.installed.files
        assert offer["why"] is None
        assert offer["licence"]["isRestricted"] is True
        told = {part["role"]: part["bytes"] for part in offer["parts"]}
        needed = sum(f.bytes for f in files if f.role not in ("vae-encoder", "licence"))
        assert sum(told[role] for role in told if role != "runtime") == needed
        with urlopen(site.url(f"/{offer['licence']['url']}")) as answer:
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert answer.read().decode() == LICENCE
        # Asked for by this test, and by nobody else.
        licences = [path for path in site.requests if path.endswith("LICENSE.txt")]
        assert licences == [f"/{offer['licence']['url']}"]
        assert offer["canStart"] == (export == "float32")
        image, answer = made(chromium, PROMPT, 42)
        assert len([path for path in site.requests if path.endswith("LICENSE.txt")]) == 1
        report = answer["report"]
        assert (report["model"]["id"], report["backend"]) == ("twin", "wasm")
        assert apart(rehearsal, PROMPT, 42, image) <= 1
        if export == "float16":
            return
        # Another seed makes another picture, and nothing is fetched again.
        site.requests.clear()
        other, _ = made(chromium, PROMPT, 43)
        assert apart(rehearsal, PROMPT, 43, other) <= 1
        assert np.abs(image.astype(int) - other).mean() > 20
        long, answer = made(chromium, "marble table " * 154, 42)
        assert [note["code"] for note in answer["report"]["notes"]] == ["prompt-cut"]
        assert apart(rehearsal, "marble table " * 154, 42, long) <= 1
        assert site.requests == []
        # One that begins with another picture fetches what that takes, and nothing else.
        start = np.random.default_rng(8).integers(0, 256, (64, 64, 3), np.uint8)
        encoded = base64.b64encode(png(start)).decode()
        begun, answer = made(chromium, PROMPT, 42, start=encoded)
        assert apart(rehearsal, PROMPT, 42, begun, start) <= 1
        assert np.abs(image.astype(int) - begun).mean() > 4
        asked = [path for path in site.requests if "/models/" in path]
        assert [path.rsplit("/", 1)[1] for path in asked] == ["vae-encoder.onnx"]
        # Given up while it runs, the next one is made all the same.
        with pytest.raises(PageError) as caught:
            call(chromium, "generate", {"prompt": PROMPT, "seed": 44, "cancelAt": "unet"})
        assert caught.value.code == "cancelled"
        # A part that is damaged on this device is fetched again, and no other.
        unet = next(file for file in files if file.role == "unet")
        call(chromium, "damageStore", {"file": unet.sha256, "how": "flip"})
        chromium.get(site.url())
        site.requests.clear()
        assert np.array_equal(made(chromium, PROMPT, 43)[0], other)
        fetched = {path for path in site.requests if "/models/" in path}
        assert fetched == {f"/models/{unet.sha256}/unet.onnx"}
