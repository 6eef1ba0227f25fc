"""The page Live counts what waits now, whatever the period is, and draws itself again."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from chatwoot_assets.dashboard import status
from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.partitions import ONE_DAY, today
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, Row, assert_no_errors, metrics, texts
from chatwoot_assets_tests.dashboard.reference import Tables
from chatwoot_assets_tests.project import Project

_COUNTS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "Open": ("open", lambda row: row["status"] == "open"),
    "Unattended": ("unattended", lambda row: row["is_unattended"]),
    "Unassigned": ("unassigned", lambda row: row["status"] == "open" and row["assignee_id"] is None),
    "Waiting for a reply": ("needs_reply", lambda row: row["needs_reply"]),
    "Pending": ("pending", lambda row: row["status"] == "pending"),
    "Snoozed": ("snoozed", lambda row: row["status"] == "snoozed"),
}


@pytest.mark.parametrize("url", [{}, {"inbox": "1,2", "agent": "0,2,3"}], ids=str)
def test_live_counts_equal_the_conversations(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    app = dashboard.open("live", **{**url, "from": "2019-01-01", "to": "2019-01-02"})  # no period applies
    assert_no_errors(app)
    rows = tables.select(url).conversations
    expected = {label: sum(map(matches, rows)) for label, (_, matches) in _COUNTS.items()}
    assert all(expected.values())
    assert {label: metrics(app)[label][0] for label in expected} == {key: f"{n}" for key, n in expected.items()}


def test_live_counts_of_groups_add_up_to_the_total(dashboard: Dashboard) -> None:
    app = dashboard.open("live")
    for table in app.dataframe[:3]:
        for label, (count, _) in _COUNTS.items():
            assert f"{table.value[f'live_{count}'].sum():.0f}" == metrics(app)[label][0]


def test_live_counts_are_the_backlog_of_the_last_day(sampled: Project, dashboard: Dashboard) -> None:
    with psycopg.connect(sampled.target_url) as connection:
        sums = connection.execute(
            "SELECT sum(open), sum(unattended), sum(unassigned), sum(pending), sum(snoozed) FROM backlog_changes"
        ).fetchone()
    assert sums is not None
    labels = ("Open", "Unattended", "Unassigned", "Pending", "Snoozed")
    shown = metrics(dashboard.open("live"))
    assert [shown[label][0] for label in labels] == [f"{value}" for value in sums]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("url", [{}, {"inbox": "1,2"}, {"agent": "0,2"}, {"status": "resolved"}], ids=str)
def test_open_now_of_groups_is_what_live_counts(dashboard: Dashboard, language: Language, url: dict[str, str]) -> None:
    live = dashboard.open("live", language, **url)
    agents, teams = dashboard.open_tabs("agents", language, **PERIOD, **url)
    inboxes, labels, _ = dashboard.open_tabs("channels", language, **PERIOD, **url)
    assert translate("open_now_caption", language) in texts(agents)
    assert "open_now" in labels.dataframe[0].value  # labels: see test_trends.py
    for position, app in enumerate((agents, teams, inboxes)):
        table = app.dataframe[0]
        rows = table.value[~table.value["name"].str.startswith("\u2003")]  # without the parts of the row of nobody
        shown = dict(zip(rows["name"].iloc[1:], rows["open_now"].iloc[1:], strict=True))
        counted = live.dataframe[position].value
        expected = {name: n for name, n in zip(counted["name"], counted["live_open"], strict=True) if n}
        assert {name: n for name, n in shown.items() if n} == expected
        if "agent" not in url:
            assert rows["open_now"].iloc[0] == sum(expected.values())


def test_group_with_open_conversations_has_a_row_without_activity(recent_dashboard: Dashboard, recent: Project) -> None:
    with recent.writing() as writer:
        writer.team(7, "Norte")
        writer.conversation(f"{recent.settings.partitions_start_date} 13:00", id=500, team_id=7)
    recent.load(recent.settings.partitions_start_date)
    _, app = recent_dashboard.open_tabs("agents", period="today")  # nothing happened today
    assert_no_errors(app)
    assert translate("empty_period", "en") in texts(app)
    teams = app.dataframe[0].value.set_index("name")
    assert teams.loc["Norte", ["conversations", "replies", "open_now"]].tolist() == [0, 0, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_waits_and_comments_name_the_account_where_there_are_several(
    dashboard: Dashboard, tables: Tables, language: Language
) -> None:
    accounts = {row["id"]: row["account_name"] for row in tables.conversations}
    assert len(set(accounts.values())) > 1
    for page, position in (("live", 3), ("satisfaction", -1)):
        table = dashboard.open(page, language, **PERIOD).dataframe[position].value
        ids = [int(link.split("=")[1].split("&")[0]) for link in table["link"]]
        assert list(table["account"]) == [accounts[id_] for id_ in ids]
        assert "account" not in dashboard.open(page, language, **PERIOD, account="1").dataframe[position].value


def test_longest_wait_comes_first(dashboard: Dashboard, tables: Tables) -> None:
    waits = sorted(row["waiting_since"] for row in tables.conversations if row["needs_reply"])
    table = dashboard.open("live").dataframe[3].value
    assert list(table["waiting_since"]) == waits[: len(table)]
    assert table["longest_wait"].is_monotonic_decreasing


def test_wall_has_no_filter_bar_and_keeps_the_filters_of_its_url(dashboard: Dashboard, tables: Tables) -> None:
    app = dashboard.open("live", wall="1", inbox="1,2")
    assert_no_errors(app)
    assert len(app.sidebar.multiselect) == len(app.sidebar.selectbox) == 0
    rows = tables.select({"inbox": "1,2"}).conversations
    assert metrics(app)["Open"][0] == f"{sum(row['status'] == 'open' for row in rows)}"
    assert app.query_params["wall"] == "1"
    assert b"cw-wall" in b"".join(element.proto.SerializeToString() for element in app.get("html"))


def test_live_shows_new_data_when_it_draws_itself_again(
    recent: Project, recent_dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "REFRESH_SECONDS", 0.01)
    app = recent_dashboard.open("live")
    before = int(metrics(app)["Open"][0])
    date: datetime.date = today(recent.settings.reporting_timezone) - ONE_DAY
    values: dict[str, Any] = {"id": 500, "status": 0}
    with recent.writing() as writer:
        writer.conversation(f"{date} 12:30", **values)
    recent.load(date, date)
    assert int(metrics(app.run())["Open"][0]) == before + 1
    assert "as of the last load" in texts(app)


def test_period_changes_no_count(dashboard: Dashboard) -> None:
    assert metrics(dashboard.open("live", **PERIOD)) == metrics(dashboard.open("live", period="today"))
