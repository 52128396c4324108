"""Refuse any file of the tree that names the host of a package registry.

Packages are pinned by name and version; where they come from is the business of the machine that
installs them (a mirror, a cache, an air-gapped shelf), so no address may be baked in.
Run as a program; prints each offending line and exits 1, or exits 0.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

# Spelled with escapes and groups, so that this file is not its own first finding.
HOSTS = re.compile(
    r"registry\.(?:npmjs|yarnpkg)\.|npmjs\.(?:com|org)|(?:test\.)?pypi\.(?:org|python)|python[h]osted\.org"
    r"|(?:deb|security|ftp)\.[d]ebian\.org|(?:unpkg|jsdelivr|esm)\.(?:com|net|sh)",
    re.IGNORECASE,
)
ROOT = Path(__file__).resolve().parent.parent


def tree() -> list[Path]:
    """Every file git tracks or would track; ignored ones are left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def named_in(path: Path) -> list[str]:
    """The lines of one text file that name a host, as `path:line: text`; binary files have none."""
    data = path.read_bytes()
    if b"\0" in data:
        return []
    lines = data.decode(errors="replace").splitlines()
    where = path.relative_to(ROOT)
    return [f"{where}:{n}: {line.strip()}" for n, line in enumerate(lines, 1) if HOSTS.search(line)]


def resolved_in(lockfile: Path) -> list[str]:
    """The packages for which a package-lock.json records an address."""
    packages = json.loads(lockfile.read_text(encoding="utf-8"))["packages"]
    return [
        f"{lockfile.name}: {name} has an address"
        for name in packages
        if "resolved" in packages[name]
    ]


def main() -> int:
    """Print every finding; the exit status says whether there was one."""
    found = [line for path in tree() for line in named_in(path)] + resolved_in(
        ROOT / "package-lock.json"
    )
    for line in found:
        sys.stdout.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
