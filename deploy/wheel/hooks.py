"""What the wheel holds: a checkout's files that serving needs, below mattebox/app/."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).resolve().parents[2]
_APP = "mattebox/app"


class Files(BuildHookInterface):  # type: ignore[type-arg]
    """Lays the files out."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Name each file and where it goes."""
        sys.path.insert(0, str(ROOT))
        from server.asset_tree import RUNTIME_FILES, VENDOR_FILES

        packages = [f"onnxruntime-web/dist/{name}" for name in RUNTIME_FILES]
        packages += ["onnxruntime-web/package.json", *VENDOR_FILES.values()]
        files = [ROOT / "node_modules" / name for name in packages]
        files += _licences(packages)
        files += [ROOT / name for name in ("wsgi.py", "gunicorn.conf.py", "NOTICE", "LICENSE")]
        files += [ROOT / name for name in ("requirements.txt", "requirements-models.txt")]
        for folder in ("server", "client", "model_store"):
            files += [path for path in (ROOT / folder).rglob("*") if _is_shipped(path)]
        missing = [str(path) for path in files if not path.is_file()]
        if missing:
            raise FileNotFoundError(f"{missing}: `make build` first")
        names = {str(path): f"{_APP}/{path.relative_to(ROOT).as_posix()}" for path in files}
        build_data["force_include"].update(names)


def _licences(names: list[str]) -> list[Path]:
    """What the packages of these files say of their terms."""
    tops = {"/".join(name.split("/")[: 2 if name.startswith("@") else 1]) for name in names}
    found = [path for top in sorted(tops) for path in (ROOT / "node_modules" / top).iterdir()]
    words = ("licen", "copying", "notice")
    return [path for path in found if path.is_file() and path.name.lower().startswith(words)]


def _is_shipped(path: Path) -> bool:
    inside = path.relative_to(ROOT)
    if not path.is_file() or any(part.startswith((".", "__pycache__")) for part in inside.parts):
        return False
    # Of the weights, those that come with Mattebox: what was installed here is this machine's.
    is_weight = inside.parts[:2] == ("model_store", "weights")
    return not is_weight or (len(inside.parts) == 3 and path.suffix == ".onnx")


class Needs(MetadataHookInterface):
    """Dependencies are what requirements*.in choose."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set them."""
        metadata["dependencies"] = _chosen("requirements.in")
        metadata["optional-dependencies"] = {"models": _chosen("requirements-models.in")}


def _chosen(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def get_build_hook() -> type[Files]:
    """For hatchling."""
    return Files


def get_metadata_hook() -> type[Needs]:
    """For hatchling."""
    return Needs
