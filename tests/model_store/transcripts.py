"""What an operator sees who installs a model behind a proxy, without a network, or with a wrong
file: run for real with a small stand-in, and written into docs/operating/pulling.md.

python -m tests.model_store.transcripts    writes the page's transcripts again
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.model_store.proxy import PLACES, proxying
from tests.rehearsal.segment_store import HOST, Rehearsal, hub, rehearse

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operating" / "pulling.md"
MODEL = "mobilesam"
PROXY = "http://proxy.example.org:3128"
MIRROR = f"https://{HOST}"

_SCRIPT = (
    "import sys; from pathlib import Path\n"
    "from model_store import commands, install, source_https\n"
    "install.pull.__defaults__ = (Path(sys.argv[1]) / 'cache',)\n"
    "source_https.PAUSES = ()\n"
    "commands.group(Path(sys.argv[1]))(sys.argv[2:], prog_name='flask models')"
)


class Terminal:
    """What is typed and shown. Names of this machine are those of the example in it."""

    def __init__(self, root: Path, names: Mapping[str, str]) -> None:
        self.root, self.names = root, names
        self.lines: list[str] = []
        self.settings: dict[str, str] = {}

    def set(self, name: str, shown: str, value: str) -> None:
        """An environment variable, from here on."""
        self.settings[name] = value
        self.lines.append(f"$ export {name}={shown}")

    def run(self, *words: str, files: Sequence[Path] = ()) -> None:
        """A command; `files` are given by `--from`, shown by their names alone."""
        shown = [part for file in files for part in ("--from", file.name)]
        given = [part for file in files for part in ("--from", str(file))]
        self.lines.append(f"$ {' '.join(['flask --app wsgi models', *words, *shown])}")
        kept = {k: v for k, v in os.environ.items() if k.upper() not in {*PLACES, "NO_PROXY"}}
        for name in ("MATTEBOX_HUB", "SSL_CERT_FILE"):
            kept.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, str(self.root), *words, *given],
            env=kept | {"PYTHONPATH": str(Path.cwd())} | self.settings,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        told = done.stdout + done.stderr
        for name, instead in self.names.items():
            told = told.replace(name, instead)
        self.lines += [line.rstrip() for line in told.strip().splitlines()]
        if done.returncode:
            self.lines.append(f"(status {done.returncode})")

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)


def record(folder: Path) -> Iterator[tuple[str, str]]:
    """Each transcript by its name. Takes some ten seconds."""
    made = rehearse(folder, MODEL)
    files = [file for file in made.files(MODEL) if file.suffix == ".onnx"]
    with hub(made.upstream, made.root) as _:
        port = int(os.environ["MATTEBOX_HUB"].rpartition(":")[2])
        with proxying(port) as proxy:
            shown = Terminal(made.root, {proxy.url: PROXY, str(made.root): "model_store"})
            shown.set("HTTPS_PROXY", PROXY, proxy.url)
            shown.set("MATTEBOX_HUB", MIRROR, MIRROR)
            shown.run("pull", MODEL)
            yield "authority", shown.text
            shown.lines.clear()
            shown.set(
                "SSL_CERT_FILE", "/etc/ssl/our-authority.pem", str(made.root / "authority.pem")
            )
            shown.run("pull", MODEL)
            shown.run("pull", MODEL)
            shown.run("verify")
            yield "proxy", shown.text
            yield "wrong", _wrong(made, folder, files)
    yield "carried", _carried(made, files)


def _carried(made: Rehearsal, files: Sequence[Path]) -> str:
    shown = Terminal(made.root, {str(made.root): "model_store"})
    # Where nobody listens.
    shown.settings["HTTPS_PROXY"] = "http://127.0.0.1:9"
    shown.run("pull", MODEL)
    shown.run("pull", MODEL, files=files)
    return shown.text


def _wrong(made: Rehearsal, folder: Path, files: Sequence[Path]) -> str:
    """A file that was cut short on its way, and one of the same length."""
    shown = Terminal(made.root, {str(made.root): "model_store", f"{folder}/": "/media/stick/"})
    shown.run("remove", MODEL)
    shown.lines.clear()
    encoder, decoder = files
    cut = folder / encoder.name
    cut.write_bytes(encoder.read_bytes()[:-1000])
    shown.run("pull", MODEL, files=[cut, decoder])
    other = bytearray(encoder.read_bytes())
    other[-1] ^= 1
    cut.write_bytes(other)
    shown.run("pull", MODEL, files=[cut, decoder])
    return shown.text


def plain(text: str) -> str:
    """Without what differs from run to run: times, and how Python words a refusal."""
    text = re.sub(r"\d+(\.\d+)? s\b", "N s", text)
    return re.sub(r"\[Errno[^\]]*\][^);,]*|\[SSL[^\]]*\][^);]*", "...", text)


def blocks(page: str) -> dict[str, str]:
    """The transcripts of the page by their names."""
    return dict(re.findall(r"<!-- (\w+) -->\n```console\n(.*?)\n```", page, re.DOTALL))


def main() -> None:
    """Write the page's transcripts again."""
    page = PAGE.read_text(encoding="utf-8")
    folder = Path(tempfile.mkdtemp())
    try:
        for name, text in record(folder):
            made = f"<!-- {name} -->\n```console\n{text}\n```"
            pattern = rf"<!-- {name} -->\n```console\n.*?\n```"
            page = re.sub(pattern, made.replace("\\", r"\\"), page, flags=re.DOTALL)
    finally:
        shutil.rmtree(folder)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
