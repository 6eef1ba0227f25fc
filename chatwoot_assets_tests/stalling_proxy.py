"""A proxy in front of the session's server that stops forwarding without closing anything."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from chatwoot_assets_tests.conftest import Postgres


@dataclass
class StallingProxy:
    """A proxy on TCP.

    Attributes:
        port: Its port of 127.0.0.1.
        stall_at: What a client sends when it stalls; empty for nothing.
        has_stalled: Set once nothing is forwarded any more; what is sent is still taken.
        was_closed: Set once a client has closed a connection, or shut it down, after that.
    """

    port: int
    stall_at: bytes = b""
    has_stalled: threading.Event = field(default_factory=threading.Event)
    was_closed: threading.Event = field(default_factory=threading.Event)

    def url(self, url: str) -> str:
        """Return the URL that leads to the same database by this proxy."""
        path = urlsplit(url).path
        return f"postgresql://postgres@127.0.0.1:{self.port}{path}?sslmode=disable&gssencmode=disable"


@contextmanager
def stalling_proxy(postgres: Postgres, stall_at: bytes = b"") -> Iterator[StallingProxy]:
    """Run a proxy; stop it and close its connections afterwards."""
    server_address = str(postgres.server.socket_directory / ".s.PGSQL.5432")
    opened: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = StallingProxy(listener.getsockname()[1], stall_at)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    server = socket.socket(socket.AF_UNIX)
                    server.connect(server_address)
                    opened.extend([client, server])
                    for source, target, is_client in ((client, server, True), (server, client, False)):
                        thread = threading.Thread(target=_forward, args=(proxy, source, target, is_client), daemon=True)
                        thread.start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for each in opened:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()


def _forward(proxy: StallingProxy, source: socket.socket, target: socket.socket, is_client: bool) -> None:
    with suppress(OSError):
        while chunk := source.recv(65_536):
            if is_client and proxy.stall_at and proxy.stall_at in chunk:
                proxy.has_stalled.set()
            if not proxy.has_stalled.is_set():
                target.sendall(chunk)
    if is_client and proxy.has_stalled.is_set():
        proxy.was_closed.set()
    if not proxy.has_stalled.is_set():
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
