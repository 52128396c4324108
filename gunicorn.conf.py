"""How gunicorn runs Mattebox: `gunicorn wsgi:app` in this folder finds it by its name.

What an operator may want otherwise is in the environment (docs/operating.md); flags and
GUNICORN_CMD_ARGS go over everything here.
"""

import resource
import sys
from pathlib import Path
from typing import Any

from server import metrics
from server.config import ConfigError, ServingSettings

try:
    _settings = ServingSettings.from_environment()
except ConfigError as error:
    sys.exit(f"Mattebox does not start: {error}")

worker_class = "server.worker.Worker"
workers = _settings.workers
worker_connections = _settings.connections
graceful_timeout = _settings.grace
# One process digests and checks everything, the workers share it.
preload_app = True
# Longer than the idle time of usual proxies, so that they close first.
keepalive = 75
# With several browsers' connections each, 2048 that wait to be accepted are a few hundred people.
backlog = 2048
# A heartbeat on a disk that is busy would get a worker killed.
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_MEMORY = "/dev/shm"  # noqa: S108 - gunicorn's file there has no name
if Path(_MEMORY).is_dir():
    worker_tmp_dir = _MEMORY
control_socket_disable = True
if _settings.log == "json":
    logger_class = "server.logs.JsonLogger"
# Nobody in front speaks for clients: X-Forwarded-* and SCRIPT_NAME as a header are not read.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

# A download holds its socket and its file.
_soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
_wanted = 2 * _settings.connections + 256
if _soft < _wanted:
    _most = _wanted if _hard == resource.RLIM_INFINITY else min(_wanted, _hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_most, _hard))


def pre_fork(server: Any, worker: Any) -> None:
    """Give the worker a row of its own to count in (server/metrics.py)."""
    alive = (getattr(one, "row", 0) for one in server.WORKERS.values())
    worker.row = metrics.free_row(alive)


def post_fork(_server: Any, worker: Any) -> None:
    """Have it count there."""
    metrics.row.take(worker.row)


def when_ready(server: Any) -> None:
    """Advise a proxy where everybody can connect, and say what limits hold without one."""
    addresses = [one.cfg_addr for one in server.LISTENERS]
    public = [one for one in addresses if isinstance(one, tuple) and one[0] not in _LOOPBACK]
    if not public:
        return
    limits = f"{_settings.workers} x {_settings.connections} connections at once"
    advice = "reachable from other machines: a proxy in front is advised (docs/operating.md)"
    server.log.info("%s; without one, %s, and no TLS", advice, limits)


def on_reload(server: Any) -> None:
    """Have the workers that SIGHUP starts serve the files as they are now.

    What has been preloaded would be served again otherwise. Where it cannot be served, the reason
    is logged and everything stays as it was.
    """
    app = server.app
    former = app.callable
    module = app.app_uri.partition(":")[0]
    # Made anew when it is imported; the server's own code is not: that takes USR2.
    known = sys.modules.pop(module, None)
    app.callable = None
    try:
        app.wsgi()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it must not end us
        said = "the reload is refused, the files of before are served: %s"
        server.log.error(said, error)  # noqa: TRY400 - one line
        app.callable = former
        if known is not None:
            sys.modules[module] = known
