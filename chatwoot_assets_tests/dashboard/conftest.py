"""A loaded sample for the dashboard's tests, and the dashboard opened on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import streamlit as st
from altair.utils import schemapi
from playwright.sync_api import Browser
from psycopg import sql
from psycopg.rows import dict_row

from chatwoot_assets.dashboard.axes import UncheckedChart
from chatwoot_assets.dashboard.queries import READER
from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets.sample.database import SampleSize, create_sample
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.browsing import find_chromium, launched
from chatwoot_assets_tests.dashboard.drilldown import Lists
from chatwoot_assets_tests.dashboard.opening import FIRST, LAST, Dashboard, Row
from chatwoot_assets_tests.dashboard.reference import Tables
from chatwoot_assets_tests.dashboard.serving import served
from chatwoot_assets_tests.dashboard.viewers import LOGIN, Restricted, copy_tables
from chatwoot_assets_tests.project import Project

# Replies are due within half an hour.
FILL_TARGETS = """
INSERT INTO targets (
    conversation_id, target, number, conversation_date, account_id, inbox_id, team_id, agent_id, started_at,
    started_date, ended_at, ended_date, target_seconds, clock, due_at, is_met, status, labels
)
SELECT
    conversation_id, CASE WHEN is_first_response THEN 'first_response' ELSE 'next_reply' END, interval_number,
    conversation_date, account_id, inbox_id, team_id, agent_id, started_at, started_date, ended_at, ended_date, 1800,
    'calendar', started_at + interval '30 min', seconds <= 1800, status, labels
FROM response_intervals
WHERE ended_at IS NOT NULL
"""


@pytest.fixture(autouse=True)
def charts_are_checked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check every chart against Vega-Lite's schema, which the dashboard itself leaves out."""
    monkeypatch.setattr(UncheckedChart, "to_dict", lambda self: self.chart.to_dict())
    with schemapi.debug_mode(True):
        yield


@pytest.fixture(scope="session")
def sampled(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with 900 conversations on 40 days, all loaded. Tests must not write to it."""
    url = postgres.new_database()
    days = (LAST - FIRST).days + 1
    create_sample(url, SampleSize(900, days, LAST))
    project = Project.create(url, postgres.new_database(), tmp_path_factory.mktemp("dashboard"), empty=False)
    project.load(FIRST, LAST)
    project.load_campaigns()
    return project


@pytest.fixture(scope="module")
def targets_url(sampled: Project, postgres: Postgres) -> Iterator[str]:
    """The URL of a copy of the loaded sample's warehouse, with targets for replies."""
    clear_caches()  # PostgreSQL copies a database only while nobody uses it
    with postgres.copied(sampled.target_url) as url:
        with psycopg.connect(url) as connection:
            connection.execute(FILL_TARGETS)
        yield url


@pytest.fixture(scope="session")
def rows(sampled: Project) -> list[Row]:
    """Every conversation of the loaded sample."""
    with psycopg.connect(sampled.target_url, row_factory=dict_row) as connection:
        return connection.execute("SELECT * FROM vw_conversations_analytics").fetchall()


@pytest.fixture
def lists(sampled: Project) -> Iterator[Lists]:
    """The lists behind the numbers of the loaded sample."""
    with psycopg.connect(sampled.target_url, row_factory=dict_row, autocommit=True) as connection:
        yield Lists(connection)


@pytest.fixture(scope="session")
def tables(sampled: Project, rows: list[Row]) -> Tables:
    """Every row of the loaded sample's metrics; conversations are joined with their facts."""
    with psycopg.connect(sampled.target_url, row_factory=dict_row) as connection:
        facts, responses, resolutions, backlog, hours = (
            connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()
            for table in (
                "conversation_facts",
                "response_intervals",
                "resolutions",
                "backlog_changes",
                "hourly_messages",
            )
        )
    by_id = {row["conversation_id"]: row for row in facts}
    # The first response of the facts is defined differently; all other columns that both tables have are equal.
    conversations = [{**by_id[row["id"]], **row} for row in rows]
    reopenings = [row for row in resolutions if row["reopened_date"]]
    ratings = [row for row in conversations if row["rating"] is not None]
    return Tables(conversations, responses, resolutions, backlog, hours, reopenings, ratings)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium."""
    return find_chromium()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for the tests of a file."""
    with launched(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def address(sampled: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which the dashboard is served on the loaded sample, for the tests of a file."""
    with served(
        tmp_path_factory.mktemp("served"),
        ANALYTICS_DATABASE_URL=sampled.target_url,
        REPORTING_TIMEZONE="America/Sao_Paulo",
        PARTITIONS_START_DATE=FIRST.isoformat(),
        CHATWOOT_URL="https://chat.example.com",
    ) as server:
        yield server.address


@pytest.fixture
def dashboard(sampled: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """The dashboard on the loaded sample."""
    yield Dashboard(monkeypatch, sampled.target_url)
    clear_caches()


@pytest.fixture
def empty_dashboard(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """The dashboard on a database without tables."""
    yield Dashboard(monkeypatch, postgres.new_database())
    clear_caches()


@pytest.fixture
def recent_dashboard(recent: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """The dashboard on a project whose last twenty days are loaded."""
    yield Dashboard(monkeypatch, recent.target_url, start=recent.settings.partitions_start_date)
    clear_caches()


@pytest.fixture(scope="module")
def psql(postgres: Postgres) -> Path:
    """The path of psql."""
    path = binaries(postgres.server.directory) / "psql"
    if not path.exists():
        pytest.skip("the embedded PostgreSQL has no psql")
    return path


@pytest.fixture(scope="module", params=["embedded", "debian"])
def sampled_url(request: pytest.FixtureRequest, sampled: Project) -> str:
    """The URL of the loaded sample's warehouse, on a server of each version."""
    if request.param == "embedded":
        return sampled.target_url
    url: str = request.getfixturevalue("debian")()
    copy_tables(sampled.target_url, url)
    return url


@pytest.fixture
def viewed(warehouse: Restricted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """The dashboard with a login on the `warehouse` of the file; `as_viewer` says who is logged in."""
    dashboard = Dashboard(monkeypatch, warehouse.url)
    dashboard.set(**LOGIN)
    yield dashboard
    clear_caches()


def clear_caches() -> None:
    """Clear everything that the dashboard caches for all viewers, and close its connections.

    Pages that are left may still be reading ahead, and their database could not be copied.
    """
    for thread in threading.enumerate():
        if thread.name == READER:
            thread.join()
    st.cache_data.clear()
    st.cache_resource.clear()
