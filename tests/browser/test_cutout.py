"""Real photos through the real page, against what Python makes of the upstream model."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from selenium.webdriver import Chrome

from tests.harness.driving import call, cut_out
from tests.harness.photos import PHOTOS, REFINED, reference, upright_rgb
from tests.harness.site import Site

NAMES = sorted(path.name for path in PHOTOS.iterdir())


@pytest.fixture(scope="module")
def opened(chromium: Chrome, site: Site) -> Chrome:
    """One page for what is told of photos: its model is up."""
    site.faults.clear()
    chromium.get(site.url())
    return chromium


def test_there_are_photos() -> None:
    assert len(NAMES) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_cutout_equals_the_reference(opened: Chrome, name: str) -> None:
    original = upright_rgb(name)

    # The matte as the model gives it, over the photo's own colours.
    output = {"refine": False, "decontaminate": False, "hidden": "keep"}
    result = cut_out(opened, PHOTOS / name, output=output)

    rgba, matte = result.rgba(), result.grey()
    assert result.types == ["image/png", "image/png"]
    assert rgba.shape == (*original.shape[:2], 4)
    assert matte.shape == original.shape[:2]
    assert np.array_equal(rgba[..., 3], matte)
    difference = float(np.abs(matte - reference(name)).mean())
    assert difference <= 2, f"mean absolute difference {difference:.3f} of 255"
    # Straight alpha: the colour is kept everywhere, also where nothing of it shows.
    assert np.abs(rgba[..., :3] - original).max() <= 1
    height, width = original.shape[:2]
    assert result.report["size"] == {"width": width, "height": height}


def test_refined_and_decontaminated_where_nothing_is_said(opened: Chrome) -> None:
    original = upright_rgb("chelsea.png")

    result = cut_out(opened, PHOTOS / "chelsea.png")

    rgba, matte = result.rgba(), result.grey()
    assert np.array_equal(rgba[..., 3], matte)
    done = {"refined": True, "decontaminated": True, "profile": False, "copyright": False}
    assert result.report["applied"] == done
    assert float(np.abs(matte - reference("chelsea.png")).mean()) <= REFINED
    opaque = matte == 255
    assert opaque.mean() > 0.1
    assert np.array_equal(rgba[opaque][:, :3], original[opaque])


def test_existing_transparency_is_kept(opened: Chrome) -> None:
    photo = Image.open(PHOTOS / "chelsea.png").convert("RGBA")
    veil = Image.new("L", photo.size, 255)
    veil.paste(0, (0, 0, 150, photo.height))
    photo.putalpha(veil)
    file = io.BytesIO()
    photo.save(file, "PNG")

    result = cut_out(opened, file.getvalue())

    alpha, matte = result.rgba()[..., 3], result.grey()
    assert alpha[:, :150].max() == 0
    assert np.array_equal(alpha[:, 150:], matte[:, 150:])
    assert matte[:, 150:].max() > 200


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_a_logo_is_kept_and_can_be_cut_out_anyway(opened: Chrome) -> None:
    logo = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    draw.ellipse((30, 30, 210, 210), fill="black")
    for left in (250, 330, 410, 490):
        draw.rectangle((left, 60, left + 50, 180), fill="black")

    kept = cut_out(opened, png(logo))
    again = cut_out(opened, png(logo), output={"ownAlpha": "ignore"})

    own = np.asarray(logo)[..., 3]
    assert np.array_equal(kept.rgba()[..., 3], own)
    assert np.array_equal(kept.grey(), own)
    assert [note["code"] for note in kept.report["notes"]] == ["already-cut-out"]
    assert (kept.report["backend"], kept.report["ms"]["run"]) == (None, 0)
    assert again.report["backend"] == "wasm"
    # Black on black, the model kept nothing of it.
    assert again.grey().sum() > 0.8 * own.sum()


@pytest.mark.parametrize("colour", ["white", "black", (214, 205, 190)])
def test_of_a_wall_no_product_is_made(opened: Chrome, colour: str | tuple[int, int, int]) -> None:
    wall = png(Image.new("RGB", (400, 300), colour))
    frame = {"crop": {"margin": 0.05, "width": 500, "height": 500}, "shadow": {}}

    result = cut_out(opened, wall, output=frame)

    assert result.report["notes"] == [{"code": "nothing-found", "detail": {"kind": "whole"}}]
    assert result.rgba().shape == (300, 400, 4)
    assert result.rgba()[..., 3].max() < 128


def test_report_tells_what_ran(empty_page: Chrome) -> None:
    cores = empty_page.execute_script("return navigator.hardwareConcurrency")

    first = cut_out(empty_page, PHOTOS / "chelsea.png")

    report = first.report
    assert report["model"]["id"] == "u2netp"
    assert (report["requested"], report["backend"], report["reason"]) == (
        "auto",
        "wasm",
        "no-adapter",
    )
    refused, ran = report["attempts"]
    assert (refused["backend"], refused["code"]) == ("webgpu", "no-adapter")
    assert (ran["build"], ran["threads"], ran["outcome"]) == ("wasm", cores, "ran")
    assert report["runtime"] == {"version": "1.30.0", "build": "wasm", "simd": True}
    assert report["memory"]["heap"] > 100e6
    assert report["threads"] == {"asked": cores, "got": cores}
    assert report["isolated"] is True
    assert report["secure"] is True
    assert (
        report["bytes"]["expected"] == report["bytes"]["received"] > 0 == report["bytes"]["stored"]
    )
    assert all(report["ms"][stage] > 0 for stage in report["ms"]), report["ms"]
    assert first.stages == [
        "judging",
        "downloading",
        "preparing",
        "decoding",
        "running",
        "encoding",
    ]
    last = [event for event in first.events if event["stage"] == "downloading"][-1]
    assert last["loaded"] == last["total"]


@pytest.fixture(scope="module")
def tiny_opened(chromium: Chrome, tiny: Site) -> Chrome:
    """One page for what does not depend on the model."""
    chromium.get(tiny.url())
    return chromium


def test_asking_for_webgpu_falls_back_and_says_so(tiny_opened: Chrome) -> None:
    report = cut_out(tiny_opened, PHOTOS / "chelsea.png", backend="webgpu").report

    refused, ran = report["attempts"]
    assert (refused["backend"], refused["build"], refused["outcome"]) == ("webgpu", None, "refused")
    assert ran["backend"] == report["backend"] == "wasm"
    assert report["reason"] == refused["code"] == report["verdict"]["reason"] == "no-adapter"


def test_another_way_of_running_it_fetches_nothing_again(tiny_opened: Chrome) -> None:
    cut_out(tiny_opened, PHOTOS / "chelsea.png")

    second = cut_out(tiny_opened, PHOTOS / "chelsea.png", backend="wasm", threads=1)

    assert (second.report["requested"], second.report["reason"]) == ("wasm", "requested")
    assert second.report["threads"] == {"asked": 1, "got": 1}
    assert second.report["bytes"]["received"] == 0 < second.report["bytes"]["stored"]
    assert second.stages == ["preparing", "decoding", "running", "encoding"]


def test_diagnostics_remember_runs_but_no_photo(tiny_opened: Chrome) -> None:
    cut_out(tiny_opened, PHOTOS / "chelsea.png")

    diagnostics = call(tiny_opened, "diagnostics")

    assert diagnostics["runtime"] == "1.30.0"
    assert diagnostics["environment"]["isolated"] is True
    assert diagnostics["reports"][-1]["backend"] == "wasm"
    assert "chelsea" not in str(diagnostics)


def test_second_visit_downloads_nothing(tiny_page: Chrome, tiny: Site) -> None:
    call(tiny_page, "preload")
    tiny_page.get(tiny.url())
    tiny.requests.clear()
    tiny_page.execute_cdp_cmd("Network.clearBrowserCache", {})

    offer = call(tiny_page, "offer")
    report = cut_out(tiny_page, PHOTOS / "chelsea.png").report

    assert offer["download"] == 0
    assert report["bytes"]["received"] == 0
    assert not [path for path in tiny.requests if "/models/" in path or path.endswith(".wasm")]


def test_offer_states_the_bytes_on_the_wire(empty_page: Chrome, site: Site) -> None:
    offer = call(empty_page, "offer")
    call(empty_page, "download")
    catalog = call(empty_page, "catalog")

    assert catalog["encoding"] == "br"
    assert offer["download"] == sum(part["download"] for part in offer["parts"])
    by_name = {part["name"]: part for part in offer["parts"]}
    assert by_name["u2netp.onnx"]["download"] == by_name["u2netp.onnx"]["bytes"]
    assert (
        by_name["ort-wasm-simd-threaded.wasm"]["download"]
        < by_name["ort-wasm-simd-threaded.wasm"]["bytes"] / 4
    )
    assert call(empty_page, "offer")["download"] == 0
