"""`flask doctor` says what is here, and what a visitor gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.doctor import State, findings
from tests.server import toy_site
from tests.server.conftest import Site, serving


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("well")
    with serving(toy_site.start(toy_site.build(folder)), folder) as site:
        yield site


def said(site: Site, url: str | None = None) -> dict[str, State]:
    settings = toy_site.settings_of(site.folder)
    return {one.text: one.state for one in findings(toy_site.start(settings), settings, url)}


def test_a_sound_one_is_well(running: Site) -> None:
    found = said(running, f"http://127.0.0.1:{running.port}/")
    assert set(found.values()) <= {State.FINE, State.NOTE}
    assert "Everything arrives at that address as it is sent from here." in found
    assert any("toy.onnx" in text for text in found)
    assert any(text.startswith("The address is secure") for text in found)


def test_what_is_not_said_without_an_address(running: Site) -> None:
    assert "What visitors get is known with their address: doctor URL." in said(running)


def test_an_address_that_is_not_secure_and_nobody_who_answers(running: Site) -> None:
    found = said(running, "http://mattebox.invalid/")
    wrong = [text for text, state in found.items() if state is State.WRONG]
    assert wrong[0].startswith("Nothing answers")
    settings = toy_site.settings_of(running.folder)
    # By an address of this machine that is none of those that browsers trust.
    url = f"http://0.0.0.0:{running.port}/"
    wrong = [
        one.text
        for one in findings(toy_site.start(settings), settings, url)
        if one.state is State.WRONG
    ]
    assert [text[:26] for text in wrong] == ["The address is not secure:"]


def test_another_release_is_said(running: Site, tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    (settings.client / "app.js").write_text("export const start = 2;\n")
    url = f"http://127.0.0.1:{running.port}/"
    found = list(findings(toy_site.start(settings), settings, url))
    assert any(one.state is State.WRONG and "404 instead of 200" in one.text for one in found)


def test_forms_that_are_missing_are_advised(running: Site, tmp_path: Path) -> None:
    settings = toy_site.build(tmp_path)
    found = list(findings(toy_site.start(settings, at_once=True), settings, None))
    assert any(one.state is State.NOTE and "Run precompress." in one.text for one in found)
