"""How the commands talk to a terminal, and reach the databases outside of a Dagster run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, CHATWOOT_DATABASE_URL, database_url
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import Progress as Work
from chatwoot_assets.progress import Report
from chatwoot_assets.settings import Settings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

# what, done, total, a note such as a rate
Show = Callable[[str, int, int, str], None]


@contextmanager
def progress_bars() -> Iterator[Show]:
    """Show a bar for every kind of work that is reported, on standard error."""
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=16),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
    )
    bars = Progress(*columns, console=err)
    tasks: dict[str, TaskID] = {}

    def show(what: str, done: int, total: int, note: str) -> None:
        if what not in tasks:
            bars.start()  # not before there is something to show: it would leave an empty line
            tasks[what] = bars.add_task(what, total=total, note="")
        bars.update(tasks[what], completed=done, total=total, note=note)

    try:
        yield show
    finally:
        if tasks:
            bars.stop()


def progress_listener(show: Show) -> Report:
    """Return a report that shows every kind of work with its rate."""
    began: dict[str, float] = {}
    last = time.monotonic()

    def listen(progress: Work) -> None:
        nonlocal last
        # Work is told of when its first part is done.
        started = began.setdefault(progress.what, last) if progress.since is None else progress.since
        last = time.monotonic()
        rate = (progress.rows or progress.done) / max(last - started, 1e-9)
        note = f"{progress.unit}, {progress.rows:,} rows, {rate:,.0f} rows/s"
        if not progress.rows:
            note = f"{progress.unit}, {rate:,.1f} {progress.unit}/s"
        show(progress.what, progress.done, progress.total, note)

    return listen


def chatwoot_database(settings: Settings) -> ChatwootDatabase:
    """Return the source, its URL read from the environment now."""
    url = database_url(CHATWOOT_DATABASE_URL) or ""
    return ChatwootDatabase(url=url, views_schema=settings.views_schema)


def warehouse_database() -> Warehouse:
    """Return the target, its URL read from the environment now."""
    return Warehouse(url=database_url(ANALYTICS_DATABASE_URL) or "")
