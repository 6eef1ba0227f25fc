"""`chatwoot-assets verify`: prove that nothing of an erased contact or conversation is left, or say what to do."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich import box
from rich.table import Table

from chatwoot_assets.commands.console import (
    chatwoot_database,
    err,
    out,
    progress_bars,
    progress_listener,
    warehouse_database,
)
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, CHATWOOT_DATABASE_URL, require_urls
from chatwoot_assets.erasure.databases import find_in_chatwoot, find_in_tables
from chatwoot_assets.erasure.files import FileSearch, find_in_files
from chatwoot_assets.erasure.subject import Found, Subject
from chatwoot_assets.errors import SettingsError, SourceError, UserError, WarehouseError
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.extract.vanished import is_empty
from chatwoot_assets.partitions import ONE_DAY
from chatwoot_assets.progress import Report
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.partition_state import loaded_counts
from chatwoot_assets.warehouse.schema import migrate

# More ranges than these become one command: a day that is already equal costs only a comparison.
_MAX_COMMANDS = 3
_MAX_DAYS_LISTED = 3


@dataclass
class _Findings:
    """The rows that were found in each place.

    Attributes:
        chatwoot: Rows in Chatwoot.
        tables: Rows in the local tables.
        files: Rows in the extracts' files.
        failures: For each place that could not be searched, a line that says why.
    """

    chatwoot: list[Found] = field(default_factory=list)
    tables: list[Found] = field(default_factory=list)
    files: FileSearch = field(default_factory=FileSearch)
    failures: list[str] = field(default_factory=list)


def verify(contact: int | None, conversation: int | None) -> None:
    """Show each place in which data of a contact or a conversation are left.

    Args:
        contact: The contact's id in Chatwoot.
        conversation: The conversation's id in Chatwoot.

    Raises:
        SettingsError: Not exactly one of the two is given.
        UserError: Data are left, or a place could not be searched; the message says what to do.
    """
    if contact is not None and conversation is None:
        subject = Subject("contact", contact)
    elif conversation is not None and contact is None:
        subject = Subject("conversation", conversation)
    else:
        raise SettingsError("verify searches for one of the two: give either --contact ID or --conversation ID")
    settings = Settings.load()
    require_urls(CHATWOOT_DATABASE_URL, ANALYTICS_DATABASE_URL)
    with progress_bars() as show:
        findings = _search(settings, subject, progress_listener(show))
    _show(findings)
    problems = _problems(findings, subject, settings)
    if problems:
        for problem in problems[:-1]:
            err.print(f"error: {problem}", markup=False)
        raise UserError(problems[-1])
    out.print(
        f"nothing of {subject} is left: not in Chatwoot, not in the local tables,"
        f" not in {findings.files.files:,} Parquet files"
    )


def _search(settings: Settings, subject: Subject, report: Report) -> _Findings:
    findings = _Findings()
    shows_nothing = False
    try:
        with snapshot(chatwoot_database(settings)) as source:
            findings.chatwoot = find_in_chatwoot(source, settings.views_schema, subject)
            shows_nothing = is_empty(source, settings.views_schema)
    except SourceError as error:
        findings.failures.append(f"Chatwoot could not be searched: {error}")
    try:
        warehouse = warehouse_database()
        migrate(warehouse)
        with warehouse.connect() as connection:
            findings.tables = find_in_tables(connection, subject, report)
            if shows_nothing and any(conversations for conversations, _ in loaded_counts(connection).values()):
                findings.failures.append(
                    "CHATWOOT_DATABASE_URL shows no conversation at all, which proves nothing: check the database and"
                    " what its role can see"
                )
    except WarehouseError as error:
        findings.failures.append(f"the local tables could not be searched: {error}")
    findings.files = find_in_files(ExtractStore(settings.extracts_url), subject, report)
    return findings


def _show(findings: _Findings) -> None:
    places = (
        ("Chatwoot", findings.chatwoot),
        ("local tables", findings.tables),
        ("Parquet files", findings.files.found),
    )
    rows = [(place, found) for place, kinds in places for found in kinds]
    if not rows:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("place", "kind", "days", "rows"):
        table.add_column(name, justify="right" if name == "rows" else "left", no_wrap=True)
    for place, found in rows:
        table.add_row(place, found.kind, _format_days(list(found.rows)), f"{sum(found.rows.values()):,}")
    out.print(table)


def _format_days(days: list[str]) -> str:
    if len(days) <= _MAX_DAYS_LISTED:
        return ", ".join(days)
    return f"{len(days):,} days, {days[0]} to {days[-1]}"


def _problems(findings: _Findings, subject: Subject, settings: Settings) -> list[str]:
    """Return a line for each obstacle to proving the erasure, with what to do about it."""
    problems = list(findings.failures)
    local_days = _days_of([*findings.tables, *findings.files.found])
    if findings.chatwoot:
        days = local_days | _days_of(findings.chatwoot)
        problems.append(
            f"{subject} is still in Chatwoot: erase it there first, then load its days again: {_reload(days, settings)}"
        )
    elif local_days:
        problems.append(f"something of {subject} is left here; load its days again: {_reload(local_days, settings)}")
    if findings.files.unreadable:
        paths = ", ".join(findings.files.unreadable)
        problems.append(
            f"files that cannot be read may hold something of {subject}: {paths}; load their days again with"
            " chatwoot-assets backfill --from DAY --to DAY --force, or delete the files"
        )
    if findings.files.unfinished:
        paths = ", ".join(findings.files.unfinished)
        problems.append(
            f"unfinished files may hold something of {subject}: {paths};"
            " delete them, or verify again when the run that writes them has ended"
        )
    return problems


def _days_of(kinds: Iterable[Found]) -> set[str]:
    return {day for found in kinds for day in found.rows}


def _reload(days: set[str], settings: Settings) -> str:
    """Return the commands that load the days again, and what to do about days that are not partitions."""
    dates = sorted(filter(None, map(_date, days)))
    start = settings.partitions_start_date
    parts = []
    partitions = [date for date in dates if date >= start]
    if partitions:
        ranges = _ranges(partitions)
        if len(ranges) > _MAX_COMMANDS:
            ranges = [(partitions[0], partitions[-1])]
        parts.append(" && ".join(f"chatwoot-assets backfill --from {first} --to {last}" for first, last in ranges))
    earlier = [date for date in dates if date < start]
    if earlier:
        parts.append(
            f"before PARTITIONS_START_DATE ({start}), {_format_days([date.isoformat() for date in earlier])}:"
            f" PARTITIONS_START_DATE={earlier[0]} chatwoot-assets backfill --from {earlier[0]} --to {earlier[-1]}"
        )
    other_names = sorted(day for day in days if _date(day) is None)
    if other_names:
        parts.append(f"{', '.join(other_names)} belongs to no day: delete it")
    return "; ".join(parts)


def _date(day: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(day)
    except ValueError:
        return None


def _ranges(dates: list[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """Return the first and last date of each contiguous range."""
    ranges: list[tuple[datetime.date, datetime.date]] = []
    for date in dates:
        if ranges and ranges[-1][1] + ONE_DAY == date:
            ranges[-1] = (ranges[-1][0], date)
        else:
            ranges.append((date, date))
    return ranges
