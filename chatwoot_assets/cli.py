"""The command `chatwoot-assets`: reads what was typed, calls a plain function, says what came of it.

No work is done here, and what a command needs is imported when it runs: `--help` answers at once. Whatever a
user can do something about ends as one line on standard error and a non-zero exit; see `errors.py`.
"""

from __future__ import annotations

import sys

import click

from chatwoot_assets.errors import SettingsError, UserError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chatwoot_assets")
def cli() -> None:
    """Chatwoot's conversations in a local PostgreSQL, by day, as Dagster assets.

    Without CHATWOOT_DATABASE_URL, ANALYTICS_DATABASE_URL and DAGSTER_POSTGRES_URL, an embedded PostgreSQL
    with a sample Chatwoot serves.
    """


@cli.command("demo")
@click.option("--conversations", default=5_000, show_default=True, type=click.IntRange(min=1))
@click.option("--days", default=30, show_default=True, type=click.IntRange(min=1, max=365))
def demo_command(conversations: int, days: int) -> None:
    """Make a sample Chatwoot, load its days, and show the summary."""
    from chatwoot_assets.commands.demo import demo

    demo(conversations, days)


@cli.group()
def views() -> None:
    """The views in Chatwoot's database."""


@views.command("create")
def views_create() -> None:
    """Create or replace all the views, in one transaction."""
    from chatwoot_assets.commands.views import create

    create()


@views.command("drop")
def views_drop() -> None:
    """Drop all the views; do so before an upgrade of Chatwoot."""
    from chatwoot_assets.commands.views import drop

    drop()


@views.command("print")
def views_print() -> None:
    """Print the views' SQL, for a DBA to read and run."""
    from chatwoot_assets.commands.views import show

    show()


@cli.command("backfill")
@click.option("--from", "first", required=True, metavar="YYYY-MM-DD", help="The first day.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="The last day; today where it is not given.")
@click.option("--force", is_flag=True, help="Load days again that are equal to the source already.")
def backfill_command(first: str, last: str | None, force: bool) -> None:
    """Load the days of a range, as a Dagster run a year; days that are equal already are skipped."""
    from chatwoot_assets.commands.backfill import backfill
    from chatwoot_assets.settings_variables import parse_date

    backfill(
        parse_date("--from", first),
        parse_date("--to", last) if last else None,
        force=force,
    )


@cli.command("status")
@click.option("--days", default=14, show_default=True, type=click.IntRange(min=1), help="How many days to show.")
def status_command(days: int) -> None:
    """Show for each of the last loaded days its rows, as of when, and whether they are Chatwoot's still."""
    from chatwoot_assets.commands.status import status

    status(days)


@cli.command("verify")
@click.option("--contact", type=click.IntRange(1, 2**63 - 1), metavar="ID", help="A contact's id in Chatwoot.")
@click.option("--conversation", type=click.IntRange(1, 2**63 - 1), metavar="ID", help="A conversation's id, not its #.")
def verify_command(contact: int | None, conversation: int | None) -> None:
    """Prove an erasure: say where anything of a contact or of a conversation is left."""
    from chatwoot_assets.commands.verify import verify

    verify(contact, conversation)


@cli.command("checks")
@click.option("--junit", metavar="FILE", help="Write the results as JUnit XML to this file, too.")
def checks_command(junit: str | None) -> None:
    """Check this checkout's views and all that follows on a small sample Chatwoot of its own."""
    from chatwoot_assets.commands.checks import run_checks

    run_checks(junit)


@cli.command("ui")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=3000, show_default=True, type=click.IntRange(1, 65535))
def ui_command(host: str, port: int) -> None:
    """Open Dagster's web interface, with its schedules running."""
    from chatwoot_assets.commands.ui import serve

    serve(host, port)


@cli.command("dashboard")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option("--name", "names", multiple=True, help="A name by which people reach it through a proxy; repeatable.")
def dashboard_command(host: str, port: int, names: tuple[str, ...]) -> None:
    """Open the dashboard: the numbers, and the conversations behind them."""
    from chatwoot_assets.commands.dashboard import serve

    serve(host, port, names)


def main() -> None:
    """Run the command line; the entry point of the console script."""
    try:
        cli(standalone_mode=False)
    except UserError as error:
        click.echo(f"error: {error}", err=True)
        # Wrong configuration exits as wrong usage does.
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was finished stays, and running the same again goes on", err=True)
        sys.exit(130)
