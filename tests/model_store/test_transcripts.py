"""What the page on installing shows is what a person sees."""

from __future__ import annotations

from tests.model_store.transcripts import PAGE, blocks, plain, record


def test_the_page_shows_what_is_seen(tmp_path):
    shown = blocks(PAGE.read_text(encoding="utf-8"))
    found = dict(record(tmp_path))
    assert shown.keys() == found.keys()
    for name, text in found.items():
        assert plain(shown[name]) == plain(text), name
