"""The systemd units and compose.yaml start what they say, as far as a machine shows that alone."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from server.cli import SOCKET
from server.config import ROOT, ServingSettings, Settings
from server.web_servers import nginx_proxy
from tests.model_store.conftest import Store
from tests.server import proxies, toy_site
from tests.server.conftest import until

UNITS = ROOT / "deploy"
AT = "/opt/mattebox"


def unit(name: str) -> dict[str, list[str]]:
    """Every setting of a unit, in the order of its lines."""
    found: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text().splitlines():
        if match := re.match(r"([A-Za-z]+)=(.*)$", line):
            found.setdefault(match[1], []).append(match[2])
        else:
            assert not line or line[0] in "#[", line
    return found


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, of this checkout."""
    folder = tmp_path_factory.mktemp("units")
    for path in UNITS.glob("mattebox.*"):
        text = path.read_text().replace(AT, str(ROOT))
        (folder / path.name).write_text(text)
    return folder


def test_systemd_understands_the_units(units: Path) -> None:
    program = proxies.need("systemd-analyze")
    files = [str(path) for path in units.iterdir()]
    done = subprocess.run(
        [program, "verify", *files], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


def test_the_sandbox_leaves_next_to_nothing(units: Path) -> None:
    program = proxies.need("systemd-analyze")
    words = ["security", "--offline=true", "--threshold=10", str(units / "mattebox.service")]
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:]  # of 100, in which a usual service has 96


def test_the_unit_and_the_printed_configuration_name_one_socket() -> None:
    [path] = unit("mattebox.socket")["ListenStream"]
    assert f"http://unix:{path}:" == SOCKET


@pytest.fixture
def site(tmp_path: Path) -> Path:
    toy_site.build(tmp_path)
    shutil.rmtree(tmp_path / "model_store")
    (tmp_path / "model_store").mkdir()
    Store(tmp_path / "model_store").write()
    return tmp_path


# Starts a program as systemd would: the socket is number 3 and says whose it is, and of the unit's
# sandbox there is what a process can do to itself, where it may: no network (PrivateNetwork), no
# memory both written and run (MemoryDenyWriteExecute), no new privileges.
START = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
libc.unshare(0x40000000)
libc.prctl(65, 1, 0, 0, 0)
libc.prctl(38, 1, 0, 0, 0)
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[2], sys.argv[2:])
"""


def test_the_service_starts_on_its_socket_and_takes_up_changes(site: Path) -> None:
    told = unit("mattebox.service")
    [command] = told["ExecStart"]
    words = command.replace(AT, str(ROOT)).split()
    [reload] = told["ExecReload"]
    assert reload == "/bin/kill -HUP $MAINPID"
    assert told["Type"] == ["notify"]
    variants = site / "cache" / "variants"
    environment = dict(pair.split("=", 1) for line in told["Environment"] for pair in line.split())
    assert environment.pop("MATTEBOX_VARIANTS") == "/var/cache/mattebox/variants"
    address, notified = site / "sock", site / "notify"
    settings = {
        "MATTEBOX_CLIENT": str(site / "client"),
        "MATTEBOX_NODE_MODULES": str(site / "node_modules"),
        "MATTEBOX_MODEL_STORE": str(site / "model_store"),
        "MATTEBOX_VARIANTS": str(variants),
        "NOTIFY_SOCKET": str(notified),
        "LISTEN_FDS": "1",
        "PATH": os.environ["PATH"],
    }
    with socket.socket(socket.AF_UNIX) as listening, notifications(notified) as said:
        listening.bind(str(address))
        listening.listen(64)
        with (site / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", START, str(listening.fileno()), *words],
                cwd=ROOT,
                env=environment | settings,
                pass_fds=[listening.fileno()],
                stdout=log,
                stderr=log,
            )
        try:
            assert b"READY=1" in said.recv(1024), (site / "log").read_text()
            assert ask(address, "/healthz") == (200, b"ok")
            before = ask(address, "/")[1]
            (site / "client" / "app.js").write_text("export const start = 2;\n")
            process.send_signal(signal.SIGHUP)
            # For a moment those from before answer as well, and say what has changed.
            until(
                lambda: ask(address, "/")[1] != before and ask(address, "/readyz") == (200, b"ok")
            )
        finally:
            process.terminate()
            assert process.wait(60) == 0
    assert list(variants.iterdir())


def notifications(path: Path) -> socket.socket:
    """What the service tells systemd arrives there."""
    found = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    found.bind(str(path))
    found.settimeout(60)
    return found


def ask(address: Path, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("mattebox")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(60)
    connection.sock.connect(str(address))
    connection.request("GET", path)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def test_compose_puts_the_shipped_nginx_before_the_image() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    mounted = [line.split(":")[:2] for line in services["nginx"]["volumes"]]
    assert mounted == [["./deploy/nginx.conf", "/etc/nginx/conf.d/default.conf"]]
    [exposed] = re.findall(r"^EXPOSE (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    [port] = services["nginx"]["ports"]
    upstream = f"http://mattebox:{exposed}"
    shipped = (UNITS / "nginx.conf").read_text()
    assert shipped == nginx_proxy.proxy(Settings(), port.split(":")[1], upstream)
    assert services["nginx"]["depends_on"]["mattebox"] == {"condition": "service_healthy"}
    assert "ports" not in services["mattebox"]


def test_compose_takes_settings_that_exist_and_keeps_the_store() -> None:
    mattebox = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["mattebox"]
    usual = {
        name: value.partition(":-")[2].removesuffix("}")
        for name, value in mattebox["environment"].items()
        if name.startswith("MATTEBOX_")
    }
    assert Settings.from_environment(usual) == Settings()
    documented = (ROOT / "docs" / "operating.md").read_text()
    assert all(f"`{name}`" in documented for name in mattebox["environment"])
    [(_, folder)] = [line.split(":") for line in mattebox["volumes"]]
    [work] = re.findall(r"^WORKDIR (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1:]
    assert Path(folder) == Path(work) / Settings().model_store.relative_to(ROOT) / "weights"


def test_the_page_on_kubernetes_says_what_the_image_is() -> None:
    text = (ROOT / "docs" / "operating" / "kubernetes.md").read_text()
    [block] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    deployment, service = yaml.safe_load_all(block)
    pod = deployment["spec"]["template"]["spec"]
    [container] = pod["containers"]
    made = (ROOT / "Dockerfile").read_text()
    [port] = re.findall(r"^EXPOSE (\d+)$", made, re.MULTILINE)
    [user] = re.findall(r"^USER (\d+)$", made, re.MULTILINE)
    assert container["securityContext"]["runAsUser"] == int(user)
    assert service["spec"]["ports"] == [{"port": 80, "targetPort": int(port)}]
    for probe in ("readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["port"] == int(port)
    told = {one["name"]: one["value"] for one in container["env"]}
    assert ServingSettings.from_environment(told) == ServingSettings(log="json")
    # Downloads are given their time, after the wait.
    wait = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > wait + ServingSettings().grace


def test_base_images_are_pinned_as_it_is_written(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "operating" / "compose.md").read_text()
    [block] = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    docker = tmp_path / "docker"
    # What of Docker the lines need: the last word is an image, and it has a digest.
    docker.write_text(
        "#!/bin/sh\nfor image; do :; done\n"
        'case $1 in pull) echo "$image";; *) echo "${image%%:*}@sha256:0123";; esac\n'
    )
    docker.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["sh", "-euc", block], cwd=tmp_path, env=environment, check=True)
    written = dict(line.split("=") for line in (tmp_path / ".env").read_text().splitlines())
    assert written == {
        f"MATTEBOX_{name.upper()}_IMAGE": f"{name}@sha256:0123"
        for name in ("node", "python", "nginx")
    }
    # Each is taken up by compose, in place of the tag that the lines pull.
    compose = (ROOT / "compose.yaml").read_text()
    usual = dict(re.findall(r"\$\{(MATTEBOX_\w+_IMAGE):-([^}]+)\}", compose))
    assert usual.keys() == written.keys()
    assert all(image in block for image in usual.values())
    bases = dict(
        re.findall(r"^ARG (\w+_IMAGE)=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    )
    assert bases == {name: usual[f"MATTEBOX_{name}"] for name in ("NODE_IMAGE", "PYTHON_IMAGE")}
