"""A picture of one's own behind the subject: any kind that opens; when it does not, it is told."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.finish.panel import HEIGHT, TOP, WIDTH, at_rest, picture, put, until, values
from tests.harness import driving
from tests.harness.driving import PageError

#: Left half red, right half transparent.
DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1">
  <rect width="1" height="1" fill="#ff0000"/></svg>"""
RED, WHITE = (255, 0, 0), (255, 255, 255)


def written(format_: str, mode: str = "RGB") -> bytes:
    """Left half red, right half white, or transparent where the mode has alpha."""
    image = Image.new(mode, (64, 64), (255, 255, 255, 0)[: len(mode)])
    image.paste((*RED, 255)[: len(mode)], (0, 0, 32, 64))
    file = io.BytesIO()
    if format_ == "HEIC":
        pillow_heif.from_pillow(image).save(file, quality=95)
    else:
        image.save(file, format_, **({"lossless": True} if format_ == "WEBP" else {}))
    return file.getvalue()


def choose(driver: Chrome, folder: Path, name: str, content: bytes) -> None:
    file = folder / name
    file.write_bytes(content)
    driver.find_element(By.ID, "finish-file").send_keys(str(file))


def panel(driver: Chrome) -> str:
    return driver.find_element(By.CSS_SELECTOR, ".finish [data-part=image]").text


def opened(driver: Chrome, name: str) -> None:
    until(driver, lambda: name in panel(driver))
    at_rest(driver)


def test_every_kind_of_picture_can_stand_behind_the_subject(
    done: Chrome, downloads: Path, tmp_path: Path
) -> None:
    put(done, background="image")
    pictures = {
        "drawing.svg": DRAWING,
        "photo.heic": written("HEIC"),
        "scan.tif": written("TIFF"),
        "veil.webp": written("WEBP", "RGBA"),
    }
    for name, content in pictures.items():
        choose(done, tmp_path, name, content)
        opened(done, name)
        found = values(picture(done, downloads))[:TOP]
        assert found.shape[-1] == 3 or found[..., 3].min() == 255, name
        # Lossy codecs mix what is on either side of the border.
        for side, colour in (
            (found[:, : WIDTH // 2 - 12], RED),
            (found[:, WIDTH // 2 + 12 :], WHITE),
        ):
            assert np.abs(side[..., :3] - colour).max() <= (12 if name == "photo.heic" else 0), name
        assert not done.find_elements(By.CSS_SELECTOR, "[role=alert]")

    plain = values(picture(done, downloads))
    put(done, matchLight=True)
    matched = values(picture(done, downloads))
    assert (matched[:TOP] == plain[:TOP]).all()
    middle = slice(HEIGHT // 2 - 20, HEIGHT // 2 + 20), slice(WIDTH // 2 - 20, WIDTH // 2 + 20)
    assert abs(matched[middle].mean() - plain[middle].mean()) > 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("half.png", written("PNG")[:60], "incomplete"),
        ("noise.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "damaged"),
        ("broken.svg", DRAWING[:-9], "damaged"),
        ("notes.txt", b"Dear all", "not a photo"),
        ("nothing.png", b"", "empty"),
    ],
    ids=["half", "noise", "drawing", "text", "nothing"],
)
def test_a_picture_that_does_not_open_is_told_where_it_was_chosen(
    done: Chrome, downloads: Path, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    put(done, background="image")
    choose(done, tmp_path, "paper.png", written("PNG"))
    opened(done, "paper.png")
    choose(done, tmp_path, name, content)
    alert = ".finish [role=alert]"
    until(done, lambda: done.find_elements(By.CSS_SELECTOR, alert))
    told = done.find_element(By.CSS_SELECTOR, alert).text
    assert told.startswith("The background picture cannot be used.")
    assert words in told
    # The earlier one stays, and no photo is the worse for it.
    at_rest(done)
    assert "paper.png" in panel(done)
    assert not done.find_elements(By.CSS_SELECTOR, "[data-job] [role=alert]")
    assert values(picture(done, downloads))[0, 0, :3].tolist() == [*RED]
    choose(done, tmp_path, "other.png", written("PNG"))
    opened(done, "other.png")
    assert not done.find_elements(By.CSS_SELECTOR, alert)


def test_through_the_seam(page: Chrome, badge: Path) -> None:
    def on(image: bytes) -> driving.Cutout:
        background = {"kind": "image", "image": base64.b64encode(image).decode()}
        return driving.cut_out(page, badge, output={"background": background})

    found = on(DRAWING).rgba()
    assert found.shape[:2] == (HEIGHT, WIDTH)
    assert found[0, 0, :3].tolist() == [*RED]
    assert found[0, -1, :3].tolist() == [*WHITE]
    for image, code in ((DRAWING[:-9], "corrupt-image"), (b"Dear all", "unsupported-image")):
        with pytest.raises(PageError) as caught:
            on(image)
        assert caught.value.code == code
        assert caught.value.details["role"] == "background"
        assert caught.value.message.startswith("The background picture ")
