"""`chatwoot-assets code-server`, `webserver` and `daemon`: Dagster's processes, one each, for containers and systemd.

`ui` starts all of them for one person on one machine. Here each is a service that can be restarted alone. A service
refuses to start, in one line, if it lacks a database URL that it needs; see CHATWOOT_ASSETS_EMBEDDED.
"""

from __future__ import annotations

import os
from pathlib import Path

from chatwoot_assets.commands.ui import become_dagster, check_address
from chatwoot_assets.database_urls import DAGSTER_POSTGRES_URL, DATABASE_URLS, require_urls
from chatwoot_assets.settings import Settings

_WORKSPACE = Path(__file__).parent.parent / "code_server.yaml"


def serve_code(host: str, port: int) -> None:
    """Replace this process by the code server, which evaluates the sensors and starts the runs.

    Args:
        host: The address to listen on.
        port: The port to listen on.

    Raises:
        SettingsError: A database URL is missing, a setting is not accepted, or the port is in use.
    """
    Settings.load()
    require_urls(*DATABASE_URLS)
    check_address(host, port)
    # Runs must be started by this environment's Dagster, whatever is first in PATH.
    options = ["-h", host, "-p", str(port), "--use-python-environment-entry-point"]
    become_dagster("dagster", "api", "grpc", "-m", "chatwoot_assets.definitions", *options)


def serve_web(host: str, port: int, code_server: tuple[str, int], path_prefix: str, *, read_only: bool) -> None:
    """Replace this process by Dagster's web interface.

    Args:
        host: The address to listen on.
        port: The port to listen on.
        code_server: The code server's host and port.
        path_prefix: The path under which a proxy serves it, such as /dagster; empty for none.
        read_only: Whether viewers may launch and change nothing.

    Raises:
        SettingsError: DAGSTER_POSTGRES_URL is missing, a setting is not accepted, or the port is in use.
    """
    Settings.load()
    require_urls(DAGSTER_POSTGRES_URL)
    check_address(host, port)
    options = ["-h", host, "-p", str(port), *(["-l", path_prefix] if path_prefix else [])]
    become_dagster("dagster_webserver", *_workspace(code_server), *options, *(["--read-only"] if read_only else []))


def run_daemon(code_server: tuple[str, int]) -> None:
    """Replace this process by Dagster's daemon, which runs sensors and schedules and launches what is queued.

    Args:
        code_server: The code server's host and port.

    Raises:
        SettingsError: DAGSTER_POSTGRES_URL is missing, or a setting is not accepted.
    """
    Settings.load()
    require_urls(DAGSTER_POSTGRES_URL)
    become_dagster("dagster._daemon", "run", *_workspace(code_server))


def _workspace(code_server: tuple[str, int]) -> list[str]:
    """Return the options that name the code server."""
    os.environ["CHATWOOT_ASSETS_CODE_SERVER_HOST"] = code_server[0]
    os.environ["CHATWOOT_ASSETS_CODE_SERVER_PORT"] = str(code_server[1])
    return ["-w", str(_WORKSPACE)]
