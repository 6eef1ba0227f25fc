"""Points of a run at which a process kills itself, as a kill in production can.

Only for processes that a test starts to be killed: the patched functions are not restored.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import polars as pl
import psycopg
from psycopg.sql import Composable

from chatwoot_assets.extract import parquet_file
from chatwoot_assets.refresh import load


def kill_self() -> None:
    """Kill this process as the kernel does when memory runs out: no cleanup runs."""
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_within_file(dataset: str) -> None:
    save = parquet_file._save

    def save_half(rows: pl.DataFrame | pl.LazyFrame, file: Path, metadata: dict[str, str]) -> None:
        save(rows, file, metadata)
        if file.parent.name == dataset:
            os.truncate(file, file.stat().st_size // 2)
            kill_self()

    setattr(parquet_file, "_save", save_half)  # noqa: B010 - mypy refuses to assign to a function


def _kill_around(module: ModuleType, name: str, *, before: bool) -> None:
    """Die before or after a function that runs a step's transaction."""
    original = getattr(module, name)

    def call_and_die(*arguments: object, **options: object) -> None:
        if not before:
            original(*arguments, **options)
        kill_self()

    setattr(module, name, call_and_die)


def _kill_at_statement(part: str, *, before: bool) -> None:
    execute: Callable[..., psycopg.Cursor] = psycopg.Cursor.execute

    def execute_and_die(cursor: psycopg.Cursor, query: object, *arguments: object, **options: object) -> psycopg.Cursor:
        text = query.as_string() if isinstance(query, Composable) else str(query)
        if before and part in text:
            kill_self()
        result = execute(cursor, query, *arguments, **options)
        if part in text:
            kill_self()
        return result

    setattr(psycopg.Cursor, "execute", execute_and_die)  # noqa: B010 - mypy refuses to assign to a method


def _kill_within_copy() -> None:
    write = psycopg.Copy.write

    def write_half(copy: psycopg.Copy, data: str) -> None:
        write(copy, data[: len(data) // 2])
        kill_self()

    setattr(psycopg.Copy, "write", write_half)  # noqa: B010 - mypy refuses to assign to a method


KILL_POINTS: dict[str, Callable[[], None]] = {
    "half way through the first file": lambda: _kill_within_file("extract_conversations"),
    "half way through the second file": lambda: _kill_within_file("extract_messages"),
    "half way through the last file": lambda: _kill_within_file("extract_reporting_events"),
    "between the last file and the load": lambda: _kill_around(load, "replace_days", before=True),
    "after the load's DELETE": lambda: _kill_at_statement('DELETE FROM "conversas_analytics"', before=False),
    "half way through the load's COPY": _kill_within_copy,
    "after the load's COPY": lambda: _kill_at_statement("INSERT INTO partition_state", before=True),
    "after the load's last statement": lambda: _kill_at_statement("INSERT INTO partition_state", before=False),
    "between the sums' COPY and the summary": lambda: _kill_at_statement("DELETE FROM daily_summary", before=True),
    "after the deletion of the metrics": lambda: _kill_at_statement('DELETE FROM "hourly_messages"', before=False),
    "between the load's commit and its event": lambda: _kill_around(load, "replace_days", before=False),
}

# Points of a run that reads and replaces only the conversations that changed; the files are those of `KILL_POINTS`.
CHANGE_KILL_POINTS: dict[str, Callable[[], None]] = {
    **{point: kill for point, kill in KILL_POINTS.items() if point.startswith("half way")},
    "between the last file and the change": lambda: _kill_around(load, "_change_days", before=True),
    "after the change's DELETE": lambda: _kill_at_statement('DELETE FROM "conversas_analytics"', before=False),
    "between the change's rows and its sums": lambda: _kill_at_statement('INSERT INTO "daily_by_inbox"', before=True),
    "between the change's sums and the state": lambda: _kill_at_statement("INSERT INTO partition_state", before=True),
    "after the change's last statement": lambda: _kill_at_statement("INSERT INTO partition_state", before=False),
    "between the change's commit and its event": lambda: _kill_around(load, "_change_days", before=False),
}
