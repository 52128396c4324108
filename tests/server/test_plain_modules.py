"""Modules without their comments: the same tokens, on the same lines and columns."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from server.config import ROOT
from server.plain_modules import module_text, without_comments

# What espree, a parser that is not ours, reads: kind, text, line and column of each token.
TOKENS = """
const espree = require('node:module').createRequire(process.argv[1])('espree');
const options = { ecmaVersion: 'latest', sourceType: 'module', tokens: true, loc: true };
const read = (text) => {
  const { tokens, comments } = espree.parse(text, { ...options, comment: true });
  const seen = tokens.map(({ type, value, loc }) => [type, value, loc.start]);
  return [JSON.stringify(seen), comments.length];
};
const pairs = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const other = pairs.filter(([, source, plain]) => {
  const [tokens, left] = read(plain);
  return left > 0 || tokens !== read(source)[0];
});
console.log(JSON.stringify(other.map(([name]) => name)));
"""


def other_than_their_source(pairs: list[tuple[str, str, str]]) -> list[str]:
    command = ["node", "-e", TOKENS, str(ROOT / "package.json")]
    done = subprocess.run(
        command, input=json.dumps(pairs), capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_every_module_says_the_same_to_a_browser():
    paths = sorted((ROOT / "client").rglob("*.js"))
    pairs = [(str(path), path.read_text(), module_text(path)) for path in paths]
    assert len(pairs) > 400
    assert other_than_their_source(pairs) == []
    # What is left out is a good part of it.
    assert sum(len(plain) for *_, plain in pairs) < 0.8 * sum(len(source) for _, source, _ in pairs)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("/** Says\n * why. */\nexport const a = 1; // one\n", "\n\nexport const a = 1;\n"),
        ("  // alone\nf();", "\nf();"),
        ("const a = /** @type {any} */ (b);", "const a =                    (b);"),
        ("f(/* x\n */ b);", "f(\n    b);"),
        ("const a = '// no', b = \"/* no */\";", "const a = '// no', b = \"/* no */\";"),
        (
            "const a = `/* ${b /* c */} // ${`${{}}//`}`; // d",
            "const a = `/* ${b        } // ${`${{}}//`}`;",
        ),
        ("const a = /[/*]\\//.test(b) / 2 / c; // d", "const a = /[/*]\\//.test(b) / 2 / c;"),
        ("return /'/.exec(a++ / 2) // b", "return /'/.exec(a++ / 2)"),
        ("`a`  // b", "`a`  "),
    ],
)
def test_strings_templates_and_regular_expressions_stay(source, plain):
    assert without_comments(source) == plain


@pytest.mark.parametrize("source", ["const a = 'b", "const a = `b", "const a = /b\n", "`${a"])
def test_what_does_not_end_is_no_module(source):
    with pytest.raises(ValueError, match="does not end"):
        without_comments(source)


def test_a_module_that_has_changed_is_read_anew(tmp_path: Path):
    path = tmp_path / "a.js"
    path.write_text("one(); // 1\n")
    assert module_text(path) == "one();\n"
    path.write_text("other(); // 2\n")
    assert module_text(path) == "other();\n"
