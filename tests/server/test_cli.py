"""`flask --app wsgi models ...` as an operator runs it, also where the server refuses to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import onnx
import pytest

from server import create_app
from tests.model_store.conftest import Store, file_source
from tests.model_store.graphs import matting
from tests.server import toy_site
from tests.server.conftest import serving

ROOT = Path(__file__).resolve().parents[2]
# Stands for an environment where only requirements.txt is installed.
BARE = """
import sys
for name in ("numpy", "onnx", "onnxruntime", "PIL", "requests"):
    sys.modules[name] = None
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of a few kilobytes whose store also offers "toy", a file of this machine."""
    toy_site.build(tmp_path)
    shutil.rmtree(tmp_path / "model_store")
    store_root = tmp_path / "model_store"
    store_root.mkdir()
    store = Store(store_root)
    onnx.save(matting(), tmp_path / "toy.onnx")
    store.offer("toy", file_source(tmp_path / "toy.onnx"))
    store.write()
    return tmp_path


def flask(site: Path, *words: str, bare: bool = False) -> subprocess.CompletedProcess[str]:
    settings = {
        "MATTEBOX_CLIENT": "client",
        "MATTEBOX_NODE_MODULES": "node_modules",
        "MATTEBOX_MODEL_STORE": "model_store",
        "MATTEBOX_VARIANTS": "variants",
    }
    start = "from flask.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", f"{BARE if bare else ''}\n{start}", "--app", "wsgi", *words],
        env=os.environ
        | {name: str(site / folder) for name, folder in settings.items()}
        | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_model_is_listed_pulled_verified_and_removed(site: Path) -> None:
    listed = flask(site, "models", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "not installed" in listed.stdout
    pulled = flask(site, "models", "pull", "toy")
    assert pulled.returncode == 0, pulled.stderr
    assert "installed toy" in pulled.stdout
    assert "copying toy" in pulled.stdout
    size = (site / "toy.onnx").stat().st_size
    listed = flask(site, "models", "list")
    assert f" {size:,} " in listed.stdout
    assert "not installed" not in listed.stdout
    again = flask(site, "models", "pull", "toy")
    assert (again.returncode, again.stdout) == (0, "toy is already installed\n")
    assert flask(site, "models", "verify").returncode == 0
    assert "removed toy" in flask(site, "models", "remove", "toy").stdout
    assert "not installed" in flask(site, "models", "list").stdout


def test_what_is_recommended_is_fetched_once_and_where_it_cannot_be_a_line_says_so(
    site: Path,
) -> None:
    catalog = site / "model_store" / "catalog.toml"
    text = catalog.read_text()
    catalog.write_text(f'recommended = "toy"\n{text}')
    graph = (site / "toy.onnx").rename(site / "elsewhere.onnx")
    failed = flask(site, "models", "pull", "--optional", "recommended")
    assert (failed.returncode, failed.stdout) == (0, "")
    assert failed.stderr.count("\n") == 1
    assert failed.stderr.startswith("toy is not installed (")
    assert failed.stderr.endswith("). What is: small, large.\n")
    assert flask(site, "models", "pull", "recommended").returncode == 1
    graph.rename(site / "toy.onnx")
    assert "installed toy" in flask(site, "models", "pull", "--optional", "recommended").stdout
    (site / "toy.onnx").unlink()
    again = flask(site, "models", "pull", "--optional", "recommended")
    assert (again.returncode, again.stdout) == (0, "toy is already installed\n")


def test_none_is_none(site: Path) -> None:
    done = flask(site, "models", "pull", "--optional", "none")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_errors_are_a_sentence_and_a_status(site: Path) -> None:
    for words, told in (
        (("pull", "toi"), "Error: no model 'toi'; there is small, large, toy"),
        (("remove", "toi"), "Error: no model 'toi'; there is none"),
        (("remove", "small"), "Error: small: comes with Mattebox and stays"),
        (("add", str(site / "catalog")), "does not exist"),
    ):
        done = flask(site, "models", *words)
        assert done.returncode in (1, 2)
        assert told in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("damage", ["weights/toy/toy.onnx", "weights/installed.json"])
def test_commands_mend_a_store_that_the_server_refuses(site: Path, damage: str) -> None:
    flask(site, "models", "pull", "toy")
    path = site / "model_store" / damage
    path.write_text(path.read_text(errors="replace")[:-5] + "?")
    refused = flask(site, "routes")
    assert refused.returncode != 0
    assert "installed.json cannot be used" in refused.stderr
    assert "models verify" in refused.stderr
    verified = flask(site, "models", "verify")
    assert (verified.returncode, "WRONG" in verified.stdout) == (1, True)
    if damage.endswith(".json"):
        path.unlink()
    assert flask(site, "models", "pull", "toy").returncode == 0
    assert flask(site, "routes").returncode == 0


def test_a_catalog_that_cannot_be_read_is_what_verify_says(site: Path) -> None:
    (site / "model_store" / "catalog.toml").write_text("broken")
    for word in ("verify", "list"):
        done = flask(site, "models", word)
        assert done.returncode == 1
        assert "catalog.toml" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_model_called_like_a_command_of_flask_starts_no_server(site: Path) -> None:
    # What counts is the command, not a word somewhere on the line.
    done = flask(site, "routes", "--sort", "models")
    assert done.returncode == 2
    assert "Invalid value" in done.stderr


def test_serving_and_most_commands_need_requirements_txt_only(site: Path) -> None:
    flask(site, "models", "pull", "toy")
    assert flask(site, "routes", bare=True).returncode == 0
    assert flask(site, "models", "list", bare=True).returncode == 0
    assert flask(site, "models", "verify", bare=True).returncode == 0
    assert flask(site, "models", "remove", "toy", bare=True).returncode == 0
    for words in (("pull", "toy"), ("add", str(site / "toy.onnx"))):
        done = flask(site, "models", *words, bare=True)
        assert done.returncode == 1
        assert "pip install -r requirements-models.txt" in done.stderr


def test_an_installation_is_checked(tmp_path: Path) -> None:
    toy_site.build(tmp_path)
    shutil.rmtree(tmp_path / "model_store")
    (tmp_path / "model_store").mkdir()
    Store(tmp_path / "model_store").write()
    with serving(create_app(toy_site.settings_of(tmp_path)), tmp_path) as running:
        url = f"http://127.0.0.1:{running.port}/"
        sound = flask(tmp_path, "check", url)
        assert (sound.returncode, sound.stdout) == (0, "Everything arrives as it should.\n")
        (tmp_path / "client" / "app.js").write_text("export const start = 2;\n")
        differs = flask(tmp_path, "check", "--quick", url)
    assert differs.returncode == 1
    assert "GET is answered with 404 instead of 200.\n    /assets/" in differs.stdout
    assert differs.stdout.endswith("Something differs.\n")
    gone = flask(tmp_path, "check", url)
    assert gone.returncode == 2
    assert "cannot be checked" in gone.stderr
    assert "Traceback" not in gone.stderr


def test_the_site_is_exported(tmp_path: Path) -> None:
    toy_site.build(tmp_path)
    shutil.rmtree(tmp_path / "model_store")
    (tmp_path / "model_store").mkdir()
    Store(tmp_path / "model_store").write()
    folder = tmp_path / "exported"
    words = ("export", str(folder), "--at", "/srv/mattebox", "--name", "cut.example")
    done = flask(tmp_path, *words, "--certificate", "/tls/cert.pem", "--key", "/tls/key.pem")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("nginx.conf, Caddyfile, apache.conf serve them.\n")
    for name in ("nginx.conf", "Caddyfile", "apache.conf"):
        text = (folder / name).read_text()
        for told in ("/srv/mattebox", "cut.example", "443", "/tls/cert.pem", "/tls/key.pem"):
            assert told in text, (name, told)
        assert str(tmp_path) not in text
    for wrong, told in (
        (("export", str(tmp_path / "client")), "no export"),
        (("export", str(folder), "--name", "a b"), "cannot be put into a configuration"),
        (("export", str(folder), "--key", "/tls/key.pem"), "go together"),
    ):
        refused = flask(tmp_path, *wrong)
        assert refused.returncode != 0
        assert told in refused.stderr
        assert "Traceback" not in refused.stderr
