"""`chatwoot-assets ui`: Dagster's web interface and daemon, on the same instance as the other commands."""

from __future__ import annotations

from chatwoot_assets.commands.console import err, out
from chatwoot_assets.commands.dagster_process import become_dagster, check_address, hold_the_only_daemon
from chatwoot_assets.commands.diagnosis.machine import MEMORY_ADVICE, has_little_memory, read_memory
from chatwoot_assets.database_urls import DATABASE_URLS, require_urls
from chatwoot_assets.settings import Settings


def serve(host: str, port: int) -> None:
    """Replace this process by `dagster dev`; Ctrl-C ends it and the processes that it started.

    Args:
        host: The address to listen on.
        port: The port to listen on.

    Raises:
        SettingsError: A database URL is missing, the port is in use, the host is not one of this machine's, or
            another UI or daemon runs on this home.
    """
    Settings.load()
    require_urls(*DATABASE_URLS)
    with hold_the_only_daemon(f"Dagster's UI at http://{host}:{port}"):
        check_address(host, port)
        if has_little_memory():
            err.print(f"{read_memory() / 2**30:.1f} GB of memory: {MEMORY_ADVICE}")
        out.print(f"Dagster's UI: http://{host}:{port} in a few seconds (Ctrl-C to stop)")
        become_dagster("dagster", "dev", "-m", "chatwoot_assets.definitions", "-h", host, "-p", str(port))
