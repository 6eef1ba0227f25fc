"""`chatwoot-assets ui`: Dagster's web interface and daemon, on the same instance as the other commands."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatwoot_assets.commands.console import err, out
from chatwoot_assets.commands.diagnosis.machine import MEMORY_ADVICE, has_little_memory, read_memory
from chatwoot_assets.database_urls import DATABASE_URLS, require_urls
from chatwoot_assets.defs.dagster_home import ensure_dagster_home
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import exported_settings


def serve(host: str, port: int) -> None:
    """Replace this process by `dagster dev`; Ctrl-C ends it and the processes that it started.

    Args:
        host: The address to listen on.
        port: The port to listen on.

    Raises:
        SettingsError: A database URL is missing, the port is in use, the host is not one of this machine's, or the
            home's UI already runs.
    """
    Settings.load()
    require_urls(*DATABASE_URLS)
    with _locked(ensure_dagster_home() / "ui.lock", f"http://{host}:{port}"):
        check_address(host, port)
        if has_little_memory():
            err.print(f"{read_memory() / 2**30:.1f} GB of memory: {MEMORY_ADVICE}")
        out.print(f"Dagster's UI: http://{host}:{port} in a few seconds (Ctrl-C to stop)")
        become_dagster("dagster", "dev", "-m", "chatwoot_assets.definitions", "-h", host, "-p", str(port))


@contextmanager
def _locked(path: Path, address: str) -> Iterator[None]:
    """Keep a second UI from starting on this home, also after this process has become Dagster's.

    Two of them have two daemons, which work against each other; the second one's port is not in use while the first
    one starts.

    Args:
        path: The file to lock.
        address: Where this UI listens, for the error of a second one.

    Raises:
        SettingsError: Another UI holds the lock.
    """
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # a DAGSTER_HOME of the user's that is read-only
        yield
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.write(lock, address.encode())
    except BlockingIOError:
        running = os.read(lock, 1000).decode(errors="replace")
        os.close(lock)
        raise SettingsError(f"Dagster's UI already runs on this home, at {running}; use that one, or end it") from None
    except OSError:  # a file system without locks
        pass
    os.set_inheritable(lock, True)
    try:
        yield
    finally:
        os.close(lock)


def become_dagster(module: str, *arguments: str) -> None:
    """Replace this process by one of Dagster's programs, with these settings wherever they come from.

    Args:
        module: The program, as Python's option -m names it.
        arguments: Its arguments.

    Raises:
        SettingsError: Dagster's home cannot be used.
    """
    ensure_dagster_home()
    # Dagster would let a `.env` in the working directory override the environment.
    os.environ.update(exported_settings())
    os.chdir("/")
    # A file of the working directory that is named like a module of Dagster's must not take its place.
    os.environ["PYTHONSAFEPATH"] = "1"
    # `dagster dev` warns that `dg dev` supersedes it, which needs a package that only developers have.
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    # A command in the background of a script inherits an ignored SIGINT. Dagster would then ignore SIGTERM too, and
    # could only be killed, which leaves its processes behind.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def check_address(host: str, port: int) -> None:
    """Check that a server can listen on an address.

    Raises:
        SettingsError: The port is in use, or the host is not one of this machine's.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"cannot listen on {host}:{port}: {error.strerror}; give another --port or --host"
            ) from None
