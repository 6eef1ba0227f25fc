"""The commands that load, check and repair: from `demo` to `verify`."""

from __future__ import annotations

import click

from chatwoot_assets.cli.types import WholeNumber


@click.command("demo")
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


@click.group()
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


@click.command("backfill")
@click.option("--from", "first", required=True, metavar="YYYY-MM-DD", help="The first day.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="The last day; today by default.")
@click.option("--force", is_flag=True, help="Also reload days that already equal the source.")
@click.option("--allow-empty", is_flag=True, help="Continue even if nearly all conversations of the days are gone.")
def backfill_command(first: str, last: str | None, force: bool, allow_empty: bool) -> None:
    """Load a range of days.

    Each year is one Dagster run. Days that already equal the source are skipped.
    """
    from chatwoot_assets.commands.backfill import backfill
    from chatwoot_assets.settings_values import parse_date

    backfill(
        parse_date("--from", first),
        parse_date("--to", last) if last else None,
        force=force,
        allow_empty=allow_empty,
    )


@click.command("status")
@click.option("--days", default=14, show_default=True, type=WholeNumber(), help="How many days to show.")
def status_command(days: int) -> None:
    """Show the loaded days and their freshness.

    For each of the last loaded days: its rows, the instant they were read, and whether they still equal Chatwoot's.
    """
    from chatwoot_assets.commands.status import status

    status(days)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor_command(as_json: bool) -> None:
    """Find what is wrong with this installation.

    Looks at versions, URLs, privileges, encodings, views, replica lag, connections, disk, clocks, Dagster's instance
    and the place of the extracts, and says what to do. Exits with 1 if something is an error.
    """
    from chatwoot_assets.commands.doctor import doctor

    doctor(as_json=as_json)


@click.command("alerts")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Show the problems, and send nothing.")
@click.option("--test", "is_test", is_flag=True, help="Send only a message that says that alerts arrive.")
def alerts_command(is_dry_run: bool, is_test: bool) -> None:
    """Show problems, and send the new ones.

    Failed runs, failed checks, stale data and what the rules of ALERTS find are sent to ALERT_URLS, as the sensor
    `alerts_sensor` does. Run it by cron where no daemon runs.
    """
    from chatwoot_assets.commands.alerts import alert

    alert(is_dry_run=is_dry_run, is_test=is_test)


@click.command("prune")
def prune_command() -> None:
    """Remove old runs from Dagster's storage.

    A run is removed once newer ones have replaced what it wrote, KEEP_RUNS_DAYS after its end, or when 300 newer
    ones exist. What the UI shows of partitions, checks and freshness stays as it is.
    """
    from chatwoot_assets.commands.prune import prune

    prune()


@click.command("drop-contents")
def drop_contents_command() -> None:
    """Drop texts and names that are too old.

    What is older than KEEP_CONTENTS_DAYS leaves the Parquet files and the warehouse: message texts, comments, and the
    names of contacts. All numbers stay. A command that was stopped continues when it is run again.
    """
    from chatwoot_assets.commands.contents import drop_contents

    drop_contents()


@click.command("verify")
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


@click.command("checks")
@click.option("--junit", metavar="FILE", help="Also write the results to this file, as JUnit XML.")
def checks_command(junit: str | None) -> None:
    """Check this version's views on a small sample.

    The sample Chatwoot is created for this, loaded as users do, and removed. No configured database is touched.
    """
    from chatwoot_assets.commands.checks import run_checks

    run_checks(junit)


COMMANDS = (
    demo_command,
    views,
    backfill_command,
    status_command,
    doctor_command,
    alerts_command,
    prune_command,
    drop_contents_command,
    verify_command,
    checks_command,
)
