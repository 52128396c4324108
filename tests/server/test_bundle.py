"""A bundle installs from its own folder, without a network, and only if it is whole."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from server import bundle

# Stands for Mattebox: its command says where the models are.
PROGRAM = (
    "import os\ndef main():\n    import toyneed\n    print(os.environ['MATTEBOX_MODEL_STORE'])\n"
)


def wheel(folder: Path, name: str, code: str, script: str = "") -> Path:
    """A wheel of one module, as the format asks for it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if script:
        files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{script} = {name}:main\n"
    record = "".join(f"{one},,\n" for one in (*files, f"{info}/RECORD"))
    with ZipFile(path, "w") as archive:
        for one, text in (files | {f"{info}/RECORD": record}).items():
            archive.writestr(one, text)
    return path


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """Wheel, requirements and store; pip finds packages in a folder alone."""
    index = tmp_path / "index"
    index.mkdir()
    need = wheel(index, "toyneed", "")
    digest = hashlib.sha256(need.read_bytes()).hexdigest()
    requirements = tmp_path / "needs.txt"
    requirements.write_text(f"toyneed==1.0 \\\n    --hash=sha256:{digest}\n")
    store = tmp_path / "store"
    (store / "weights" / "toy").mkdir(parents=True)
    (store / "weights" / "toy" / "toy.onnx").write_bytes(b"a model")
    (store / "catalog.toml").write_text("a catalog")
    (store / "install.py").write_text("code")
    (store / "weights" / ".draft").write_text("unfinished")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return wheel(tmp_path, "mattebox", PROGRAM, "mattebox"), requirements, store


def install(folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "PYTHON": sys.executable}
    command = ["sh", str(folder / "install.sh"), str(target)]
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=False)


def test_it_installs_and_runs(parts: tuple[Path, Path, Path], tmp_path: Path) -> None:
    folder, target = tmp_path / "bundle", tmp_path / "here"
    names = bundle.write(folder, *parts)
    assert names == [
        "install.sh",
        "mattebox-1.0-py3-none-any.whl",
        "models/catalog.toml",
        "models/weights/toy/toy.onnx",
        "requirements.txt",
        "wheels/toyneed-1.0-py3-none-any.whl",
    ]
    done = install(folder, target)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"installed: {target}/mattebox serve\n"
    kept = {"PATH": os.environ["PATH"]}
    program = [str(target / "mattebox")]
    ran = subprocess.run(program, env=kept, capture_output=True, text=True, check=True)
    assert ran.stdout == f"{target}/models\n"
    assert (target / "models/weights/toy/toy.onnx").read_bytes() == b"a model"
    # Another release would take its record of what is installed.
    again = install(folder, target)
    assert again.returncode != 0
    assert "is there already" in again.stderr


def test_what_was_damaged_on_its_way_is_not_installed(
    parts: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    folder, target = tmp_path / "bundle", tmp_path / "here"
    bundle.write(folder, *parts)
    (folder / "models/weights/toy/toy.onnx").write_bytes(b"another")
    done = install(folder, target)
    assert done.returncode != 0
    assert "toy.onnx" in done.stdout + done.stderr
    assert not target.exists()


def test_what_cannot_be_gathered_is_said(parts: tuple[Path, Path, Path], tmp_path: Path) -> None:
    own, requirements, store = parts
    requirements.write_text(requirements.read_text().replace("==1.0", "==2.0"))
    with pytest.raises(bundle.BundleError, match=r"toyneed==2\.0"):
        bundle.write(tmp_path / "bundle", own, requirements, store)
    with pytest.raises(bundle.BundleError, match="not empty"):
        bundle.write(tmp_path / "bundle", own, requirements, store)
