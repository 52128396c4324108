"""A proxy on this machine that leads every tunnel to one port."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PLACES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")


class Proxy:
    """Takes CONNECT requests, notes where to, and leads all of them to one port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []
        self.url = ""

    def lead(self, client: socket.socket) -> None:
        # A client that refuses a certificate may go by a reset, in the middle of anything.
        with client, suppress(ConnectionError):
            head = b""
            while b"\r\n\r\n" not in head:
                block = client.recv(4096)
                if not block:
                    return
                head += block
            method, target, _ = head.split(b" ", 2)
            self.asked.append(f"{method.decode()} {target.decode()}")
            with socket.create_connection(("127.0.0.1", self.port)) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                ends = {client: server, server: client}
                while True:
                    for end in select.select(list(ends), [], [])[0]:
                        block = end.recv(65536)
                        if not block:
                            return
                        ends[end].sendall(block)


@contextmanager
def proxying(port: int) -> Iterator[Proxy]:
    """A proxy that is there while the body runs."""
    proxy = Proxy(port)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=proxy.lead, args=(client,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
