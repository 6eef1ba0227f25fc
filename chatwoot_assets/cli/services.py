"""The commands that serve until they are stopped, and the one that checks whether they work."""

from __future__ import annotations

import click

from chatwoot_assets.cli.types import PORT, Address, check_path_prefix


@click.command("ui")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=3000, show_default=True, type=PORT, help="The port to listen on.")
def ui_command(host: str, port: int) -> None:
    """Serve Dagster's web interface.

    Its sensors and schedules run as well, until Ctrl-C.
    """
    from chatwoot_assets.commands.ui import serve

    serve(host, port)


@click.command("dashboard")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8501, show_default=True, type=PORT, help="The port to listen on.")
@click.option("--name", "names", multiple=True, help="A host name that a proxy serves it under; repeatable.")
def dashboard_command(host: str, port: int, names: tuple[str, ...]) -> None:
    """Serve the dashboard.

    It shows the numbers, and the conversations behind them, until Ctrl-C.
    """
    from chatwoot_assets.commands.dashboard import serve

    serve(host, port, names)


@click.command("metrics")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=9464, show_default=True, type=PORT, help="The port to listen on.")
def metrics_command(host: str, port: int) -> None:
    """Serve figures for Prometheus.

    Each request for /metrics reads them from the warehouse, until Ctrl-C.
    """
    from chatwoot_assets.commands.metrics import serve

    serve(host, port)


_CODE_SERVER_OPTION = click.option(
    "--code-server", default="127.0.0.1:4000", show_default=True, type=Address(), help="The code server's address."
)


@click.command("code-server")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=4000, show_default=True, type=PORT, help="The port to listen on.")
@click.option("--celery", is_flag=True, help="Let Celery workers execute the steps of runs.")
def code_server_command(host: str, port: int, celery: bool) -> None:
    """Serve the definitions as a service.

    It evaluates the sensors and starts the runs. Its port has no login: only the webserver and the daemon may reach it.
    """
    from chatwoot_assets.commands.services import serve_code

    serve_code(host, port, celery=celery)


@click.command("celery-worker")
@click.option("--steps", default=1, show_default=True, type=click.IntRange(1, 64), help="How many steps at a time.")
def celery_worker_command(steps: int) -> None:
    """Execute the steps of runs as a service.

    It takes them from the broker that CELERY_BROKER_URL names.
    """
    from chatwoot_assets.commands.services import run_celery_worker

    run_celery_worker(steps)


@click.command("webserver")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=3000, show_default=True, type=PORT, help="The port to listen on.")
@click.option(
    "--path-prefix",
    default="",
    metavar="PATH",
    callback=check_path_prefix,
    help="The path that a proxy serves it under.",
)
@click.option("--read-only", is_flag=True, help="Let viewers launch and change nothing.")
@_CODE_SERVER_OPTION
def webserver_command(host: str, port: int, path_prefix: str, read_only: bool, code_server: tuple[str, int]) -> None:
    """Serve Dagster's web interface as a service.

    It has no login of its own: put a proxy with a login in front.
    """
    from chatwoot_assets.commands.services import serve_web

    serve_web(host, port, code_server, path_prefix, read_only=read_only)


@click.command("daemon")
@_CODE_SERVER_OPTION
def daemon_command(code_server: tuple[str, int]) -> None:
    """Run the sensors and schedules as a service.

    Exactly one daemon may run per Dagster database.
    """
    from chatwoot_assets.commands.services import run_daemon

    run_daemon(code_server)


@click.command("health")
@click.argument("service", type=click.Choice(["code-server", "webserver", "daemon", "dashboard"]))
@click.option("--port", type=PORT, help="The port, if it is not the usual one.")
def health_command(service: str, port: int | None) -> None:
    """Check whether a local service works.

    Exits with 0 if it does, and with 1 and one line if it does not.
    """
    from chatwoot_assets.commands.health import check_health

    check_health(service, port)


COMMANDS = (
    ui_command,
    dashboard_command,
    metrics_command,
    code_server_command,
    celery_worker_command,
    webserver_command,
    daemon_command,
    health_command,
)
