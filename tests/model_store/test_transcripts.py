"""What the page on installing shows is what a person sees."""

from __future__ import annotations

import socket
import struct
import threading

from tests.model_store.proxy import proxying
from tests.model_store.transcripts import PAGE, blocks, plain, record


def test_a_tunnel_ends_when_its_client_is_gone():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        proxying(listener.getsockname()[1]) as proxy,
    ):
        port = int(proxy.url.rpartition(":")[2])
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"CONNECT models.example:443 HTTP/1.1\r\n\r\n")
        server, _ = listener.accept()
        assert client.recv(100).endswith(b"\r\n\r\n")
        # Without a farewell, as one does that refuses a certificate.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        with server:
            assert server.recv(1) == b""
        # What it raised would be noticed at the end of this test.
        for thread in threading.enumerate():
            if thread.name.endswith("(lead)"):
                thread.join(10)


def test_the_page_shows_what_is_seen(tmp_path):
    shown = blocks(PAGE.read_text(encoding="utf-8"))
    found = dict(record(tmp_path))
    assert shown.keys() == found.keys()
    for name, text in found.items():
        assert plain(shown[name]) == plain(text), name
