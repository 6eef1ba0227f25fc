"""`chatwoot-assets demo`: create a sample Chatwoot, load all its days, and show the summary of the last ones."""

from __future__ import annotations

import os
import sys

from rich import box
from rich.table import Table

from chatwoot_assets.commands.backfill import backfill
from chatwoot_assets.commands.console import out, warehouse_database
from chatwoot_assets.commands.runs import run_job
from chatwoot_assets.commands.sample import first_day, make_sample
from chatwoot_assets.database_urls import (
    ANALYTICS_DATABASE_URL,
    CHATWOOT_DATABASE_URL,
    EMBEDDED,
    embedded_is_allowed,
    is_set,
)
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.postgres import connect, embedded_url
from chatwoot_assets.postgres_embedded import server as embedded
from chatwoot_assets.settings import Settings

_SUMMARY_DAYS = 2


def demo(conversations: int, days: int) -> None:
    """Create the sample unless it exists, deploy the views, load every day and show the summary.

    Args:
        conversations: The number of conversations of a new sample.
        days: The number of days of a new sample.

    Raises:
        SettingsError: The user's own database is configured, to which the demo writes nothing, or the embedded server
            is not allowed.
    """
    for variable in (CHATWOOT_DATABASE_URL, ANALYTICS_DATABASE_URL):
        if is_set(variable):
            raise SettingsError(
                f"{variable} is set, and the demo brings its own databases: unset it for the demo, or load"
                " your own data with: chatwoot-assets backfill --from YYYY-MM-DD"
            )
    settings = Settings.load()
    if not embedded_is_allowed():
        raise SettingsError(f"{EMBEDDED} is off, and the demo brings its own databases: set it to on for the demo")
    url = embedded_url(embedded.SAMPLE_DATABASE)
    if not _has_sample(url):
        make_sample(url, conversations, days)
    run_job(settings, DEPLOY_VIEWS)
    backfill(max(first_day(url, settings.reporting_timezone), settings.partitions_start_date), None)
    _show_summary()
    _show_commands()


def _has_sample(url: str) -> bool:
    with connect(url) as connection:
        return connection.execute("SELECT to_regclass('public.conversations')").fetchone() != (None,)


def _show_summary() -> None:
    table = Table(title="mvw_daily_summary, the last days", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("day", min_width=10)
    table.add_column("inbox", no_wrap=True, ratio=1)
    table.add_column("status", min_width=8)
    for name, width in (("total", 5), ("response", 8), ("rated", 5), ("rating", 6)):
        table.add_column(name, justify="right", min_width=width)
    with warehouse_database().connect() as connection:
        rows = connection.execute(
            "SELECT conversation_date, inbox_name, status, total_conversations, avg_response_time, total_rated,"
            " avg_rating FROM mvw_daily_summary WHERE conversation_date > (SELECT max(conversation_date) - %s"
            " FROM mvw_daily_summary) ORDER BY conversation_date, inbox_name, status",
            [_SUMMARY_DAYS],
        ).fetchall()
    for date, inbox, status, total, response, rated, rating in rows:
        table.add_row(
            str(date), inbox or "(gone)", status, f"{total:,}",
            "" if response is None else format_clock(round(response)),
            f"{rated:,}", "" if rating is None else f"{rating:.2f}",
        )  # fmt: skip
    out.print(table)


def format_clock(seconds: int) -> str:
    """Return a duration as hours, minutes and seconds; more than a day stays in hours."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _show_commands() -> None:
    command = os.path.relpath(sys.argv[0])
    out.print("\nNext steps:")
    for arguments, description in (
        ("dashboard", "open the dashboard with the data just loaded"),
        ("ui", "open Dagster's web interface: lineage, partitions, checks, runs"),
        ("status", "show each day's rows, and whether they still equal Chatwoot's"),
        ("views print", "print the SQL that a real Chatwoot's database would get"),
        ("--help", "show all commands"),
    ):
        out.print(f"  {command} {arguments:<12} {description}")
