"""The share within targets, on the overview, in the tables of groups and in distributions: only where they are set."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pytest

from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors, chart_rows, metrics, texts

CARDS = {"First responses in time", "Replies in time"}
COLUMNS = ["target_first_response", "target_next_reply"]
_READ = """
SELECT agent_id, is_first_response, seconds <= 1800 FROM response_intervals
WHERE ended_date BETWEEN %(from)s AND %(to)s
"""


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


def test_overview_shows_the_share_of_each_target_that_is_set(targets_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Dashboard(monkeypatch, targets_url).open(**PERIOD)
    assert_no_errors(app)
    cards, counts = metrics(app), _count(targets_url)
    assert "Resolutions in time" not in cards
    for label, is_first in (("First responses in time", True), ("Replies in time", False)):
        assert cards[label][0] == f"{100 * _share(counts, is_first=is_first):.1f}%"
    clear_caches()


def test_table_of_agents_has_a_share_for_each_target_that_is_set(
    targets_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Dashboard(monkeypatch, targets_url).open("agents", **PERIOD)
    assert_no_errors(app)
    counts, table = _count(targets_url), app.dataframe[0].value
    assert [name for name in table.columns if name.startswith("target_")] == COLUMNS
    with psycopg.connect(targets_url) as connection:
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


def test_share_within_target_leads_to_those_that_missed_it(targets_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = _count(targets_url)
    dashboard = Dashboard(monkeypatch, targets_url)
    for subject, is_first in (("missed_first_response", True), ("missed_next_reply", False)):
        missed = sum(count for (_, first, in_time), count in counts.items() if first == is_first and not in_time)
        app = dashboard.open("conversations", **PERIOD, of=subject, sort="longest")
        assert_no_errors(app)
        assert f"of **{missed:,}**" in texts(app)
        assert app.dataframe[0].value["seconds"].min() > 1_800
    clear_caches()


def test_distribution_shows_at_which_hours_each_target_was_missed(
    targets_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = _count(targets_url)
    dashboard = Dashboard(monkeypatch, targets_url)
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
