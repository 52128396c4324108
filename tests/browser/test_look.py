"""The model looks at a part of a photo: one subject of two is chosen, and it is seen better."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from selenium.webdriver import Chrome

from tests.harness import tiny_model, tiny_site
from tests.harness.driving import PageError, call
from tests.harness.site import Site, serving

WIDTH, HEIGHT, RADIUS = 640, 480, 50
CHOSEN, OTHER = (170, 250), (450, 200)
BOX = {"x": CHOSEN[0] - 56, "y": CHOSEN[1] - 56, "width": 112, "height": 112}
COLOUR = (40, 10, 20)
#: Alpha of what the model holds for the subject, at least.
SURE = 250


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    store = tmp_path_factory.mktemp("store")
    with serving(tiny_site.app(store, graph=tiny_model.decided())) as running:
        yield running


def disc(centre: tuple[int, int]) -> NDArray[np.bool_]:
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return np.hypot(x - centre[0], y - centre[1]) < RADIUS


def photo() -> str:
    """Two dark discs on white: the model takes both for the subject."""
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    pixels[disc(CHOSEN)] = COLOUR
    pixels[disc(OTHER)] = (10, 60, 30)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def rgba(file: str) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(file))))


def look(page: Chrome, box: dict[str, Any], **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = call(page, "look", {"photo": photo(), "box": box, "options": options})
    return result


def test_one_of_two_subjects_is_chosen(page: Chrome) -> None:
    result = look(page, BOX, isOnly=True)
    before, after = rgba(result["before"]), rgba(result["after"])
    for one in (CHOSEN, OTHER):
        assert before[one[1], one[0], 3] > SURE
    seen = result["seen"]
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[seen["y"] : seen["y"] + seen["height"], seen["x"] : seen["x"] + seen["width"]] = False
    assert before[outside][:, 3].max() > SURE
    assert after[outside][:, 3].max() == 0
    assert after[CHOSEN[1], CHOSEN[0], 3] > SURE
    assert np.abs(after[CHOSEN[1], CHOSEN[0], :3] - np.array(COLOUR)).max() <= 2
    # Seen at its full resolution, its edge is nearer to where it is.
    truth = disc(CHOSEN) * 255.0
    errors = [np.abs(one[..., 3] - truth)[~outside].sum() for one in (before, after)]
    assert errors[1] < 0.6 * errors[0]


def test_what_is_outside_stays_unless_it_is_to_go(page: Chrome) -> None:
    result = look(page, BOX)
    before, after = rgba(result["before"]), rgba(result["after"])
    assert after[OTHER[1], OTHER[0], 3] > SURE
    assert np.array_equal(before[:, 300:, 3], after[:, 300:, 3])


def test_it_is_told_what_was_done_and_that_nothing_was_found(page: Chrome) -> None:
    found = look(page, BOX)
    assert [event["stage"] for event in found["events"]] == ["decoding", "running"]
    assert found["report"]["backend"] == "wasm"
    assert found["report"]["size"] == {"width": WIDTH, "height": HEIGHT}
    assert found["report"]["notes"] == []
    empty = look(page, {"x": 300, "y": 400, "width": 60, "height": 60})
    assert [note["code"] for note in empty["report"]["notes"]] == ["nothing-found"]


@pytest.mark.parametrize(
    "box",
    [
        {"x": 0, "y": 0, "width": 15, "height": 40},
        {"x": 600, "y": 0, "width": 41, "height": 40},
        {"x": -1, "y": 0, "width": 40, "height": 40},
        {"x": 0.5, "y": 0, "width": 40, "height": 40},
        None,
    ],
)
def test_another_box_is_refused(page: Chrome, box: Any) -> None:
    with pytest.raises(PageError) as refused:
        look(page, box)
    assert refused.value.code == "bad-option"
    assert refused.value.details["option"] == "box"
