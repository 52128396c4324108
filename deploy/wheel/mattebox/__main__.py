"""`mattebox serve | models | export | check | ...`: a checkout's commands, without one.

What the package brings is read where pip has put it. Models and what is remembered between starts
are the user's, in the folders that XDG names, unless MATTEBOX_* says otherwise.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

APP = Path(__file__).resolve().parent / "app"
"""Laid out as a checkout is."""

_SERVE = "serve"


def main() -> None:
    """Run one command."""
    sys.path.insert(0, str(APP))
    # The processes that gunicorn starts, and those that start them anew, find the same.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(APP), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    os.environ.setdefault(
        "MATTEBOX_VARIANTS", str(_folder("XDG_CACHE_HOME", ".cache") / "variants")
    )
    if "MATTEBOX_MODEL_STORE" not in os.environ:
        store = _folder("XDG_DATA_HOME", ".local/share") / "models"
        _take_over(APP / "model_store", store)
        os.environ["MATTEBOX_MODEL_STORE"] = str(store)
    if sys.argv[1:2] == [_SERVE]:
        _serve(sys.argv[2:])
    from flask.cli import FlaskGroup

    commands = FlaskGroup(
        name="mattebox",
        add_default_commands=False,
        add_version_option=False,
        help="Remove backgrounds in visitors' browsers. `mattebox serve` starts the server.",
    )
    sys.argv[1:1] = ["--app", str(APP / "wsgi.py")]
    commands.main(prog_name="mattebox")


def _serve(words: list[str]) -> None:
    """Become gunicorn, with its settings as shipped; `words` go over them."""
    usual = ["--bind", "127.0.0.1:8000", "--access-logfile=-"]
    own = ["--config", str(APP / "gunicorn.conf.py"), "--chdir", str(APP)]
    program = [sys.executable, "-m", "gunicorn", "wsgi:app", *own, *usual, *words]
    os.execv(sys.executable, program)  # noqa: S606 - no shell is wanted


def _folder(variable: str, usual: str) -> Path:
    base = os.environ.get(variable)
    return (Path(base) if base else Path.home() / usual) / "mattebox"


def _take_over(shipped: Path, store: Path) -> None:
    """Have the user's store offer what this release does; models that are installed there stay."""
    for source in shipped.rglob("*"):
        target = store / source.relative_to(shipped)
        if not source.is_file() or source.suffix in (".py", ".pyc") or _is_same(source, target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        shutil.copyfile(source, draft)
        draft.replace(target)


def _is_same(source: Path, target: Path) -> bool:
    return target.is_file() and target.read_bytes() == source.read_bytes()


if __name__ == "__main__":
    main()
