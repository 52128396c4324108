"""What a person chooses about the finished file, and what is in the file they download."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import browsers, tiny_site
from tests.browser.conftest import forget_everything
from tests.browser.driving import call
from tests.browser.site import Site

#: Above and below the subject of `badge`, transparent whatever the model says.
TOP, BOTTOM = 20, -20
WIDTH, HEIGHT = 240, 320
SUFFIXES = (".png", ".webp", ".avif", ".jpg")
BY = " \N{MULTIPLICATION SIGN} "
Pixels = NDArray[np.int64]


@pytest.fixture(scope="module")
def chromium(_chromium_is_here: None, downloads: Path) -> Iterator[Chrome]:
    with browsers.chromium("--window-size=1280,900", downloads=downloads) as driver:
        driver.set_script_timeout(60)
        yield driver


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with tiny_site.hurried(tmp_path_factory.mktemp("store"), 0) as running:
        yield running


@pytest.fixture(scope="module")
def badge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo that is transparent around its middle, so that it is known where its subject is."""
    file = tmp_path_factory.mktemp("photos") / 'so "called" 50% #1 \N{PEAR}.png'
    noise = np.random.default_rng(5).integers(0, 255, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
    photo = Image.fromarray(noise).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    alpha[80:240, 60:180] = 255
    photo.putalpha(Image.fromarray(alpha))
    photo.save(file)
    return file


@pytest.fixture
def page(chromium: Chrome, tiny: Site) -> Chrome:
    """The page as at a first visit."""
    tiny.faults.clear()
    chromium.get(tiny.url())
    chromium.execute_script("localStorage.clear()")
    chromium.get(tiny.url())
    return chromium


@pytest.fixture
def done(page: Chrome, badge: Path) -> Chrome:
    """The page with that photo, cut out as it is at first."""
    cut_out(page, badge)
    return page


def cut_out(driver: Chrome, *photos: Path) -> None:
    driver.find_element(By.ID, "files").send_keys("\n".join(str(photo) for photo in photos))
    until(driver, lambda: states(driver).count("done") >= len(photos), 90)


def states(driver: Chrome) -> list[str]:
    script = "return [...document.querySelectorAll('[data-job]')].map((job) => job.dataset.state)"
    return list(driver.execute_script(script))


def until(driver: Chrome, holds: Callable[[], Any], seconds: float = 30) -> None:
    WebDriverWait(driver, seconds, 0.05).until(lambda _: holds())


def control(driver: Chrome, name: str, value: str = "") -> WebElement:
    """A control by the setting it is named after; a radio by its value, too."""
    which = f"[value='{value}']" if value else ""
    return driver.find_element(By.CSS_SELECTOR, f".finish [name={name}]{which}")


def unfold(driver: Chrome) -> None:
    more = driver.find_element(By.CSS_SELECTOR, ".finish [data-part=more]")
    if more.get_attribute("aria-expanded") == "false":
        more.click()


def put(driver: Chrome, **settings: str | float | bool) -> None:
    """Choose, one control after the other, and wait until the photos are as chosen."""
    unfold(driver)
    for name, value in settings.items():
        first = driver.find_elements(By.CSS_SELECTOR, f".finish [name={name}]")[0]
        kind = first.get_attribute("type")
        ready_made = driver.find_elements(
            By.CSS_SELECTOR, f".finish [name={name}][value='{value}']"
        )
        if kind == "radio" and ready_made:
            ready_made[0].click()
        elif kind == "checkbox":
            if first.is_selected() != value:
                first.click()
        else:
            # What typing, dragging or picking ends in; a browser's own picker is out of reach.
            driver.execute_script(
                "arguments[0].value = arguments[1];"
                "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
                driver.find_element(By.CSS_SELECTOR, f".finish [name={name}]:not([type=radio])"),
                value,
            )
    at_rest(driver)


def at_rest(driver: Chrome) -> None:
    """Nothing is being finished, and what was is on the screen."""
    note = driver.find_element(By.CSS_SELECTOR, "[data-part=finish-note]")
    until(driver, lambda: note.text == "")
    shown = "return document.querySelectorAll('.compare-after').length"
    until(driver, lambda: driver.execute_script(shown) <= len(states(driver)))


def link(driver: Chrome) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, "[data-job] [data-part=download]")


def saved(driver: Chrome, folder: Path) -> Path:
    """What the first photo's Download saves."""
    for old in folder.iterdir():
        old.unlink(missing_ok=True)
    link(driver).click()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        # Until it is complete, Chromium has a file of its own, and an empty one of this name.
        with contextlib.suppress(FileNotFoundError):
            files = list(folder.iterdir())
            if len(files) == 1 and files[0].suffix in SUFFIXES and files[0].stat().st_size:
                return files[0]
        time.sleep(0.05)
    raise AssertionError("nothing was downloaded")


def picture(driver: Chrome, folder: Path) -> Image.Image:
    """The first photo's file, opened by Pillow."""
    return opened(saved(driver, folder))


def opened(file: Path) -> Image.Image:
    return Image.open(io.BytesIO(file.read_bytes()))


def values(image: Image.Image) -> Pixels:
    return np.asarray(image).astype(int)


def over(cutout: Pixels, ground: Any) -> NDArray[np.float64]:
    """The cutout on that ground, as arithmetic has it."""
    alpha = cutout[..., 3:] / 255
    return cutout[..., :3] * alpha + np.asarray(ground, float) * (1 - alpha)


def test_untouched_it_is_a_transparent_png_of_the_exact_size(
    done: Chrome, downloads: Path, badge: Path
) -> None:
    file = saved(done, downloads)
    image = opened(file)
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (WIDTH, HEIGHT))
    assert values(image)[:TOP, :, 3].max() == 0
    # Quotes are nothing for every file system; the rest of the name is the photo's.
    assert file.name == "so _called_ 50% #1 \N{PEAR}-cutout.png"
    words = done.find_element(By.CSS_SELECTOR, "[data-job] [data-part=state]").text
    assert words.startswith(f"{WIDTH}{BY}{HEIGHT} PNG · ")


def test_what_is_shown_is_what_is_downloaded(done: Chrome) -> None:
    shown = "return [...document.querySelectorAll('.compare-after')].map(({ src }) => src)"
    first = link(done).get_attribute("href")
    assert done.execute_script(shown) == [first]
    put(done, background="colour")
    second = link(done).get_attribute("href")
    assert done.execute_script(shown) == [second] != [first]


def test_backgrounds(done: Chrome, downloads: Path, tmp_path: Path) -> None:
    cutout = values(picture(done, downloads))

    put(done, background="colour", colour="#cfe3d2")
    on_colour = picture(done, downloads)
    assert on_colour.mode in ("RGB", "RGBA")
    whole = values(on_colour.convert("RGBA"))
    assert whole[..., 3].min() == 255
    assert np.abs(whole[..., :3] - over(cutout, (0xCF, 0xE3, 0xD2))).max() <= 1.01
    put(done, colour="#0102fe")
    assert values(picture(done, downloads))[0, 0, :3].tolist() == [1, 2, 254]

    put(done, background="gradient")
    put(done, **{"from": "#ff0000", "to": "#0000ff", "angle": "180"})
    rows = values(picture(done, downloads))[..., :3]
    assert np.abs(rows[0] - [255, 0, 0]).max() <= 2
    assert np.abs(rows[-1] - [0, 0, 255]).max() <= 2
    put(done, angle="90")
    columns = values(picture(done, downloads))[:, :, :3]
    assert np.abs(columns[:TOP, 0] - [255, 0, 0]).max() <= 2
    assert np.abs(columns[:TOP, -1] - [0, 0, 255]).max() <= 2

    paper = tmp_path / "paper.png"
    Image.new("RGB", (500, 100), (10, 200, 30)).save(paper)
    put(done, background="image")
    assert values(picture(done, downloads))[0, 0, 3] == 0, "no picture yet"
    done.find_element(By.ID, "finish-file").send_keys(str(paper))
    until(done, lambda: "paper.png" in done.find_element(By.CSS_SELECTOR, ".finish").text)
    time.sleep(0.3)
    at_rest(done)
    assert np.abs(values(picture(done, downloads))[0, 0, :3] - [10, 200, 30]).max() <= 1

    put(done, background="blur", blur=100)
    assert values(picture(done, downloads).convert("RGBA"))[..., 3].min() == 255

    put(done, background="none")
    assert np.array_equal(values(picture(done, downloads)), cutout)


def test_formats(done: Chrome, downloads: Path) -> None:
    cutout = values(picture(done, downloads))
    opaque = cutout[..., 3] == 255

    put(done, format="webp")
    webp = saved(done, downloads)
    assert webp.suffix == ".webp"
    assert np.array_equal(values(opened(webp)), cutout)
    lossless = webp.stat().st_size
    put(done, webpLossless=False, webpQuality=40)
    lossy = saved(done, downloads)
    assert opened(lossy).mode == "RGBA"
    assert lossy.stat().st_size < lossless / 2
    assert np.abs(values(opened(lossy))[opaque] - cutout[opaque]).mean() < 8

    put(done, format="avif", avifQuality=90)
    avif = saved(done, downloads)
    image = opened(avif)
    assert (avif.suffix, image.format, image.size) == (".avif", "AVIF", (WIDTH, HEIGHT))
    assert np.abs(values(image.convert("RGBA"))[opaque] - cutout[opaque]).mean() < 4

    put(done, format="jpeg", jpegQuality=95)
    jpeg = saved(done, downloads)
    image = opened(jpeg)
    assert (jpeg.suffix, image.format, image.mode) == (".jpg", "JPEG", "RGB")
    assert values(image)[:8].min() >= 250, "white, as JPEG knows no transparency"
    put(done, jpegQuality=20)
    assert saved(done, downloads).stat().st_size < len(jpeg.name) + lossless
    words = done.find_element(By.CSS_SELECTOR, "[data-job] [data-part=state]").text
    assert " JPEG · " in words


def test_the_matte_alone(done: Chrome, downloads: Path) -> None:
    alpha = values(picture(done, downloads))[..., 3]
    put(done, format="matte")
    file = saved(done, downloads)
    assert file.stem.endswith("-matte")
    image = opened(file)
    assert image.mode == "L"
    assert np.array_equal(values(image), alpha)
    put(done, deep=True)
    deep = picture(done, downloads)
    assert deep.mode == "I;16"
    assert np.array_equal((values(deep) + 128) // 257, alpha)
    assert len(np.unique(values(deep))) > len(np.unique(alpha))


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ({"size": "square-1024"}, (1024, 1024)),
        ({"size": "portrait-4x5"}, (1080, 1350)),
        ({"size": "custom", "width": 300, "height": 200}, (300, 200)),
        ({"size": "custom", "width": 400, "shape": "4:5"}, (400, 500)),
    ],
)
def test_sizes(
    done: Chrome, downloads: Path, settings: dict[str, Any], size: tuple[int, int]
) -> None:
    put(done, **settings)
    assert picture(done, downloads).size == size
    words = done.find_element(By.CSS_SELECTOR, "[data-job] [data-part=state]").text
    assert words.startswith(f"{size[0]}{BY}{size[1]} ")
    # A crop has no point in common with its original: there is nothing to slide.
    slider = done.find_element(By.CSS_SELECTOR, ".compare-range")
    assert slider.get_property("hidden")
    put(done, size="original")
    assert picture(done, downloads).size == (WIDTH, HEIGHT)
    assert not slider.get_property("hidden")


def test_a_crop_holds_the_subject_and_its_margin(done: Chrome, downloads: Path) -> None:
    alpha = values(picture(done, downloads))[..., 3]
    put(done, size="custom", margin=0)
    tight = values(picture(done, downloads))[..., 3]
    assert 0 < tight.shape[0] <= 162
    assert 0 < tight.shape[1] <= 122
    assert abs(tight.sum() - alpha.sum()) <= 0.02 * alpha.sum()
    put(done, margin=25)
    wide = values(picture(done, downloads))[..., 3]
    longer = max(tight.shape)
    expected = [side + 2 * 0.25 * longer for side in tight.shape]
    assert np.abs(np.subtract(wide.shape, expected)).max() <= 2


def test_a_preset_brings_its_background_and_takes_it_along(done: Chrome, downloads: Path) -> None:
    put(done, size="marketplace")
    image = picture(done, downloads)
    assert (image.format, image.size) == ("JPEG", (2000, 2000))
    assert values(image)[:50].min() >= 250
    assert control(done, "background", "colour").is_selected()
    put(done, size="original")
    image = picture(done, downloads)
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (WIDTH, HEIGHT))


def test_a_soft_shadow(done: Chrome, downloads: Path) -> None:
    plain = values(picture(done, downloads))
    put(done, shadow=True, shadowStrength=60, shadowDistance=40, shadowSoftness=10)
    shaded = values(picture(done, downloads))
    fell = (plain[..., 3] == 0) & (shaded[..., 3] > 0)
    assert fell.sum() > 500
    assert shaded[fell][:, :3].max() <= 1
    assert 0.4 <= shaded[fell][:, 3].max() / 255 <= 0.6 + 0.01
    # Below the subject rather than above it.
    assert np.argwhere(fell)[:, 0].mean() > HEIGHT / 2


def test_clean_edge_colours_can_be_left_out(done: Chrome, downloads: Path) -> None:
    clean = values(picture(done, downloads))
    put(done, decontaminate=False)
    left = values(picture(done, downloads))
    assert np.array_equal(clean[..., 3], left[..., 3])
    soft = (clean[..., 3] > 20) & (clean[..., 3] < 235)
    assert np.abs(clean[soft] - left[soft]).mean() > 0.5


def test_metadata_is_removed_unless_it_is_to_be_kept(
    page: Chrome, downloads: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "holiday.jpg"
    exif = Image.Exif()
    exif[ExifTags.Base.Copyright] = "(c) Ada"
    exif[ExifTags.Base.Model] = "Camera 7"
    place = ImageFileDirectory_v2()
    place[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 0.0)
    exif[ExifTags.Base.GPSInfo] = dict(place)
    Image.effect_noise((80, 60), 90).convert("RGB").save(photo, exif=exif, quality=90)

    cut_out(page, photo)
    assert not picture(page, downloads).getexif()
    put(page, copyright=True)
    kept = picture(page, downloads).getexif()
    assert kept[ExifTags.Base.Copyright].rstrip("\0") == "(c) Ada"
    assert ExifTags.Base.Model not in kept
    assert not kept.get_ifd(ExifTags.IFD.GPSInfo)
    assert ExifTags.Base.GPSInfo not in kept


def test_fine_edges_hold_for_new_photos_and_those_that_are_done_can_be_redone(
    done: Chrome,
) -> None:
    before = link(done).get_attribute("href")
    put(done, refine=False)
    assert link(done).get_attribute("href") == before
    redo = done.find_element(By.CSS_SELECTOR, "[data-job] [data-part=redo]")
    assert redo.text == "Redo without fine edges"
    redo.click()
    until(done, lambda: states(done) == ["done", "done"])
    cards = done.find_elements(By.CSS_SELECTOR, "[data-job] [data-part=redo]")
    assert [card.is_displayed() for card in cards] == [True, False]
    put(done, refine=True)
    assert not cards[0].is_displayed()


def test_settings_survive_a_reload_and_hold_for_new_photos(
    done: Chrome, tiny: Site, badge: Path, downloads: Path
) -> None:
    put(done, background="colour", colour="#102030", format="jpeg", size="square-1024")
    done.get(tiny.url())
    cut_out(done, badge)
    note = "return document.querySelector('[data-part=finish-note]').textContent"
    assert done.execute_script(note) == "", "made so at once, not made over"
    assert control(done, "background", "colour").is_selected()
    assert control(done, "size").get_property("value") == "square-1024"
    image = picture(done, downloads)
    assert (image.format, image.size) == ("JPEG", (1024, 1024))
    assert np.abs(values(image)[5, 5] - [0x10, 0x20, 0x30]).max() <= 6

    unfold(done)
    done.find_element(By.CSS_SELECTOR, ".finish [data-part=reset]").click()
    time.sleep(0.3)
    at_rest(done)
    image = picture(done, downloads)
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))


def test_the_newest_settings_win(done: Chrome, downloads: Path) -> None:
    done.execute_script("""
      window.files = [];
      const link = document.querySelector('[data-job] [data-part=download]');
      new MutationObserver(() => window.files.push(link.href))
        .observe(link, { attributeFilter: ['href'] });
    """)
    control(done, "background", "colour").click()
    own = done.find_element(By.CSS_SELECTOR, ".finish [name=colour][type=color]")
    colours = [f"#{step:02x}0000" for step in range(0, 250, 10)] + ["#00ff00"]
    done.execute_script(
        """
        for (const colour of arguments[1]) {
          arguments[0].value = colour;
          arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
        }
        """,
        own,
        colours,
    )
    at_rest(done)
    assert values(picture(done, downloads))[0, 0, :3].tolist() == [0, 255, 0]
    assert len(done.execute_script("return window.files")) <= 2


def test_a_failure_keeps_the_cutout_and_can_be_tried_again(
    page: Chrome, tiny: Site, badge: Path, downloads: Path
) -> None:
    forget_everything(page, tiny)
    cut_out(page, badge)
    before = link(page).get_attribute("href")
    tiny.faults["avif"] = lambda answer: replace(answer, status="404 Not Found")
    control(page, "format").send_keys("AVIF")
    alert = "[data-job] [role=alert]"
    until(page, lambda: page.find_elements(By.CSS_SELECTOR, alert), 60)
    assert "404" in page.find_element(By.CSS_SELECTOR, alert).text
    assert states(page) == ["done"]
    assert link(page).get_attribute("href") == before
    assert picture(page, downloads).format == "PNG"

    tiny.faults.clear()
    page.find_element(By.CSS_SELECTOR, "[data-job] [data-part=refinish]").click()
    at_rest(page)
    assert not page.find_elements(By.CSS_SELECTOR, alert)
    assert picture(page, downloads).format == "AVIF"


def test_what_a_format_costs_is_told_before_it_is_fetched(
    page: Chrome, tiny: Site, badge: Path
) -> None:
    forget_everything(page, tiny)
    cut_out(page, badge)
    cost = call(page, "catalog")["codecs"]["avif"]["download"]
    words = page.find_element(By.CSS_SELECTOR, "[data-part=avif-cost]")
    until(page, lambda: words.get_property("textContent"))
    told = str(words.get_property("textContent"))
    assert f"{round(cost / 1000)}\u00a0kB" in told or f"{cost / 1e6:.2f}\u00a0MB" in told
    put(page, format="avif")
    until(page, lambda: not words.get_property("textContent"))


def test_a_photo_that_is_too_large_can_be_worked_on_at_a_smaller_size(
    page: Chrome, tiny: Site, downloads: Path, tmp_path: Path
) -> None:
    # The device says that it has a quarter of a GiB.
    poor = b"\nObject.defineProperty(navigator, 'deviceMemory', { value: 0.25 });"
    tiny.faults["inference/worker.js"] = lambda answer: answer.with_body(answer.body + poor)
    photo = tmp_path / "large.png"
    Image.new("RGB", (2500, 2000), (90, 120, 60)).save(photo)
    forget_everything(page, tiny)
    page.find_element(By.ID, "files").send_keys(str(photo))
    until(page, lambda: states(page) == ["failed"], 60)
    assert "image-too-large" in page.find_element(By.CSS_SELECTOR, "[role=alert]").text
    reduce = page.find_element(By.CSS_SELECTOR, "[data-job] [data-part=reduce]")
    assert reduce.text.startswith("Work at ")
    width, height = (int(side) for side in reduce.text.removeprefix("Work at ").split(BY))
    assert abs(width / height - 1.25) < 0.01
    reduce.click()
    until(page, lambda: states(page) == ["done"], 90)
    assert picture(page, downloads).size == (width, height)
    put(page, background="colour")
    assert picture(page, downloads).size == (width, height)
    tiny.faults.clear()
    forget_everything(page, tiny)


def test_with_the_keyboard_alone(done: Chrome, downloads: Path) -> None:
    control(done, "background", "none").send_keys(Keys.ARROW_RIGHT)
    focused = done.switch_to.active_element
    assert (focused.accessible_name, focused.is_selected()) == ("Colour", True)
    reached = []
    for _ in range(20):
        ActionChains(done).send_keys(Keys.TAB).perform()
        focused = done.switch_to.active_element
        reached.append(focused.accessible_name)
        assert reached[-1], focused.get_attribute("outerHTML")
        if reached[-1] == "More":
            ActionChains(done).send_keys(Keys.ENTER).perform()
        elif reached[-1] == "File":
            ActionChains(done).send_keys("JPEG").perform()
        elif reached[-1] == "Soft shadow":
            ActionChains(done).send_keys(Keys.SPACE).perform()
        elif reached[-1] == "Strength":
            before = focused.get_property("value")
            ActionChains(done).send_keys(Keys.ARROW_RIGHT).perform()
            assert focused.get_property("value") != before
            assert focused.get_attribute("aria-valuetext") == f"{focused.get_property('value')} %"
        elif reached[-1].startswith("Compare"):
            break
    expected = ["Size", "File", "More", "White", "Own", "Quality", "Soft shadow", "Strength"]
    assert [name for name in reached if name in expected] == expected
    assert reached[-1].startswith("Compare")
    at_rest(done)
    assert picture(done, downloads).format == "JPEG"


@pytest.mark.parametrize("width", [360, 640])
def test_fits_small_screens_with_everything_open(done: Chrome, width: int) -> None:
    """640 px is a 1280 px window at 200 % zoom."""
    metrics = {"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": False}
    done.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        put(done, size="custom", format="webp", shadow=True, webpLossless=False)
        for background in ("colour", "gradient", "image", "blur"):
            put(done, background=background)
            overflow = "return document.documentElement.scrollWidth - innerWidth"
            assert done.execute_script(overflow) <= 0, background
        small = done.execute_script("""
          return [...document.querySelectorAll('.finish :is(button, select, input)')]
            .map((one) => [one, one.closest('label') ?? one])
            .map(([one, target]) => [one.name, target.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
            .map(([name]) => name);
        """)
        assert small == []
    finally:
        done.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_everything_is_saved_as_it_was_asked_for(page: Chrome, tmp_path: Path) -> None:
    """Also where "Download all" is pressed before all photos are as they are wanted."""
    photos = [tmp_path / f"{number}.png" for number in range(3)]
    for photo in photos:
        Image.effect_noise((200, 150), 90).convert("RGB").save(photo)
    cut_out(page, *photos)
    # A browser asks before it saves several files.
    page.execute_script("""
      window.saved = [];
      addEventListener('click', (event) => {
        const link = event.target.closest('a[download]');
        if (!link) return;
        event.preventDefault();
        window.saved.push(link.download);
      });
    """)
    control(page, "format").send_keys("JPEG")
    page.find_element(By.CSS_SELECTOR, "[data-part=download-all]").click()
    expected = [f"{number}-cutout.jpg" for number in range(3)]
    until(page, lambda: len(page.execute_script("return window.saved")) >= 3)
    assert page.execute_script("return window.saved") == expected
