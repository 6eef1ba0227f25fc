"""Become one of Dagster's programs: its settings, its address, and one daemon per home."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from chatwoot_assets.defs.dagster_home import ensure_dagster_home
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings_files import exported_settings

_LOCK = "daemon.lock"


@contextmanager
def hold_the_only_daemon(name: str) -> Iterator[None]:
    """Keep a second daemon from starting on this home, also after this process has become one of Dagster's.

    Two daemons work against each other. A UI has a daemon, too, and does not listen on its port while it starts.

    Args:
        name: What this process is, for the error of a second one.

    Raises:
        SettingsError: Another process holds the lock, or Dagster's home cannot be used.
    """
    try:
        lock = os.open(ensure_dagster_home() / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # a DAGSTER_HOME of the user's that is read-only
        yield
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.write(lock, name.encode())
    except BlockingIOError:
        running = os.read(lock, 1000).decode(errors="replace")
        os.close(lock)
        raise SettingsError(f"{running} already runs on this home; use that one, or end it") from None
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
    # A file in the working directory must not be imported instead of a module of the same name.
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
