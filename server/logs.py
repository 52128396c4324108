"""Logs as JSON, an object a line, where the operator asks for them (MATTEBOX_LOG=json).

A line for a request has no address, no name of a browser, and nothing of a query: what tells who
somebody is belongs into the proxy's log, if anywhere.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

_ACCESS = "gunicorn.access"


class Lines(logging.Formatter):
    """A record as a line: time (UTC), level, logger and message; of requests, what was answered."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == _ACCESS and isinstance(record.args, Mapping):
            told |= _request(record.args)
        else:
            told["message"] = record.getMessage()
            if record.exc_info:
                told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def _request(atoms: Mapping[str, Any]) -> dict[str, Any]:
    """What gunicorn says of a request, as values."""
    return {
        "method": atoms["m"],
        "path": atoms["U"],
        "status": int(atoms["s"]),
        "bytes": int(atoms["B"] or 0),
        "seconds": float(atoms["L"]),
    }


class JsonLogger(Logger):  # type: ignore[misc]
    """gunicorn's logger, and everybody else's, in JSON."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn's, with another form of lines."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(Lines())
        root = logging.getLogger()
        if not any(isinstance(one.formatter, Lines) for one in root.handlers):
            # The application's own, which would set up another where there is none.
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(Lines())
            root.addHandler(handler)
