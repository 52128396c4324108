"""The words of the manifest in every language, as the page has them. No Flask here."""

from __future__ import annotations

import re
from pathlib import Path

ENGLISH = "en"
WORDS = {
    "description": "page.description",
    "stored": "stored.title",
    "diagnostics": "diagnostics.title",
}
"""What the manifest says -> the message that says it."""


def name_in(language: str) -> str:
    """The manifest's path: each language has a file of its own, so that plain files serve it."""
    return "manifest.webmanifest" if language == ENGLISH else f"manifest.{language}.webmanifest"


# One message in a line, which is how the files are written.
_MESSAGE = re.compile(r"^  '(?P<key>[^']+)': '(?P<words>(?:[^'\\]|\\.)*)',$", re.MULTILINE)


def words(client: Path) -> dict[str, dict[str, str]]:
    """By language tag; English where a language says nothing of its own."""
    found = {
        path.parent.name: _messages(path)
        for path in sorted((client / "messages").glob("*/page.js"))
    }
    english = found.get(ENGLISH, {})
    return {
        tag: {name: messages.get(key) or english.get(key, "") for name, key in WORDS.items()}
        for tag, messages in {ENGLISH: english, **found}.items()
    }


def _messages(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    return {
        match["key"]: re.sub(r"\\(.)", r"\1", match["words"].replace("\\u00a0", "\u00a0"))
        for match in _MESSAGE.finditer(text)
    }
