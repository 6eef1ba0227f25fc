"""The command `chatwoot-assets`: its arguments, its help, and how errors become an exit code.

The work is done in `commands/`. Each command imports its module when it runs, so that `--help` answers at once. An
error that a user can do something about ends as one line on standard error and a non-zero exit code; see `errors.py`.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable

import click

from chatwoot_assets.errors import SettingsError, UserError

# The largest that a PostgreSQL bigint holds.
_LARGEST_ID = 2**63 - 1


class WholeNumber(click.ParamType):  # type: ignore[type-arg]  # click 8.1 knows no ParamType[int]
    """A whole number from 1, whose error says what the number means.

    Args:
        largest: The largest number that is accepted.
        meaning: What the number is, such as "a port"; empty for nothing but a number.
    """

    name = "number"

    def __init__(self, largest: int = _LARGEST_ID, meaning: str = "") -> None:
        upper = f" to {largest}" if largest < _LARGEST_ID else ""
        self._accepted = f"{meaning}, a whole number from 1{upper}" if meaning else f"a whole number from 1{upper}"
        self._largest = largest

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or fail with what is accepted."""
        text = str(value)
        if not re.fullmatch("[0-9]{1,19}", text) or not 1 <= int(text) <= self._largest:
            self.fail(f"{text!r} must be {self._accepted}", param, ctx)
        return int(text)


_PORT = WholeNumber(65_535, "a port")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chatwoot_assets")
def cli() -> None:
    """Load Chatwoot's conversations into a local PostgreSQL, day by day, as Dagster assets.

    Settings come from the environment, from .env or from chatwoot_assets.toml. Without CHATWOOT_DATABASE_URL,
    ANALYTICS_DATABASE_URL and DAGSTER_POSTGRES_URL, an embedded PostgreSQL with a sample Chatwoot is used.
    """


@cli.command("demo")
@click.option("--conversations", default=5_000, show_default=True, type=WholeNumber(), help="The size of the sample.")
@click.option(
    "--days", default=30, show_default=True, type=WholeNumber(365), help="How many days it covers, up to 365."
)
def demo_command(conversations: int, days: int) -> None:
    """Create a sample Chatwoot and load it.

    Every day of the sample is loaded, and the summary of the last days is shown.
    """
    from chatwoot_assets.commands.demo import demo

    demo(conversations, days)


def _filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the lists of the dashboard's filter bar as options; `selected_filters` reads them."""
    for name, what in reversed(
        {
            "account": "ids of accounts",
            "inbox": "ids of inboxes",
            "team": "ids of teams",
            "agent": "ids of agents",
            "label": "labels",
            "status": "statuses",
        }.items()
    ):
        command = click.option(f"--{name}", metavar="LIST", help=f"Only these {what}.")(command)
    return click.option(
        "--attribute", metavar="KEY=VALUE", multiple=True, help="Only this attribute, may be repeated."
    )(command)


@cli.group()
def views() -> None:
    """Manage the views in Chatwoot's database."""


@views.command("create")
@click.option("--change-timezone", is_flag=True, help="Also replace views of another reporting time zone.")
def views_create(change_timezone: bool) -> None:
    """Create or replace all views.

    All of them are created in one transaction. Once their time zone has changed, all days must be loaded again.
    """
    from chatwoot_assets.commands.views import create

    create(change_timezone=change_timezone)


@views.command("drop")
def views_drop() -> None:
    """Drop all views.

    Do so before an upgrade of Chatwoot: PostgreSQL refuses to change a column that a view reads.
    """
    from chatwoot_assets.commands.views import drop

    drop()


@views.command("print")
def views_print() -> None:
    """Print the views' SQL.

    A DBA can read it, and run it in psql instead of `views create`.
    """
    from chatwoot_assets.commands.views import show

    show()


@cli.command("backfill")
@click.option("--from", "first", required=True, metavar="YYYY-MM-DD", help="The first day.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="The last day; today by default.")
@click.option("--force", is_flag=True, help="Also reload days that already equal the source.")
@click.option("--allow-empty", is_flag=True, help="Go on although nearly all conversations of the days are gone.")
def backfill_command(first: str, last: str | None, force: bool, allow_empty: bool) -> None:
    """Load a range of days.

    Each year is one Dagster run. Days that already equal the source are skipped.
    """
    from chatwoot_assets.commands.backfill import backfill
    from chatwoot_assets.settings_variables import parse_date

    backfill(
        parse_date("--from", first),
        parse_date("--to", last) if last else None,
        force=force,
        allow_empty=allow_empty,
    )


@cli.command("status")
@click.option("--days", default=14, show_default=True, type=WholeNumber(), help="How many days to show.")
def status_command(days: int) -> None:
    """Show the loaded days and their freshness.

    For each of the last loaded days: its rows, the instant they were read, and whether they still equal Chatwoot's.
    """
    from chatwoot_assets.commands.status import status

    status(days)


@cli.command("alerts")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Show the problems, and send nothing.")
@click.option("--test", "is_test", is_flag=True, help="Send only a message that says that alerts arrive.")
def alerts_command(is_dry_run: bool, is_test: bool) -> None:
    """Show problems, and send the new ones.

    Failed runs, failed checks, stale data and what the rules of ALERTS find are sent to ALERT_URLS, as the sensor
    `alerts_sensor` does. Run it by cron where no daemon runs.
    """
    from chatwoot_assets.commands.alerts import alert

    alert(is_dry_run=is_dry_run, is_test=is_test)


@cli.command("metrics")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=9464, show_default=True, type=_PORT, help="The port to listen on.")
def metrics_command(host: str, port: int) -> None:
    """Serve figures for Prometheus.

    Each request for /metrics reads them from the warehouse, until Ctrl-C.
    """
    from chatwoot_assets.commands.metrics import serve

    serve(host, port)


@cli.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor_command(as_json: bool) -> None:
    """Find what is wrong with this installation.

    Looks at versions, URLs, privileges, encodings, views, replica lag, connections, disk, clocks, Dagster's instance
    and the place of the extracts, and says what to do. Exits with 1 if something is an error.
    """
    from chatwoot_assets.commands.doctor import doctor

    doctor(as_json=as_json)


@cli.command("prune")
def prune_command() -> None:
    """Remove old runs from Dagster's storage.

    A run is removed once newer ones have replaced what it wrote, KEEP_RUNS_DAYS after its end, or when 300 newer
    ones exist. What the UI shows of partitions, checks and freshness stays as it is.
    """
    from chatwoot_assets.commands.prune import prune

    prune()


@cli.command("drop-contents")
def drop_contents_command() -> None:
    """Drop texts and names that are too old.

    What is older than KEEP_CONTENTS_DAYS leaves the Parquet files and the warehouse: message texts, comments, and the
    names of contacts. All numbers stay. A command that is stopped goes on when it is run again.
    """
    from chatwoot_assets.commands.contents import drop_contents

    drop_contents()


@cli.command("verify")
@click.option(
    "--contact",
    type=WholeNumber(meaning="a contact's id"),
    metavar="ID",
    help="A contact's id in Chatwoot.",
)
@click.option(
    "--conversation",
    type=WholeNumber(meaning="a conversation's id"),
    metavar="ID",
    help="A conversation's id, which is not the number that Chatwoot shows.",
)
def verify_command(contact: int | None, conversation: int | None) -> None:
    """Prove that an erasure reached everything.

    Names each place that still holds something of a contact or of a conversation.
    """
    from chatwoot_assets.commands.verify import verify

    verify(contact, conversation)


@cli.command("checks")
@click.option("--junit", metavar="FILE", help="Also write the results to this file, as JUnit XML.")
def checks_command(junit: str | None) -> None:
    """Check this version's views on a small sample.

    The sample Chatwoot is created for this, loaded as users do, and removed. No configured database is touched.
    """
    from chatwoot_assets.commands.checks import run_checks

    run_checks(junit)


@cli.command("ui")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=3000, show_default=True, type=_PORT, help="The port to listen on.")
def ui_command(host: str, port: int) -> None:
    """Serve Dagster's web interface.

    Its sensors and schedules run as well, until Ctrl-C.
    """
    from chatwoot_assets.commands.ui import serve

    serve(host, port)


@cli.command("dashboard")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8501, show_default=True, type=_PORT, help="The port to listen on.")
@click.option("--name", "names", multiple=True, help="A host name that a proxy serves it under; repeatable.")
def dashboard_command(host: str, port: int, names: tuple[str, ...]) -> None:
    """Serve the dashboard.

    It shows the numbers, and the conversations behind them, until Ctrl-C.
    """
    from chatwoot_assets.commands.dashboard import serve

    serve(host, port, names)


@cli.command("export")
@click.argument("dataset", type=click.Choice(["conversations", "messages", "episodes", "waits"]))
@click.option("--from", "first", required=True, metavar="YYYY-MM-DD", help="The first day.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="The last day; today by default.")
@click.option("--format", "file_format", type=click.Choice(["csv", "parquet", "xlsx"]), help="The file's format.")
@click.option("--output", "-o", metavar="FILE", help="The file to write; standard output by default.")
@click.option("--language", default="en", show_default=True, type=click.Choice(["pt", "en"]), help="Of the headings.")
@_filter_options
@click.option("--waiting", is_flag=True, help="Only conversations that wait for a reply, of any day.")
def export_command(
    dataset: str,
    first: str,
    last: str | None,
    file_format: str | None,
    output: str | None,
    language: str,
    waiting: bool,
    **filters: str | tuple[str, ...] | None,
) -> None:
    """Write all rows of a period to a file.

    Conversations and their messages belong to the day the conversation began, episodes to the day they began, and waits
    to the day of the reply. Lists are separated by commas; 0 means no agent or no team.
    """
    from chatwoot_assets.commands.export import export

    export(dataset, first, last, file_format, output, language, waiting=waiting, lists=filters)


@cli.command("report")
@click.option(
    "--period",
    default="last-week",
    show_default=True,
    type=click.Choice(["today", "yesterday", "this-week", "last-week", "this-month", "last-month", "7d", "30d", "90d"]),
    help="The days.",
)
@click.option(
    "--format",
    "file_format",
    default="html",
    show_default=True,
    type=click.Choice(["html", "pdf", "xlsx"]),
    help="The file's format.",
)
@click.option("--output", "-o", metavar="FILE", help="The file to write; standard output by default.")
@click.option("--language", default="en", show_default=True, type=click.Choice(["pt", "en"]), help="Its language.")
@click.option("--send", "is_sent", is_flag=True, help="Send the numbers to ALERT_URLS instead.")
@_filter_options
def report_command(
    period: str,
    file_format: str,
    output: str | None,
    language: str,
    *,
    is_sent: bool,
    **filters: str | tuple[str, ...] | None,
) -> None:
    """Write or send a period's numbers and charts.

    They are those of the dashboard's overview, with tables of agents and inboxes, compared with the period before.
    """
    from chatwoot_assets.commands.report import report

    report(period, file_format, output, language, filters, is_sent=is_sent)


@cli.group()
def bi() -> None:
    """Manage the views for BI tools."""


@bi.command("create")
@click.option("--reader", "readers", multiple=True, metavar="ROLE", help="A role that may read numbers; repeatable.")
@click.option(
    "--personal-reader",
    "personal_readers",
    multiple=True,
    metavar="ROLE",
    help="A role that may also read names of contacts and contents; repeatable.",
)
def bi_create(readers: tuple[str, ...], personal_readers: tuple[str, ...]) -> None:
    """Create or replace the views in schema bi.

    Do so again after an upgrade, and after REPORTING_TIMEZONE has changed. Grants stay.
    """
    from chatwoot_assets.commands.bi import create

    create(readers, personal_readers)


@bi.command("drop")
def bi_drop() -> None:
    """Drop the views in schema bi."""
    from chatwoot_assets.commands.bi import drop

    drop()


@bi.command("dbt")
def bi_dbt() -> None:
    """Print dbt's sources.yml, with tests."""
    from chatwoot_assets.commands.bi import print_dbt

    print_dbt()


@cli.command("mcp")
@click.option("--http", "host", metavar="ADDRESS", help="Serve HTTP on this address instead of standard input.")
@click.option("--port", default=8765, show_default=True, type=_PORT, help="The port for HTTP.")
@click.option("--token-file", metavar="FILE", help="A file with the token that HTTP requests must carry.")
@click.option("--personal", is_flag=True, help="Also give names of contacts and contents of messages.")
def mcp_command(host: str | None, port: int, token_file: str | None, personal: bool) -> None:
    """Answer an assistant's questions.

    A Model Context Protocol server with the dashboard's numbers and their definitions. It reads the warehouse only.
    """
    from chatwoot_assets.commands.mcp import serve

    serve(host, port, token_file, personal=personal)


class Address(click.ParamType):  # type: ignore[type-arg]  # click 8.1 knows no ParamType[tuple[str, int]]
    """A host and a port, such as code-server:4000."""

    name = "host:port"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Return the two, or fail with what is accepted."""
        host, _, port = str(value).rpartition(":")
        if not host or not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
            self.fail(f"{str(value)!r} must be a host and a port, such as code-server:4000", param, ctx)
        return host, int(port)


def _check_path_prefix(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if value and not re.fullmatch("(/[A-Za-z0-9._~-]+)+", value):
        raise click.BadParameter(f"{value!r} must be a path that begins and does not end with /, such as /dagster")
    return value


_CODE_SERVER_OPTION = click.option(
    "--code-server", default="127.0.0.1:4000", show_default=True, type=Address(), help="The code server's address."
)


@cli.command("code-server")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=4000, show_default=True, type=_PORT, help="The port to listen on.")
@click.option("--celery", is_flag=True, help="Let Celery workers execute the steps of runs.")
def code_server_command(host: str, port: int, celery: bool) -> None:
    """Serve the definitions as a service.

    It evaluates the sensors and starts the runs. Its port has no login: only the webserver and the daemon may reach it.
    """
    from chatwoot_assets.commands.services import serve_code

    serve_code(host, port, celery=celery)


@cli.command("celery-worker")
@click.option("--steps", default=1, show_default=True, type=click.IntRange(1, 64), help="How many steps at a time.")
def celery_worker_command(steps: int) -> None:
    """Execute the steps of runs as a service.

    It takes them from the broker that CELERY_BROKER_URL names.
    """
    from chatwoot_assets.commands.services import run_celery_worker

    run_celery_worker(steps)


@cli.command("webserver")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=3000, show_default=True, type=_PORT, help="The port to listen on.")
@click.option(
    "--path-prefix",
    default="",
    metavar="PATH",
    callback=_check_path_prefix,
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


@cli.command("daemon")
@_CODE_SERVER_OPTION
def daemon_command(code_server: tuple[str, int]) -> None:
    """Run the sensors and schedules as a service.

    Exactly one daemon may run per Dagster database.
    """
    from chatwoot_assets.commands.services import run_daemon

    run_daemon(code_server)


@cli.command("health")
@click.argument("service", type=click.Choice(["code-server", "webserver", "daemon", "dashboard"]))
@click.option("--port", type=_PORT, help="The port, if it is not the usual one.")
def health_command(service: str, port: int | None) -> None:
    """Check whether a local service works.

    Exits with 0 if it does, and with 1 and one line if it does not.
    """
    from chatwoot_assets.commands.health import check_health

    check_health(service, port)


def main() -> None:
    """Run the command line; the entry point of the console script."""
    # Also for what Dagster and PostgreSQL write, in this process and in those that it starts.
    os.umask(0o077)
    # Importing Dagster creates objects that all stay: looking through them for garbage takes a fifth of the time.
    gc.set_threshold(50_000)
    from chatwoot_assets.commands import interruption

    interruption.watch()
    try:
        cli(standalone_mode=False)
    except UserError as error:
        click.echo(f"error: {error}", err=True)
        # A wrong setting exits with the same code as wrong usage.
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        interruption.announce()
        sys.exit(interruption.EXIT_CODE)
