"""What serving holds: throughput beside bare nginx, and the page's latency beside slow readers.

    python -m bench.serving [--readers 500] [--heads 128] [--gigabytes 2] [--out FILE]

Ways of running it: `gunicorn` alone, `gunicorn` behind nginx as `flask nginx` sets it up, the same
where nginx sends the files, the exported site on nginx, Caddy and Apache, and, to compare with, one
file from `nginx` alone. Throughput goes in turns, so that whatever else the machine does meets all
of them. Then so many readers hold downloads, half at 50 kB/s and half silent, and after that so
many requests are begun and never finished, while the page and /healthz are asked for on connections
of their own. Processor time and memory are those of the servers. Prints a table and writes JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

from bench.machine import Neighbours, end_within, facts
from bench.options import command_line, write
from server import create_app, export
from server.asset_tree import RUNTIME_FILES
from server.config import ROOT, Settings
from server.web_servers import nginx_proxy as nginx_conf
from server.web_servers.rules import Place

CLIENTS = 4
ROUNDS = 4
REQUESTS = 200
SLOW = 50_000  # bytes a second
HANDED = Settings(files_sent_by="x-accel-redirect")
FILE = RUNTIME_FILES[-1]  # the largest that every installation has


@dataclass(frozen=True)
class Way:
    """A running server: its port, its processes' root, the large file's URL."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    others: tuple[subprocess.Popen[bytes], ...] = ()

    def processes(self) -> list[psutil.Process]:
        """All that it takes to serve."""
        roots = [psutil.Process(one.pid) for one in (self.process, *self.others)]
        return [one for root in roots for one in (root, *root.children(recursive=True))]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return sum(sum(one.cpu_times()[:2]) for one in self.processes())

    def memory(self) -> int:
        """Resident bytes; what processes share is divided among them (PSS)."""
        return sum(one.memory_full_info().pss for one in self.processes())


def main() -> int:
    """Start, measure, print, write."""
    options = _options()
    end_within(1500)
    neighbours = Neighbours()
    with ExitStack() as started, tempfile.TemporaryDirectory() as folder:
        ways, url = _start(started, Path(folder))
        result: dict[str, Any] = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": facts(),
            "throughput": _throughput(ways, url, options.gigabytes),
            "latency": {},
        }
        for way in ways:
            result["latency"][way.name] = {
                "alone": _latencies(way.port),
                "readers": _beside(way, url, options.readers, 0),
                "heads": _beside(way, url, 0, options.heads),
            }
    result["neighbours_cores"] = neighbours.cores()
    _print(result, options)
    write(options.out, result)
    return 0


def _start(started: ExitStack, folder: Path) -> tuple[list[Way], str]:
    port = _free_port()
    own = folder / "socket"
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", f"--bind=127.0.0.1:{port}"]
    command += [f"--bind=unix:{own}"]
    # Only a proxy that says so is handed a file, so this serves all ways alike.
    os.environ["MATTEBOX_FILES_SENT_BY"] = HANDED.files_sent_by
    served = started.enter_context(_process(command, port, "/healthz"))
    ways = [Way("gunicorn", port, served)]
    catalog = _get(port, "/catalog.json").decode()
    [path] = re.findall(rf'"(runtime/[^"]+/{re.escape(FILE)})"', catalog)
    with suppress(FileNotFoundError):
        bare, proxied, handed, plain = (_free_port() for _ in range(4))
        config = folder / "nginx.conf"
        source = ROOT / "node_modules" / "onnxruntime-web" / "dist" / FILE
        blocks = [
            nginx_conf.proxy(settings, f"127.0.0.1:{port}", f"http://unix:{own}:")
            for port, settings in ((proxied, Settings()), (handed, HANDED))
        ]
        place = Place(folder / "site", plain, "127.0.0.1")
        export.write(create_app(), place.folder, place)
        blocks.append((place.folder / "nginx.conf").read_text())
        config.write_text(_nginx(folder, bare, f"/{path}", source, "\n".join(blocks)))
        command = ["nginx", "-p", str(folder), "-e", "error.log", "-c", str(config)]
        nginx = started.enter_context(_process(command, proxied, "/healthz"))
        ways.append(Way("gunicorn behind nginx", proxied, nginx, (served,)))
        ways.append(Way("files by nginx", handed, nginx, (served,)))
        ways.append(Way("exported", plain, nginx))
        ways += _others(started, folder)
        ways.append(Way("nginx", bare, nginx))
    return ways, f"/{path}"


def _others(started: ExitStack, folder: Path) -> list[Way]:
    """The exported site on Caddy and Apache, where they are on this machine."""
    ways = []
    for name, program in {"Caddy": "caddy", "Apache": "apache2"}.items():
        if not shutil.which(program):
            continue
        place = Place(folder / name, _free_port(), "127.0.0.1")
        export.write(create_app(), place.folder, place)
        command = [program, "run", "--config", str(place.folder / "Caddyfile")]
        if name == "Apache":
            command = [program, "-DFOREGROUND", "-f", str(_apache(folder, place.folder))]
        process = started.enter_context(_process(command, place.port, "/healthz"))
        ways.append(Way(f"exported, {name}", place.port, process))
    return ways


def _apache(folder: Path, site: Path) -> Path:
    """The exported configuration with Debian's modules and what surrounds it there."""
    text = (site / "apache.conf").read_text()
    modules = ["mpm_event", *text.splitlines()[0].removeprefix("# a2enmod ").split()]
    at = "/usr/lib/apache2/modules"
    head = [f"LoadModule {one}_module {at}/mod_{one}.so" for one in modules]
    head += [f"ServerRoot {folder}", f"PidFile {folder}/apache.pid", "ServerName localhost"]
    head += [f"ErrorLog {folder}/apache.log", "TypesConfig /dev/null"]
    head += ["User www-data", "Group www-data"] if os.getuid() == 0 else []
    folder.chmod(0o755)
    config = folder / "apache.conf"
    config.write_text("\n".join([*head, text]))
    return config


def _nginx(folder: Path, bare: int, path: str, source: Path, proxies: str) -> str:
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi")
    )
    # root's workers would become nobody, who may not read the checkout.
    user = "user root;" if os.getuid() == 0 else ""
    return f"""
{user}
daemon off; worker_processes 2; pid {folder}/pid;
events {{ worker_connections 4096; }}
http {{
  {temporary} uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  access_log off; sendfile on; tcp_nopush on;
  server {{
    listen 127.0.0.1:{bare} sndbuf=512k;
    location = {path} {{ alias {source}; }}
    location / {{ return 200 ok; }}
  }}
{proxies}}}
"""


@contextmanager
def _process(command: list[str], port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError):
                _get(port, path)
                break
            time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} did not start")
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _get(port: int, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return body


def _throughput(ways: list[Way], url: str, gigabytes: float) -> dict[str, Any]:
    """Megabytes a second and processor seconds per gigabyte: medians of rounds taken in turns."""
    found: dict[str, list[tuple[float, float]]] = {way.name: [] for way in ways}
    for _ in range(ROUNDS):
        for way in ways:
            started, used = time.monotonic(), way.cpu()
            received = _download(way.port, url, gigabytes * 1e9 / ROUNDS)
            seconds, used = time.monotonic() - started, way.cpu() - used
            found[way.name].append((received / 1e6 / seconds, used / (received / 1e9)))
    return {
        name: {
            "megabytes_per_second": round(statistics.median(rate for rate, _ in rounds), 1),
            "cpu_seconds_per_gigabyte": round(statistics.median(cpu for _, cpu in rounds), 3),
            "rounds": [[round(rate, 1), round(cpu, 3)] for rate, cpu in rounds],
        }
        for name, rounds in found.items()
    }


def _download(port: int, url: str, wanted: float) -> int:
    """Bytes that CLIENTS threads received, of whole files, until they were enough."""
    received = [0] * CLIENTS

    def work(index: int) -> None:
        buffer = bytearray(1024 * 1024)
        connection = HTTPConnection("127.0.0.1", port, timeout=120)
        while sum(received) < wanted:
            connection.request("GET", url)
            response = connection.getresponse()
            while count := response.readinto(buffer):
                received[index] += count

    threads = [threading.Thread(target=work, args=(index,)) for index in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(received)


def _beside(way: Way, url: str, readers: int, heads: int) -> dict[str, Any]:
    """Milliseconds until a whole answer while `readers` hold downloads and `heads` stay open."""
    ready = multiprocessing.Event()
    crowd = multiprocessing.Process(target=_crowd, args=(way.port, url, readers, heads, ready))
    crowd.start()
    try:
        ready.wait(120)
        used, started = way.cpu(), time.monotonic()
        beside = _latencies(way.port)
        cores = (way.cpu() - used) / (time.monotonic() - started)
        memory = way.memory()
    finally:
        crowd.terminate()
        crowd.join()
    return beside | {"cores": round(cores, 2), "memory_mib": round(memory / 2**20, 1)}


def _latencies(port: int) -> dict[str, float]:
    taken = []
    for index in range(REQUESTS):
        started = time.monotonic()
        _get(port, "/" if index % 2 else "/healthz")
        taken.append((time.monotonic() - started) * 1000)
    taken.sort()
    return {
        "median_ms": round(statistics.median(taken), 2),
        "p99_ms": round(taken[int(len(taken) * 0.99) - 1], 2),
        "max_ms": round(taken[-1], 2),
    }


def _crowd(port: int, url: str, readers: int, heads: int, ready: Any) -> None:
    asyncio.run(_read_all(port, url, readers, heads, ready))


async def _read_all(port: int, url: str, readers: int, heads: int, ready: Any) -> None:
    begun = await asyncio.gather(*(_begin(port) for _ in range(heads)))
    opened = await asyncio.gather(*(_open(port, url) for _ in range(readers)))
    ready.set()
    if begun:
        await asyncio.Event().wait()  # held until this process is ended
    slow = opened[: readers // 2]
    await asyncio.gather(*(_read_slowly(port, url, reader) for reader in slow))


async def _begin(port: int) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: bench\r\nX-More: ")
    await writer.drain()
    return writer


async def _open(port: int, url: str) -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=16 * 1024)
    writer.write(f"GET {url} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    reader.writer = writer  # type: ignore[attr-defined] # or it would be closed when forgotten
    return reader


async def _read_slowly(port: int, url: str, reader: asyncio.StreamReader) -> None:
    while True:
        if not await reader.read(SLOW // 4):
            reader = await _open(port, url)
        await asyncio.sleep(0.25)


def _print(result: Mapping[str, Any], options: argparse.Namespace) -> None:
    rates = result["throughput"]
    bare = rates.get("nginx", {}).get("megabytes_per_second")
    for name, way in rates.items():
        rate = way["megabytes_per_second"]
        beside = f"  {rate / bare:.2f} of nginx" if bare else ""
        print(f"{name:<24} {rate:>8.0f} MB/s  {way['cpu_seconds_per_gigabyte']:.2f} s/GB{beside}")
    crowds = {"readers": options.readers, "heads": options.heads}
    for name, way in result["latency"].items():
        print(f"{name:<24} alone {way['alone']['median_ms']} ms, p99 {way['alone']['p99_ms']}")
        for crowd, count in crowds.items():
            one = way[crowd]
            print(
                f"  beside {count} {crowd:<10} {one['median_ms']} ms, p99 {one['p99_ms']}, "
                f"max {one['max_ms']}; {one['cores']} cores, {one['memory_mib']} MiB"
            )


def _options() -> argparse.Namespace:
    parser = command_line("serving", __doc__)
    parser.add_argument("--readers", type=int, default=500)
    parser.add_argument("--heads", type=int, default=128)
    parser.add_argument("--gigabytes", type=float, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
