"""`chatwoot-assets ui`: Dagster's web interface and daemon, on the same instance as the other commands."""

from __future__ import annotations

import os
import signal
import socket
import sys

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
        SettingsError: A database URL is missing, the port is in use, or the host is not one of this machine's.
    """
    Settings.load()
    require_urls(*DATABASE_URLS)
    check_address(host, port)
    if has_little_memory():
        err.print(f"{read_memory() / 2**30:.1f} GB of memory: {MEMORY_ADVICE}")
    out.print(f"Dagster's UI: http://{host}:{port} in a few seconds (Ctrl-C to stop)")
    become_dagster("dagster", "dev", "-m", "chatwoot_assets.definitions", "-h", host, "-p", str(port))


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
