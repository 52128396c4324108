"""Writes values as TOML, which the standard library only reads."""

from __future__ import annotations

import json
from typing import Any


def toml(value: Any) -> str:
    """`value` as a TOML value; tables become inline tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)
