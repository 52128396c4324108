"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.branding import Branding
from server.config import ConfigError, Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"MATTEBOX_PREFIX": "", "MATTEBOX_VARIANTS": ""}) == Settings()


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "MATTEBOX_CLIENT": str(tmp_path / "c"),
            "MATTEBOX_NODE_MODULES": str(tmp_path / "n"),
            "MATTEBOX_MODEL_STORE": str(tmp_path / "m"),
            "MATTEBOX_VARIANTS": str(tmp_path / "v"),
            "MATTEBOX_PREFIX": "/tools/mattebox/",
            "MATTEBOX_BROTLI_QUALITY": "11",
            "MATTEBOX_KEEP": "session",
            "MATTEBOX_DEFAULT_MODEL": "isnet",
            "MATTEBOX_SUPPORT_NOTE": "  Attach it to a mail to help@example.org.\n",
        }
    )
    assert settings == Settings(
        client=tmp_path / "c",
        node_modules=tmp_path / "n",
        model_store=tmp_path / "m",
        variants=tmp_path / "v",
        prefix="/tools/mattebox",
        brotli_quality=11,
        branding=Branding(support_note={"": "Attach it to a mail to help@example.org."}),
        keep="session",
        default_model="isnet",
    )


@pytest.mark.parametrize("given", ["tools/mattebox", "/tools/mattebox", "//tools/mattebox/"])
def test_a_prefix_is_normalised(given: str) -> None:
    assert Settings.from_environment({"MATTEBOX_PREFIX": given}).prefix == "/tools/mattebox"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MATTEBOX_PREFIX", "/a//b"),
        ("MATTEBOX_PREFIX", "/a/../b"),
        ("MATTEBOX_PREFIX", "https://host/x"),
        ("MATTEBOX_PREFIX", "/a b"),
        ("MATTEBOX_BROTLI_QUALITY", "-1"),
        ("MATTEBOX_BROTLI_QUALITY", "best"),
        ("MATTEBOX_BROTLI_QUALITY", "12"),
        ("MATTEBOX_SUPPORT_NOTE", "x" * 301),
        ("MATTEBOX_KEEP", "forever"),
        ("MATTEBOX_SUPPORT_NOTE", "two\nlines"),
    ],
)
def test_a_value_that_cannot_be_meant_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Settings.from_environment({name: value})
