"""Tables that a run prints at its end: what many cases came to, a line each."""

from __future__ import annotations

#: Lines by what they are about.
TABLES: dict[str, list[str]] = {}


def note(table: str, *rows: str) -> None:
    """Add lines to a table, which its name describes in the plural: "updates", "routes"."""
    TABLES.setdefault(table, []).extend(rows)
