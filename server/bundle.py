"""`flask bundle FOLDER`: all that an installation takes where there is no network."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

_INSTALL = """\
#!/bin/sh
# Installs Mattebox from this folder, without a network: sh install.sh /opt/mattebox
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?where to: sh install.sh /opt/mattebox}
if [ -e "$target" ]; then
    echo "$target is there already: a release has a folder of its own" >&2
    exit 1
fi
python=${PYTHON:-python3}
(cd "$here" && sha256sum --quiet --check SHA256SUMS)
"$python" -m venv "$target"
pip() { "$target/bin/python" -m pip --disable-pip-version-check install --quiet --no-index "$@"; }
pip --find-links "$here/wheels" --require-hashes -r "$here/requirements.txt"
pip --no-deps "$here"/mattebox-*.whl
mkdir -p "$target/models"
cp -R "$here/models/." "$target/models/"
cat > "$target/mattebox" <<END
#!/bin/sh
export MATTEBOX_MODEL_STORE="\\${MATTEBOX_MODEL_STORE:-$target/models}"
exec "$target/bin/mattebox" "\\$@"
END
chmod 755 "$target/mattebox"
echo "installed: $target/mattebox serve"
"""

_KEPT = (".py", ".pyc")


class BundleError(Exception):
    """It cannot be made; the message says why."""


def write(folder: Path, wheel: Path, requirements: Path, store: Path) -> list[str]:
    """Gather everything in `folder`, which must be empty or new; the names of the files.

    wheel: Mattebox's own. requirements: what it needs, with digests; fetched by pip for a machine
    like this one (system, processor, version of Python). store: the models, as installed here.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BundleError(f"{folder} is not empty; name a folder that is new")
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(wheel, folder)
    shutil.copy(requirements, folder / "requirements.txt")
    words = ["-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    words += ["--only-binary", ":all:", "--require-hashes", "-r", str(requirements)]
    command = [sys.executable, *words, "--dest", str(folder / "wheels")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise BundleError("\n".join(errors) or done.stderr)
    for source in store.rglob("*"):
        inside = source.relative_to(store)
        hidden = any(part.startswith((".", "__pycache__")) for part in inside.parts)
        if source.is_file() and not hidden and source.suffix not in _KEPT:
            (folder / "models" / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / "models" / inside)
    (folder / "install.sh").write_text(_INSTALL, encoding="utf-8")
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    sums = "".join(f"{_sha256(folder / name)}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return names


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
