"""Modules as they are sent: the client's own, without their comments. No Flask here.

Two fifths of what a first visit fetches of script would be comments, which tell a reader of the
source and no browser (decision 62). Everything else stays where it is, to the line and column, so
that what a browser shows of an error is true of the source.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_PIECE = re.compile(
    r"""[^/'"`{}]+|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|/\*.*?\*/|//[^\n]*|[/'"`{}]""", re.DOTALL
)
_REGULAR_EXPRESSION = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*")
_REST_OF_TEMPLATE = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{)", re.DOTALL)
_WORD = re.compile(r"[\w$]+$")
# Words that a value follows; after any other, a slash divides.
_BEFORE_A_VALUE = frozenset(
    (
        *("await", "case", "delete", "do", "else", "extends", "in", "instanceof"),
        *("new", "of", "return", "throw", "typeof", "void", "yield"),
    )
)


def module_text(path: Path) -> str:
    """What is sent of the module at `path`. Raises ValueError as `without_comments` does."""
    return without_comments(path.read_text(encoding="utf-8"))


@cache
def without_comments(source: str) -> str:
    """`source`, a JavaScript module, without comments; each token stays in its line and column.

    Raises ValueError for what is no module: a string, template or regular expression without end.
    """
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._kept: list[str] = []
        # Braces that are open within each `${` of a template that is open.
        self._open: list[int] = []
        # What came last and is not space: it says whether a slash divides.
        self._last = ""

    def read(self) -> str:
        at = 0
        while at < len(self._source):
            found = _PIECE.match(self._source, at)
            piece = found[0] if found else ""
            if piece.startswith(("/*", "//")):
                self._drop(at, at + len(piece))
            elif piece == "/" and self._begins_a_value():
                piece = self._take(_REGULAR_EXPRESSION, at)
            elif piece == "`" or (piece == "}" and self._open and self._open[-1] == 0):
                piece = self._template(at)
            elif piece in ("", "'", '"'):
                raise ValueError(f"{self._source[at : at + 20]!r} does not end")
            else:
                self._keep(piece)
            at += len(piece)
        if self._open:
            raise ValueError("a template does not end")
        return "".join(self._kept)

    def _keep(self, piece: str) -> None:
        if self._open and piece in ("{", "}"):
            self._open[-1] += 1 if piece == "{" else -1
        self._kept.append(piece)
        self._last = piece.rstrip() or self._last

    def _take(self, kind: re.Pattern[str], at: int) -> str:
        found = kind.match(self._source, at)
        if not found:
            raise ValueError(f"{self._source[at : at + 20]!r} does not end")
        self._kept.append(found[0])
        self._last = "`"  # any value
        return found[0]

    def _template(self, at: int) -> str:
        """From a template's beginning, or the end of an expression in it, to its next."""
        first = self._source[at]
        if first == "}":
            self._open.pop()
        self._kept.append(first)
        rest = self._take(_REST_OF_TEMPLATE, at + 1)
        if rest.endswith("${"):
            self._open.append(0)
            self._last = "{"
        return first + rest

    def _drop(self, start: int, end: int) -> None:
        comment = self._source[start:end]
        line_end = self._source.find("\n", end)
        if self._source[end : line_end if line_end >= 0 else None].strip():
            broken = comment.rfind("\n")
            width = len(comment) - broken - 1
            self._kept.append("\n" * comment.count("\n") + " " * width)
        else:
            if self._kept and self._last != "`":
                self._kept[-1] = self._kept[-1].rstrip(" \t")
            self._kept.append("\n" * comment.count("\n"))

    def _begins_a_value(self) -> bool:
        word = _WORD.search(self._last)
        if word:
            return word[0] in _BEFORE_A_VALUE
        return not self._last.endswith((")", "]", "}", "'", '"', "`", "++", "--"))
