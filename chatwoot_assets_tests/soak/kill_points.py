"""Points of a run at which a process kills itself, by their names: what a kill in operation can hit.

For processes of a test's own, which are to die there: nothing is put back.
"""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import polars as pl
import psycopg
from psycopg.sql import Composable

from chatwoot_assets.conversations import load
from chatwoot_assets.defs import daily_summary
from chatwoot_assets.metrics import load as metrics


def kill_self() -> None:
    """End this process as the kernel does when memory runs out: nothing of ours runs after it."""
    os.kill(os.getpid(), signal.SIGKILL)


def _half_way_through_a_file(kind: str) -> None:
    write = pl.DataFrame.write_parquet

    def write_half(frame: pl.DataFrame, file: Path, **options: object) -> None:
        if file.parent.name != kind:
            write(frame, file, **options)
            return
        whole = io.BytesIO()
        write(frame, whole, **options)
        file.write_bytes(whole.getvalue()[: whole.tell() // 2])
        kill_self()

    setattr(pl.DataFrame, "write_parquet", write_half)  # noqa: B010 - mypy refuses to assign to a method


def _around(module: ModuleType, name: str, *, before: bool) -> None:
    """Die before or after the whole of what a step does in its transactions."""
    original = getattr(module, name)

    def dying(*arguments: object, **options: object) -> None:
        if not before:
            original(*arguments, **options)
        kill_self()

    setattr(module, name, dying)


def _at_statement(part: str, *, before: bool) -> None:
    execute = psycopg.Cursor.execute

    def dying(cursor: psycopg.Cursor, query: object, *arguments: object, **options: object) -> psycopg.Cursor:
        text = query.as_string() if isinstance(query, Composable) else str(query)
        if before and part in text:
            kill_self()
        result = execute(cursor, query, *arguments, **options)
        if part in text:
            kill_self()
        return result

    setattr(psycopg.Cursor, "execute", dying)  # noqa: B010 - mypy refuses to assign to a method


def _half_way_through_copy() -> None:
    write = psycopg.Copy.write

    def write_half(copy: psycopg.Copy, data: str) -> None:
        write(copy, data[: len(data) // 2])
        kill_self()

    setattr(psycopg.Copy, "write", write_half)  # noqa: B010 - mypy refuses to assign to a method


KILL_POINTS: dict[str, Callable[[], None]] = {
    "half way through the first file": lambda: _half_way_through_a_file("extract_conversations"),
    "half way through the second file": lambda: _half_way_through_a_file("extract_messages"),
    "half way through the last file": lambda: _half_way_through_a_file("extract_reporting_events"),
    "between the last file and the load": lambda: _around(load, "replace_days", before=True),
    "after the load's DELETE": lambda: _at_statement("DELETE FROM conversas_analytics", before=False),
    "half way through the load's COPY": _half_way_through_copy,
    "after the load's COPY": lambda: _at_statement("INSERT INTO partition_state", before=True),
    "after the load's last statement": lambda: _at_statement("INSERT INTO partition_state", before=False),
    "between the load's commit and its event": lambda: _around(load, "replace_days", before=False),
    "between the load's commit and the summary": lambda: _around(daily_summary, "refresh_daily_summary", before=True),
    "between the summary's commit and its event": lambda: _around(daily_summary, "refresh_daily_summary", before=False),
    "between the summary's commit and the metrics": lambda: _around(metrics, "replace_metrics", before=True),
    "after the metrics' DELETE": lambda: _at_statement('DELETE FROM "conversation_facts"', before=False),
    "between the metrics' commit and their event": lambda: _around(metrics, "replace_metrics", before=False),
}
