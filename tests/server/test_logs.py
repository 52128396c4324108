"""MATTEBOX_LOG=json: every line is an object, and none says who asked."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from server.logs import Lines
from tests.server.conftest import until
from tests.server.processes import gunicorn


def test_every_line_is_an_object_and_none_has_an_address(tmp_path: Path) -> None:
    with gunicorn(tmp_path, "--access-logfile=-", MATTEBOX_LOG="json") as site:
        site.ask("/none?who=me", User_Agent="a browser of mine", Referer="http://a.example/page")
        styles = site.asset_url("styles.css")
        (tmp_path / "client" / "styles.css").unlink()
        assert site.ask(styles).status == 500
        until(lambda: site.log.read_text().count(styles) > 1)
    text = site.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    asked = [line for line in lines if line.get("path") == "/none"]
    assert [(one["method"], one["status"], one["bytes"]) for one in asked] == [("GET", 404, 207)]
    assert asked[0].keys() == {
        "time", "level", "logger", "method", "path", "status", "bytes", "seconds"
    }  # fmt: skip
    assert [
        line for line in lines if line["level"] == "error" and styles in line.get("message", "")
    ]
    assert [line for line in lines if "Listening at" in line.get("message", "")]
    requests = [line for line in lines if "method" in line]
    for told in ("127.0.0.1", "who=me", "a browser of mine", "a.example"):
        assert told not in json.dumps(requests)


def test_a_trace_is_part_of_its_line() -> None:
    with pytest.raises(ValueError, match="wrong") as caught:
        int("wrong")
    error = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("a", logging.ERROR, "file", 1, "it %s", ("broke",), error)
    told = json.loads(Lines().format(record))
    assert (told["message"], told["level"]) == ("it broke", "error")
    assert told["trace"].endswith("'wrong'")
