"""The operator's sentence for people who export diagnostics: off by default, and only ever text."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from server.branding import Branding
from tests.server import toy_site
from tests.server.conftest import serving

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = '"><script src="https://example.org/x.js"></script> & {{ base }}'


class Metas(HTMLParser):
    """The named meta elements of a page, and its scripts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.named: dict[str | None, str | None] = {}
        self.scripts: list[str | None] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and "name" in given:
            self.named[given["name"]] = given.get("content")
        if tag == "script":
            self.scripts.append(given.get("src"))


def page(folder: Path, **settings: object) -> tuple[Metas, str]:
    """The page that is shipped, and its ETag."""
    built = toy_site.build(folder, client=ROOT / "client", **settings)
    with serving(toy_site.start(built), folder) as site:
        answer = site.ask("/")
    return Metas(answer.body), answer.headers["etag"]


def test_without_a_note_the_page_says_nothing_of_one(tmp_path: Path) -> None:
    found, _ = page(tmp_path)
    assert "viewport" in found.named
    assert "mattebox-support" not in found.named


def test_a_note_is_text_whatever_it_holds(tmp_path: Path) -> None:
    found, etag = page(tmp_path, branding=Branding(support_note={"": HOSTILE}))
    assert found.named["mattebox-support"] == HOSTILE
    assert len(found.scripts) == 1
    assert page(tmp_path)[1] != etag
