"""The socket of a connection that ADBC has opened, to end a wait that nothing else can end.

ADBC waits for the server within libpq, and its own `cancel` needs the server. Shutting the socket down ends the wait.
ADBC does not expose its socket. It is found by comparison: the process has it after connecting, and not before.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

# Only one of our connections is opened at a time.
connecting = threading.Lock()

_DESCRIPTORS = Path("/proc/self/fd")


class ConnectionSocket:
    """The socket, once the connection is open; without one, `shut_down` does nothing.

    Args:
        url: The libpq URL of the server.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._descriptor: int | None = None
        self._identity: str | None = None

    @contextmanager
    def find(self) -> Iterator[None]:
        """Find the socket of the connection that the block opens."""
        with connecting:
            before = set(_sockets().values())
            yield
            opened = [
                (number, identity)
                for number, identity in _sockets().items()
                if identity not in before and _leads_to(number, self._url)
            ]
            # Another library may have opened one at the same moment: then ours is unknown.
            if len(opened) == 1:
                self._descriptor, self._identity = opened[0]

    def shut_down(self) -> None:
        """End all waiting on the socket."""
        if self._descriptor is None or _sockets().get(self._descriptor) != self._identity:
            return
        with suppress(OSError), socket.socket(fileno=os.dup(self._descriptor)) as ours:
            ours.shutdown(socket.SHUT_RDWR)


def _leads_to(descriptor: int, url: str) -> bool:
    """Return whether a socket is connected to a port, or to a directory's socket, that a URL names."""
    parts = conninfo_to_dict(url)
    with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as opened:
        peer = opened.getpeername()
        if isinstance(peer, tuple):
            return str(peer[1]) in str(parts.get("port") or "5432").split(",")
        return str(Path(os.fsdecode(peer)).parent) in str(parts.get("host") or "").split(",")
    return False


def _sockets() -> dict[int, str]:
    """Return the identities of this process's sockets by descriptor; none where the system does not list them."""
    found = {}
    with suppress(OSError):
        for entry in _DESCRIPTORS.iterdir():
            with suppress(OSError):
                target = str(entry.readlink())
                if target.startswith("socket:"):
                    found[int(entry.name)] = target
    return found
