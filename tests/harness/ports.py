"""Ports of the loopback interface, below those that a system gives out by itself."""

from __future__ import annotations

import contextlib
import random
import socket
from functools import cache


def port_of_its_own() -> int:
    """A port that stays free while nothing listens."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311
        if is_free(port):
            return port


@cache
def usual_port() -> int:
    """Where the sites of this process are, one after the other.

    What a browser keeps of immutable files at one of them is then found by the next.
    """
    return port_of_its_own()


def is_free(port: int) -> bool:
    """Whether nothing listens there."""
    with socket.socket() as probe, contextlib.suppress(OSError):
        # As a server does it: connections that are just ending do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False
