"""What the pages for operators say can be done, and where they point to there is something."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from server.config import ROOT
from tests.server import proxies

PAGES = [ROOT / "docs" / "operating.md", *sorted((ROOT / "docs" / "operating").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")


def anchors(page: Path) -> set[str]:
    """Of a page's headings, as they are made of their words."""
    found = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    for name, anchor in LINK.findall(page.read_text()):
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), name
        if anchor:
            assert anchor in anchors(target), f"{name}#{anchor}"


def test_every_test_that_is_named_is_there() -> None:
    text = (ROOT / "docs" / "operating" / "threats.md").read_text()
    names = set(re.findall(r"`(?:tests/\w+/)?(test_\w+\.py)`", text))
    assert len(names) > 5
    assert names <= {path.name for path in (ROOT / "tests").rglob("test_*.py")}


def test_an_authority_is_made_as_it_is_written(tmp_path: Path) -> None:
    program = proxies.need("openssl")
    text = (ROOT / "docs" / "operating" / "authority.md").read_text()
    block = "\n".join(re.findall(r"^    (.*)$", text, re.MULTILINE))
    done = subprocess.run(["sh", "-ec", block], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    words = ["verify", "-x509_strict", "-verify_hostname", "photos.example.org"]
    command = [program, *words, "-CAfile", "authority.pem", "photos.pem"]
    assert subprocess.check_output(command, cwd=tmp_path, text=True) == "photos.pem: OK\n"
