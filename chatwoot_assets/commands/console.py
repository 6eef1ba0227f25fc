"""What the commands share: output to the terminal, progress bars, and the databases outside of a Dagster run."""

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

# Called with the task, how much of it is done, the total, and a note such as a rate.
Show = Callable[[str, int, int, str], None]


@contextmanager
def progress_bars() -> Iterator[Show]:
    """Show a progress bar for each task on standard error.

    Yields:
        The function to call with the state of a task.
    """
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=16),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
    )
    bars = Progress(*columns, console=err)
    tasks: dict[str, TaskID] = {}

    def show(task: str, done: int, total: int, note: str) -> None:
        if task not in tasks:
            bars.start()  # not earlier, because it would print an empty line
            tasks[task] = bars.add_task(task, total=total, note="")
        bars.update(tasks[task], completed=done, total=total, note=note)

    try:
        yield show
    finally:
        if tasks:
            bars.stop()


def progress_listener(show: Show) -> Report:
    """Return a progress report that shows each task with its rate.

    Args:
        show: What `progress_bars` yields.
    """
    started_at: dict[str, float] = {}
    last_report = time.monotonic()

    def listen(progress: Work) -> None:
        nonlocal last_report
        # The first report of a task comes when its first part is done.
        started = progress.since
        if started is None:
            started = started_at.setdefault(progress.task, last_report)
        last_report = time.monotonic()
        rate = (progress.rows or progress.done) / max(last_report - started, 1e-9)
        note = f"{progress.unit}, {progress.rows:,} rows, {rate:,.0f} rows/s"
        if not progress.rows:
            note = f"{progress.unit}, {rate:,.1f} {progress.unit}/s"
        show(progress.task, progress.done, progress.total, note)

    return listen


def chatwoot_database(settings: Settings) -> ChatwootDatabase:
    """Return the source, with the URL that the settings have now."""
    url = database_url(CHATWOOT_DATABASE_URL) or ""
    return ChatwootDatabase(
        url=url,
        views_schema=settings.views_schema,
        custom_attributes=settings.custom_attributes,
        mask=settings.mask,
        inline_timezone=settings.inline_timezone,
    )


def warehouse_database() -> Warehouse:
    """Return the target, with the URL that the settings have now."""
    return Warehouse(url=database_url(ANALYTICS_DATABASE_URL) or "")
