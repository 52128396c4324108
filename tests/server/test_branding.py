"""What an operator makes of the page is data: no value of it brings markup, style or script in."""

from __future__ import annotations

import base64
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from server.branding import Branding, accents, contrast
from server.config import ConfigError, Settings
from tests.server import toy_site
from tests.server.conftest import serving

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    '</p></title><script src="https://example.org/x.js"></script>"><b onload=x {{ base }} & \\"'
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class Page(HTMLParser):
    """How often each element of a page occurs, and what the operator's elements say."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.intros: dict[str, str] = {}
        self.title = ""
        self.logo = ""
        self._open = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self._open = "title" if tag == "title" else ""
        if tag == "p" and "data-intro" in given:
            self._open = f"intro {given.get('lang')}"
        if tag == "img" and given.get("class") == "logo":
            self.logo = given.get("src") or ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's own signature
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "title":
            self.title += data
        if self._open.startswith("intro "):
            tag = self._open.removeprefix("intro ")
            self.intros[tag] = self.intros.get(tag, "") + data


def answered(folder: Path, branding: Branding) -> tuple[Page, dict[str, object]]:
    # The real client's files are compressed once, for whoever serves them.
    variants = Settings().variants
    client = ROOT / "client"
    built = toy_site.build(folder, client=client, variants=variants, branding=branding)
    with serving(toy_site.start(built), folder) as site:
        manifest = json.loads(site.ask("/manifest.de.webmanifest").body)
        return Page(site.ask("/").body), manifest


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    plain, _ = answered(tmp_path / "plain", Branding())
    words = {"": HOSTILE, "de": HOSTILE}
    page, manifest = answered(
        tmp_path / "hostile", Branding(title=HOSTILE, intro=words, support_note=words)
    )
    assert page.title == HOSTILE
    assert page.intros == words
    assert manifest["name"] == HOSTILE
    added = sorted(page.tags)
    for tag in ("p", "p", "meta", "meta"):
        added.remove(tag)
    assert added == sorted(plain.tags)


def test_a_logo_is_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(SVG)
    settings = Settings.from_environment({"MATTEBOX_LOGO": str(path)})
    page, _ = answered(tmp_path / "site", settings.branding)
    kind, _, data = page.logo.partition(";base64,")
    assert (kind, base64.b64decode(data)) == ("data:image/svg+xml", SVG)
    assert page.tags.count("script") == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html><script>1</script></html>", "is no PNG, JPEG, WebP or SVG picture"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "is no PNG, JPEG, WebP or SVG picture"),
        (b"<svg", "is no PNG, JPEG, WebP or SVG picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(70_000), "has 70,008 bytes; expected at most 65,536"),
    ],
)
def test_a_logo_that_is_none_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "logo"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=f"MATTEBOX_LOGO: .* {why}"):
        Settings.from_environment({"MATTEBOX_LOGO": str(path)})
    with pytest.raises(ConfigError, match="cannot be read"):
        Settings.from_environment({"MATTEBOX_LOGO": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("MATTEBOX_ACCENT", "#ffcc00", r"#ffcc00 has a contrast of 1\.5\d for white words on it"),
        ("MATTEBOX_ACCENT", "#777777", r"has a contrast of 4\.48 for white words on it"),
        ("MATTEBOX_ACCENT", "red; } body { display: none", "is no colour"),
        ("MATTEBOX_TITLE", "x" * 41, "at most 40 characters"),
        ("MATTEBOX_INTRO", "two\nlines", "one line"),
        ("MATTEBOX_INTRO_deutsch", "x", "names no language"),
    ],
)
def test_what_cannot_be_used_is_refused_at_start(name: str, value: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        Settings.from_environment({name: value})


def test_settings_in_languages() -> None:
    settings = Settings.from_environment(
        {
            "MATTEBOX_TITLE": "Photo room",
            "MATTEBOX_INTRO": "For staff.",
            "MATTEBOX_INTRO_DE": "Für alle hier.",
            "MATTEBOX_SUPPORT_NOTE_PT_BR": "Escreva para nós.",
        }
    )
    assert settings.branding == Branding(
        title="Photo room",
        intro={"": "For staff.", "de": "Für alle hier."},
        support_note={"pt-br": "Escreva para nós."},
    )


@pytest.mark.parametrize("colour", ["#0b5c45", "#7a0019", "#000000", "#1a4fd0"])
def test_what_goes_with_a_colour_is_read_as_well(colour: str) -> None:
    accent, strong, soft, light, lighter, _ = accents(colour)
    assert contrast(accent, "#ffffff") >= 4.5
    assert contrast(strong, "#ffffff") >= contrast(accent, "#ffffff")
    assert contrast(accent, soft) >= 3
    assert contrast(light, "#141613") >= 7
    assert contrast(lighter, "#141613") >= contrast(light, "#141613")


def test_contrast_is_that_of_wcag() -> None:
    # The recommendation's own extremes, and a pair that WebAIM's checker gives.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
