"""Run the files of `sql/dashboard/` with the filters' values, and cache their rows.

Rows are cached in the memory of this process. The key of the cache is everything that the rows depend on: the query,
its parameters, the version of the warehouse, and what the viewer may see. A new version of the warehouse therefore
shows new data. Personal data are never cached.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import streamlit as st
from psycopg.rows import dict_row
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.viewer_rules import Access

Row = dict[str, Any]
READER = "read ahead"  # the name of the threads that read ahead
_SIDE_BY_SIDE = 2  # queries of a page at the same time: half of the connections of all viewers
# Queries that are not in sql/dashboard/. Chatwoot's reports are also run by the tests of the metrics.
_REPORTS = ("report", "csat", "bots", "first_responses", "resolution_hours")
_FOLDERS = {f"chatwoot_{name}": "warehouse" for name in _REPORTS}


def fetch_rows(pool: ReadOnlyPool, name: str, parameters: dict[str, Any]) -> list[Row]:
    """Run a query and return its rows.

    Args:
        pool: Connections to the warehouse.
        name: The name of the query's file, without its extension.
        parameters: The values of its variables.
    """
    query = compose(sql_path(_FOLDERS.get(name, "dashboard"), f"{name}.sql"), **parameters)

    def work(connection: psycopg.Connection) -> list[Row]:
        with connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query).fetchall()

    return pool.read(work)


def cached_rows(pool: ReadOnlyPool, version: str, name: str, parameters: dict[str, Any]) -> list[Row]:
    """Return the rows of a query, which runs once per version of the warehouse and access of viewers."""
    return _cached_rows(pool, pool.access, version, name, parameters)


@st.cache_data(show_spinner=False, max_entries=500, ttl="1h", hash_funcs={Access: repr})
def _cached_rows(
    _pool: ReadOnlyPool, access: Access | None, version: str, name: str, parameters: dict[str, Any]
) -> list[Row]:
    del access, version  # they are part of the cache's key
    return fetch_rows(_pool, name, parameters)


@contextmanager
def read_ahead(*reads: Callable[[], object]) -> Iterator[None]:
    """Read rows that the block is going to ask for, side by side, so that they come from the cache.

    If the block asks for rows that are being read, it waits for them. It also raises the error if they cannot be read.
    When the block ends, no further read begins: the viewer may have left the page.

    Args:
        reads: Functions that ask for cached rows, in the order in which the block needs them.
    """
    waiting = deque(reads)

    def work() -> None:
        with suppress(IndexError):  # nothing is left
            while True:
                read = waiting.popleft()
                with suppress(Exception):  # the block meets it where it asks
                    read()

    for _ in range(min(_SIDE_BY_SIDE, len(reads))):
        thread = threading.Thread(target=work, name=READER, daemon=True)
        add_script_run_ctx(thread, get_script_run_ctx())
        thread.start()
    try:
        yield
    finally:
        waiting.clear()
