"""The share within targets, on the overview, in the tables of groups and in distributions: only where they are set."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors, chart_rows, metrics, texts
from chatwoot_assets_tests.project import Project

CARDS = {"First responses in time", "Replies in time"}
COLUMNS = ["target_first_response", "target_next_reply"]
# Replies are due within half an hour.
FILL = """
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
_READ = """
SELECT agent_id, is_first_response, seconds <= 1800 FROM response_intervals
WHERE ended_date BETWEEN %(from)s AND %(to)s
"""


@pytest.fixture(scope="module")
def url(sampled: Project, postgres: Postgres) -> Iterator[str]:
    """A copy of the loaded sample, with targets for replies."""
    clear_caches()  # PostgreSQL copies a database only while nobody uses it
    copy, original = f"copy_{uuid.uuid4().hex}", conninfo_to_dict(sampled.target_url)["dbname"]
    with psycopg.connect(postgres.server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"'.encode())
    url = sampled.target_url.replace(str(original), copy)
    with psycopg.connect(url) as connection:
        connection.execute(FILL)
    yield url
    with psycopg.connect(postgres.server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{copy}" WITH (FORCE)'.encode())


def _count(url: str) -> Counter[tuple[int | None, bool, bool]]:
    """Return the replies of the period by agent, whether they are first responses, and whether they were in time."""
    with psycopg.connect(url) as connection:
        return Counter(connection.execute(_READ, PERIOD).fetchall())


def _share(counts: Counter[tuple[int | None, bool, bool]], *, is_first: bool, agent: int | None = None) -> float:
    met, missed = (
        sum(
            count
            for (who, first, in_time), count in counts.items()
            if first == is_first and in_time == state and agent in (None, who)
        )
        for state in (True, False)
    )
    return met / (met + missed)


def test_overview_shows_the_share_of_each_target_that_is_set(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Dashboard(monkeypatch, url).open(**PERIOD)
    assert_no_errors(app)
    cards, counts = metrics(app), _count(url)
    assert "Resolutions in time" not in cards
    for label, is_first in (("First responses in time", True), ("Replies in time", False)):
        assert cards[label][0] == f"{100 * _share(counts, is_first=is_first):.1f}%"
    clear_caches()


def test_table_of_agents_has_a_share_for_each_target_that_is_set(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Dashboard(monkeypatch, url).open("agents", **PERIOD)
    assert_no_errors(app)
    counts, table = _count(url), app.dataframe[0].value
    assert [name for name in table.columns if name.startswith("target_")] == COLUMNS
    with psycopg.connect(url) as connection:
        names: dict[int, str] = dict(
            connection.execute(
                "SELECT DISTINCT assignee_id, assignee_name FROM conversas_analytics WHERE assignee_id IS NOT NULL"
            ).fetchall()
        )
    shares = table.set_index("name")["target_next_reply"]
    agents = {who for who, first, _ in counts if not first and who in names}
    assert len(agents) > 3
    for agent in agents:
        assert shares[names[agent]] == pytest.approx(_share(counts, is_first=False, agent=agent))
    assert shares.iloc[0] == pytest.approx(_share(counts, is_first=False))
    clear_caches()


def test_share_within_target_leads_to_those_that_missed_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = _count(url)
    dashboard = Dashboard(monkeypatch, url)
    for subject, is_first in (("missed_first_response", True), ("missed_next_reply", False)):
        missed = sum(count for (_, first, in_time), count in counts.items() if first == is_first and not in_time)
        app = dashboard.open("conversations", **PERIOD, of=subject, sort="longest")
        assert_no_errors(app)
        assert f"of **{missed:,}**" in texts(app)
        assert app.dataframe[0].value["seconds"].min() > 1_800
    clear_caches()


def test_distribution_shows_at_which_hours_each_target_was_missed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = _count(url)
    dashboard = Dashboard(monkeypatch, url)
    app = dashboard.open("distribution", **PERIOD)
    assert_no_errors(app)
    assert metrics(app).keys() == CARDS
    heatmaps = [rows for rows in chart_rows(app) if "hour" in rows[0]]
    assert len(heatmaps) == len(CARDS)
    for rows, is_first in zip(heatmaps, (True, False), strict=True):
        missed = sum(count for (_, first, in_time), count in counts.items() if first == is_first and not in_time)
        assert sum(row["value"] for row in rows) == missed > 0
        fullest = max(rows, key=lambda row: row["value"])
        listed = dict(parse_qsl(urlsplit(fullest["url"]).query))
        assert f"of **{fullest['value']:,}**" in texts(dashboard.open("conversations", **listed))
        assert all(row["url"] is None for row in rows if not row["value"])
    clear_caches()


def test_nothing_is_shown_where_no_targets_are_set(dashboard: Dashboard) -> None:
    assert not CARDS & metrics(dashboard.open(**PERIOD)).keys()
    assert metrics(dashboard.open("distribution", **PERIOD)) == {}
    table = dashboard.open("channels", **PERIOD).dataframe[0].value
    assert [name for name in table.columns if name.startswith("target_")] == []
