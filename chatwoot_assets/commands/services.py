"""`chatwoot-assets code-server`, `webserver`, `daemon` and `celery-worker`: Dagster's processes, one each.

`ui` starts all of them on one machine, for one person. Here each is a service of its own, for containers and systemd. A
service refuses to start, in one line, if it lacks a database URL that it needs; see CHATWOOT_ASSETS_EMBEDDED.
"""

from __future__ import annotations

import importlib.util
import os
import socket
from pathlib import Path

from chatwoot_assets.commands.dagster_process import become_dagster, check_address, hold_the_only_daemon
from chatwoot_assets.database_urls import DAGSTER_POSTGRES_URL, DATABASE_URLS, EMBEDDED, require_urls
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import find_setting

_BROKER_URL = "CELERY_BROKER_URL"
_WORKSPACE = Path(__file__).parent.parent / "code_server.yaml"


def serve_code(host: str, port: int, *, celery: bool) -> None:
    """Replace this process by the code server, which evaluates the sensors and starts the runs.

    Args:
        host: The address to listen on.
        port: The port to listen on.
        celery: Whether Celery workers execute the runs' steps.

    Raises:
        SettingsError: A database URL is missing, a setting is not accepted, or the port is in use.
    """
    if celery:
        _require_shared_places()
    Settings.load()
    require_urls(*DATABASE_URLS)
    check_address(host, port)
    # Runs must be started by this environment's Dagster, whatever is first in PATH.
    options = ["-h", host, "-p", str(port), "--use-python-environment-entry-point"]
    module = "chatwoot_assets.commands.celery" if celery else "chatwoot_assets.definitions"
    become_dagster("dagster", "api", "grpc", "-m", module, *options)


def run_celery_worker(steps: int) -> None:
    """Replace this process by a Celery worker, which executes the steps of runs.

    Args:
        steps: How many steps it executes at a time.

    Raises:
        SettingsError: CELERY_BROKER_URL, EXTRACTS_URL or a database URL is missing, or a setting is not accepted.
    """
    _require_shared_places()
    Settings.load()
    require_urls(*DATABASE_URLS)
    # Several workers of one host need different names.
    name = f"chatwoot-assets-{os.getpid()}@{socket.gethostname()}"
    options = ["--queues", "dagster", "--concurrency", str(steps), "--hostname", name, "--loglevel", "warning"]
    become_dagster("celery", "--app", "chatwoot_assets.commands.celery", "worker", *options)


def _require_shared_places() -> None:
    """Check that the broker and the place of the files are set, which all machines share; forbid the embedded server.

    Raises:
        SettingsError: dagster-celery is not installed, or CELERY_BROKER_URL or EXTRACTS_URL is not set.
    """
    if importlib.util.find_spec("dagster_celery") is None:
        raise SettingsError('Celery needs dagster-celery; install the extra: pip install "chatwoot_assets[celery]"')
    if not os.environ.get(_BROKER_URL):
        raise SettingsError(f"{_BROKER_URL} is not set; it names the broker, such as redis://:password@redis:6379/0")
    if find_setting("EXTRACTS_URL") is None:
        raise SettingsError(
            "EXTRACTS_URL is not set; workers on several machines need one place for the days' files, such as"
            " s3://bucket/chatwoot, or a directory that all of them mount"
        )
    os.environ[EMBEDDED] = "off"


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
        SettingsError: DAGSTER_POSTGRES_URL is missing, a setting is not accepted, or another daemon or UI runs on
            this home.
    """
    Settings.load()
    require_urls(DAGSTER_POSTGRES_URL)
    with hold_the_only_daemon("Dagster's daemon"):
        become_dagster("dagster._daemon", "run", *_workspace(code_server))


def _workspace(code_server: tuple[str, int]) -> list[str]:
    """Return the options that name the code server."""
    os.environ["CHATWOOT_ASSETS_CODE_SERVER_HOST"] = code_server[0]
    os.environ["CHATWOOT_ASSETS_CODE_SERVER_PORT"] = str(code_server[1])
    return ["-w", str(_WORKSPACE)]
