"""`chatwoot-assets verify`: whether an erasure reached everything, and what to do where it did not."""

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
from chatwoot_assets.erasure.databases import find_in_chatwoot, find_in_tables
from chatwoot_assets.erasure.files import InFiles, find_in_files
from chatwoot_assets.erasure.subject import Found, Subject
from chatwoot_assets.errors import SettingsError, SourceError, UserError, WarehouseError
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import ONE_DAY
from chatwoot_assets.progress import Report
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.schema import migrate

# More commands than these are one: days that are equal already cost a comparison.
_MOST_COMMANDS = 3
_DAYS_NAMED = 3


@dataclass
class _Answers:
    """What every place said; a place that could not be asked is in `silent`, with the reason."""

    chatwoot: list[Found] = field(default_factory=list)
    tables: list[Found] = field(default_factory=list)
    files: InFiles = field(default_factory=InFiles)
    silent: list[str] = field(default_factory=list)


def verify(contact: int | None, conversation: int | None) -> None:
    """Show where anything of a contact or of a conversation is left.

    Raises:
        SettingsError: not exactly one of the two is given.
        UserError: something is left, or a place could not be asked; the message says what to do.
    """
    if contact is not None and conversation is None:
        subject = Subject("contact", contact)
    elif conversation is not None and contact is None:
        subject = Subject("conversation", conversation)
    else:
        raise SettingsError("verify asks about one of the two: give either --contact ID or --conversation ID")
    settings = Settings.load()
    with progress_bars() as show:
        answers = _ask(settings, subject, progress_listener(show))
    _show(answers)
    problems = _problems(answers, subject, settings)
    if problems:
        for problem in problems[:-1]:
            err.print(f"error: {problem}", markup=False)
        raise UserError(problems[-1])
    out.print(
        f"nothing of {subject} is left: not in Chatwoot, not in the local tables,"
        f" not in {answers.files.files:,} Parquet files"
    )


def _ask(settings: Settings, subject: Subject, report: Report) -> _Answers:
    answers = _Answers()
    try:
        with snapshot(chatwoot_database(settings)) as source:
            answers.chatwoot = find_in_chatwoot(source, settings.views_schema, subject)
    except SourceError as error:
        answers.silent.append(f"Chatwoot could not be asked: {error}")
    try:
        warehouse = warehouse_database()
        migrate(warehouse)
        with warehouse.connect() as connection:
            answers.tables = find_in_tables(connection, subject, report)
    except WarehouseError as error:
        answers.silent.append(f"the local tables could not be asked: {error}")
    answers.files = find_in_files(ExtractStore(settings.extracts_url), subject, report)
    return answers


def _show(answers: _Answers) -> None:
    places = (("Chatwoot", answers.chatwoot), ("local tables", answers.tables), ("Parquet files", answers.files.found))
    rows = [(place, found) for place, every in places for found in every]
    if not rows:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("place", "kind", "days", "rows"):
        table.add_column(name, justify="right" if name == "rows" else "left", no_wrap=True)
    for place, found in rows:
        table.add_row(place, found.kind, _days_named(list(found.rows)), f"{sum(found.rows.values()):,}")
    out.print(table)


def _days_named(days: list[str]) -> str:
    if len(days) <= _DAYS_NAMED:
        return ", ".join(days)
    return f"{len(days):,} days, {days[0]} to {days[-1]}"


def _problems(answers: _Answers, subject: Subject, settings: Settings) -> list[str]:
    """Return a line for everything that keeps the erasure from being proven, with what to do."""
    problems = list(answers.silent)
    here = _days_of([*answers.tables, *answers.files.found])
    if answers.chatwoot:
        days = here | _days_of(answers.chatwoot)
        problems.append(
            f"{subject} is still in Chatwoot: erase it there first, then load its days again: {_reload(days, settings)}"
        )
    elif here:
        problems.append(f"something of {subject} is left here; load its days again: {_reload(here, settings)}")
    if answers.files.unreadable:
        names = ", ".join(answers.files.unreadable)
        problems.append(
            f"what cannot be read may hold something of {subject}: {names}; load the days again with"
            " chatwoot-assets backfill --from DAY --to DAY --force, or delete the files"
        )
    if answers.files.unfinished:
        names = ", ".join(answers.files.unfinished)
        problems.append(
            f"unfinished files may hold something of {subject}: {names};"
            " delete them, or ask again when the run is done that writes them"
        )
    return problems


def _days_of(found: Iterable[Found]) -> set[str]:
    return {day for one in found for day in one.rows}


def _reload(days: set[str], settings: Settings) -> str:
    """Return the commands that load the days again, and what to do about those that are no partitions."""
    dates = sorted(filter(None, map(_date, days)))
    start = settings.partitions_start_date
    parts = []
    inside = [date for date in dates if date >= start]
    if inside:
        ranges = _ranges(inside)
        if len(ranges) > _MOST_COMMANDS:
            ranges = [(inside[0], inside[-1])]
        parts.append(" && ".join(f"chatwoot-assets backfill --from {first} --to {last}" for first, last in ranges))
    outside = [date for date in dates if date < start]
    if outside:
        parts.append(
            f"before PARTITIONS_START_DATE ({start}), {_days_named([date.isoformat() for date in outside])}:"
            f" PARTITIONS_START_DATE={outside[0]} chatwoot-assets backfill --from {outside[0]} --to {outside[-1]}"
        )
    strange = sorted(day for day in days if _date(day) is None)
    if strange:
        parts.append(f"what is named {', '.join(strange)} belongs to no day: delete it")
    return "; ".join(parts)


def _date(day: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(day)
    except ValueError:
        return None


def _ranges(dates: list[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:
    """Return the runs of adjacent days, by their first and last."""
    ranges: list[tuple[datetime.date, datetime.date]] = []
    for date in dates:
        if ranges and ranges[-1][1] + ONE_DAY == date:
            ranges[-1] = (ranges[-1][0], date)
        else:
            ranges.append((date, date))
    return ranges
