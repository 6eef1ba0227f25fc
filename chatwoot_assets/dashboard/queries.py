"""From filters to rows: which file of `sql/dashboard/` is asked, with what, and what is remembered of it.

Rows are remembered in this process's memory, by all that they depend on: the query, its values and the version of
the local tables; so a load is seen as soon as it is known. What is personal is never remembered.
"""

from __future__ import annotations

from typing import Any

import psycopg
import streamlit as st
from psycopg.rows import dict_row

from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filters import BUSINESS, Filters, Period
from chatwoot_assets.sql_files import compose, sql_path

Row = dict[str, Any]
# Chatwoot's own report is no page's alone; all other queries are the dashboard's.
_FOLDERS = {"chatwoot_report": "warehouse"}


def values_of(filters: Filters, period: Period) -> dict[str, Any]:
    """Return the variables that the queries' common condition has."""
    return {
        "first_day": period.first,
        "last_day": period.last,
        "accounts": list(filters.accounts),
        "inboxes": list(filters.inboxes),
        "teams": list(filters.teams),
        "agents": list(filters.agents),
        "labels": list(filters.labels),
        "statuses": list(filters.statuses),
        "clock": BUSINESS if filters.in_business else "calendar",
        "grain": period.grain,
    }


def fetch(sessions: ReadOnlyPool, name: str, values: dict[str, Any]) -> list[Row]:
    """Return the rows of a query, asked now."""
    query = compose(sql_path(_FOLDERS.get(name, "dashboard"), f"{name}.sql"), **values)

    def work(connection: psycopg.Connection) -> list[Row]:
        with connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query).fetchall()

    return sessions.read(work)


@st.cache_data(show_spinner=False, max_entries=500, ttl="1h")
def cached_rows(_sessions: ReadOnlyPool, version: str, name: str, values: dict[str, Any]) -> list[Row]:
    """Return the rows of a query, asked once for each version of the tables."""
    del version  # a part of what they are remembered by
    return fetch(_sessions, name, values)
