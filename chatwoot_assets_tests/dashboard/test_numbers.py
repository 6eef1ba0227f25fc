"""Every number on a page equals the reference computation, in plain Python, from the rows."""

from __future__ import annotations

import collections
import datetime
import itertools
import statistics
import zoneinfo
from collections.abc import Callable
from typing import Any

import pandas as pd
import psycopg
import pytest
from psycopg.rows import dict_row

from chatwoot_assets_tests.dashboard.opening import DAYS, LAST, PERIOD, Dashboard, assert_no_errors, metrics, texts
from chatwoot_assets_tests.dashboard.reference import (
    Row,
    Tables,
    compared_cells,
    format_change,
    format_duration,
    format_percent,
    format_points,
)
from chatwoot_assets_tests.project import Project

_LENGTH = datetime.timedelta(days=20)
_PREVIOUS_DAYS = (DAYS[0] - _LENGTH, LAST - _LENGTH)
_FILTERS = [
    {}, {"account": "1", "status": "open,pending"}, {"agent": "2,3,0"}, {"label": "vip,reclamação"},
    {"team": "0,1,2,3", "inbox": "1,2,3", "label": "urgente,vip", "business_hours": "1"},
    {"inbox": "1,2,3", "business_hours": "1"},
]  # fmt: skip
_CARDS = {
    "New", "Resolutions", "Reopened", "Open at the end", "First response (median)", "Response time (median)",
    "Satisfaction", "Ratings",
}  # fmt: skip
_EPISODE_CARDS = {
    "Started", "Contacts", "Resolved", "First response per episode", "Resolution time (median)",
    "Resolution time (p90)", "Came back within 7 days", "Resolved at first contact",
}  # fmt: skip
_WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def _is_equal(cell: Any, expected: float | None) -> bool:  # noqa: ANN401  # a cell of a table
    return bool(pd.isna(cell)) if expected is None else cell == pytest.approx(expected)


@pytest.mark.parametrize("url", _FILTERS, ids=str)
def test_overview_equals_the_reference(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    app = dashboard.open(**PERIOD, **url)
    assert_no_errors(app)
    selected = tables.select(url)
    seconds = "business_seconds" if url.get("business_hours") else "seconds"
    current, previous = selected.numbers(DAYS, seconds), selected.numbers(_PREVIOUS_DAYS, seconds)
    assert current["conversations"]
    assert current["replies"]
    has_backlog = not {"status", "label"} & url.keys()
    open_now, open_before = selected.backlog_at(LAST), selected.backlog_at(DAYS[0] - datetime.timedelta(days=1))
    cards = metrics(app)
    assert cards.keys() == _CARDS | _EPISODE_CARDS
    assert {label: cards[label] for label in _CARDS} == {
        "New": (f"{current['conversations']}", format_change(current["conversations"], previous["conversations"])),
        "Resolutions": (f"{current['resolved']}", format_change(current["resolved"], previous["resolved"])),
        "Reopened": (f"{current['reopened']}", format_change(current["reopened"], previous["reopened"])),
        "Open at the end": (f"{open_now}", format_change(open_now, open_before)) if has_backlog else ("—", ""),
        "First response (median)": (
            format_duration(current["first_response_median"]),
            format_change(current["first_response_median"], previous["first_response_median"]),
        ),
        "Response time (median)": (
            format_duration(current["response_median"]),
            format_change(current["response_median"], previous["response_median"]),
        ),
        "Satisfaction": (format_percent(current["score"]), format_points(current["score"], previous["score"])),
        "Ratings": (f"{current['rated']}", format_change(current["rated"], previous["rated"])),
    }
    if has_backlog:
        assert f"{open_now} open, including {selected.backlog_at(LAST, 'unassigned')} unassigned" in texts(app)
        assert f"{selected.backlog_at(LAST, 'unattended')} unattended" in texts(app)
    table = app.dataframe[0].value.set_index("starts_on")
    for number in range((LAST - DAYS[0]).days + 1):
        date = DAYS[0] + datetime.timedelta(days=number)
        expected = selected.numbers((date, date), seconds)
        if date not in table.index:
            assert not any(expected.values())
            continue
        assert {
            key: table.loc[date][key] for key in expected if not _is_equal(table.loc[date][key], expected[key])
        } == {}


def _episode_numbers(episodes: list[Row], days: tuple[datetime.date, datetime.date]) -> dict[str, float]:
    """Recount what the cards of episodes show, except the shares."""
    started = [row for row in episodes if days[0] <= row["started_date"] <= days[1]]
    resolved = [row for row in episodes if row["resolved_date"] and days[0] <= row["resolved_date"] <= days[1]]
    seconds = [row["resolution_seconds"] for row in resolved if row["resolution_seconds"] >= 0]
    return {
        "Started": len(started),
        "Contacts": len({row["contact_id"] for row in started if row["contact_id"] is not None}),
        "Resolved": len(resolved),
        "Resolution time (median)": statistics.median(seconds),
    }


@pytest.mark.parametrize("url", [{}, {"account": "1"}, {"inbox": "1,2,3", "status": "resolved"}], ids=str)
def test_episodes_equal_the_reference(
    sampled: Project, dashboard: Dashboard, tables: Tables, url: dict[str, str]
) -> None:
    with psycopg.connect(sampled.target_url, row_factory=dict_row) as connection:
        rows = connection.execute("SELECT * FROM episodes").fetchall()
    ids = {row["id"] for row in tables.select(url).conversations}
    episodes = [row for row in rows if row["conversation_id"] in ids]
    assert len(episodes) > len(ids)  # some conversations have several
    current, previous = _episode_numbers(episodes, DAYS), _episode_numbers(episodes, _PREVIOUS_DAYS)
    shown = metrics(dashboard.open(**PERIOD, **url))
    for label, number in current.items():
        value = format_duration(number) if "time" in label else f"{number:,}"
        assert shown[label] == (value, format_change(number, previous[label])), label
    assert shown["Came back within 7 days"][0].endswith("%")
    assert shown["Resolved at first contact"][0].endswith("%")


@pytest.mark.parametrize("days", [40, 101, 751])
def test_weeks_and_months_add_up_to_their_days(dashboard: Dashboard, tables: Tables, days: int) -> None:
    first = LAST - datetime.timedelta(days=days - 1)
    app = dashboard.open(**{"from": first.isoformat(), "to": LAST.isoformat()})
    assert_no_errors(app)
    table, expected = app.dataframe[0].value, tables.numbers((first, LAST))
    for key in ("conversations", "resolved", "reopened", "replies", "rated"):
        assert table[key].sum() == expected[key]
    grain = 1 if days <= 100 else 7 if days <= 750 else 28
    assert len(table) <= -(-days // grain) + 1  # with those that are not loaded


# Each table of groups: its page, the position of its tab, and the groups of a conversation or a reopening, a response,
# a resolution and a rating.
_GROUPS: list[tuple[str, int, tuple[Callable[[Row], Any], ...]]] = [
    (
        "agents",
        0,
        (
            lambda row: [row["assignee_id"] or 0],
            lambda row: [row["agent_id"] or 0],
            lambda row: [row["agent_id"] or 0],
            lambda row: [row["rating_agent_id"] or 0],
        ),
    ),
    ("agents", 1, (lambda row: [row["team_id"] or 0],) * 4),
    ("channels", 0, (lambda row: [row["inbox_id"]],) * 4),
    ("channels", 1, (lambda row: row["labels"] or [""],) * 4),
]


@pytest.mark.parametrize("url", [{}, {"inbox": "1,2", "label": "vip,urgente"}, {"agent": "2,3,0"}], ids=str)
@pytest.mark.parametrize(("page", "position", "keys"), _GROUPS, ids=["agent", "team", "inbox", "label"])
def test_groups_and_their_total_equal_the_reference(
    dashboard: Dashboard,
    tables: Tables,
    page: str,
    position: int,
    keys: tuple[Callable[[Row], Any], ...],
    url: dict[str, str],
) -> None:
    app = dashboard.open_tabs(page, **PERIOD, **url)[position]
    assert_no_errors(app)
    selected = tables.select(url)
    labels = {row["id"]: row["labels"] for row in tables.conversations}
    groups: dict[Any, Tables] = collections.defaultdict(lambda: Tables([], [], [], [], [], [], []))
    for name, key in zip(
        ("conversations", "responses", "resolutions", "ratings", "reopenings"), (*keys, keys[0]), strict=True
    ):
        for row in getattr(selected, name):
            for value in key({**row, "labels": labels[row.get("conversation_id", row.get("id"))]}):
                getattr(groups[value], name).append(row)
    expected = []
    for group in groups.values():
        numbers = group.numbers(DAYS)
        # Agents, teams and inboxes, but not labels, also have a row for what is open now.
        is_open = any(row["status"] == "open" for row in group.conversations)
        if any(numbers.values()) or (is_open and (page, position) != ("channels", 1)):
            expected.append(numbers)
    table = app.dataframe[0].value
    table = table[~table["name"].str.startswith("\u2003")]  # the parts of the row of nobody
    assert compared_cells(table.iloc[0]) == compared_cells(selected.numbers(DAYS))
    assert sorted(map(compared_cells, (row for _, row in table.iloc[1:].iterrows()))) == sorted(
        map(compared_cells, expected)
    )


def test_messages_of_groups_are_those_that_were_written(dashboard: Dashboard, tables: Tables) -> None:
    hours = [row for row in tables.hours if DAYS[0] <= row["message_date"] <= LAST]
    pages = [app for page in ("agents", "channels") for app in dashboard.open_tabs(page, **PERIOD)]
    # The tab of attributes has no messages.
    counted = [table for page in pages for table in page.dataframe if "incoming" in table.value]
    assert len(counted) == 4
    for table in counted:
        for key in ("incoming", "outgoing"):
            assert table.value[key].iloc[0] == sum(row[key] for row in hours)
            if "No label" not in set(table.value["name"]):
                assert table.value[key].iloc[1:].sum() == sum(row[key] for row in hours)


@pytest.mark.parametrize("url", [{}, {"inbox": "1,2,3,4"}, {"status": "resolved"}], ids=str)
def test_bots_equal_the_reference(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    started = tables.select(url).started(DAYS)
    handled = [row for row in started if row["bot_messages"] or row["bot_resolved"] or row["bot_handed_off"]]
    alone = [row for row in started if row["bot_resolved"] and not row["bot_handed_off"] and not row["human_replies"]]
    handed_off = [row for row in started if row["bot_handed_off"]]
    assert 0 < len(alone) < len(handled) < len(started)
    scores = []
    for rows in (alone, handed_off):
        ratings = [row["rating"] for row in rows if row["rating"] is not None]
        scores.append(sum(rating >= 4 for rating in ratings) / len(ratings) if ratings else None)
    app = dashboard.open("bots", **PERIOD, **url)
    assert {label: value for label, (value, _) in metrics(app).items()} == {
        "Handled by bots": f"{len(handled)}",
        "Resolved without a human": f"{len(alone)}",
        "Share resolved without a human": format_percent(len(alone) / len(handled)),
        "Handed over": f"{len(handed_off)}",
        "Share handed over": format_percent(len(handed_off) / len(handled)),
        "Reopened within 7 days": f"{sum(row['bot_reopened'] for row in handled)}",
        "Satisfaction without a human": format_percent(scores[0]),
        "Satisfaction after a handover": format_percent(scores[1]),
    }
    table = app.dataframe[0].value
    assert (table["handled"].iloc[0], table["handled"].iloc[1:].sum()) == (len(handled), len(handled))


def test_chatwoots_buckets_are_beside_ours(dashboard: Dashboard, tables: Tables) -> None:
    app = dashboard.open("distribution", **PERIOD)
    table = next(table.value for table in app.dataframe if "counted_by" in table.value)
    ours = table[table["counted_by"] == "Dashboard"]
    seconds = [
        row["seconds"]
        for row in tables.responses
        if row["is_first_response"] and row["ended_date"] and DAYS[0] <= row["ended_date"] <= LAST
    ]
    limits = [0, 3_600, 14_400, 28_800, 86_400, float("inf")]
    expected = [sum(low <= value < high for value in seconds) for low, high in itertools.pairwise(limits)]
    assert [ours[f"bucket_{bucket}"].sum() for bucket in range(5)] == expected
    theirs = table[table["counted_by"] == "Chatwoot"]
    assert sum(theirs[f"bucket_{bucket}"].sum() for bucket in range(5)) > 0


def test_busy_hours_equal_the_reference(dashboard: Dashboard, tables: Tables) -> None:
    app = dashboard.open("busy_hours", **PERIOD)
    expected: dict[tuple[str, int], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in tables.started(DAYS):
        expected[_WEEKDAYS[row["day_of_week"]], row["conversation_hour"]]["conversations"] += 1
    for row in tables.hours:
        if DAYS[0] <= row["message_date"] <= LAST:
            weekday = _WEEKDAYS[row["message_date"].isoweekday() % 7]
            expected[weekday, row["hour"]].update({key: row[key] for key in ("incoming", "outgoing")})
    for row in tables.resolutions:
        if DAYS[0] <= row["resolved_date"] <= LAST:
            local = row["resolved_at"].astimezone(zoneinfo.ZoneInfo("America/Sao_Paulo"))
            expected[_WEEKDAYS[local.isoweekday() % 7], local.hour]["resolutions"] += 1
    kinds = ("conversations", "incoming", "outgoing", "resolutions")
    shown = {
        (row.weekday, row.hour): [getattr(row, kind) for kind in kinds] for row in app.dataframe[0].value.itertuples()
    }
    assert shown == {cell: [counts[kind] for kind in kinds] for cell, counts in expected.items() if counts.total()}
    dates = [DAYS[0] + datetime.timedelta(number) for number in range((LAST - DAYS[0]).days + 1)]
    days = collections.Counter(_WEEKDAYS[date.isoweekday() % 7] for date in dates)
    assert len(set(days.values())) > 1
    busiest = max(counts["conversations"] / days[weekday] for (weekday, _), counts in expected.items())
    assert f"with {busiest:.1f} conversations on average" in texts(app)


def test_data_health_counts_the_imported_conversations_of_the_period(dashboard: Dashboard, tables: Tables) -> None:
    imported = [row["conversation_date"] for row in tables.conversations if row["is_imported"]]
    assert imported
    period = {"from": min(imported).isoformat(), "to": max(imported).isoformat()}
    sentence = "How long contacts waited in imported conversations of the period"
    assert f"{sentence} ({len(imported)})." in texts(dashboard.open("data_health", **period, inbox="1"))
    later = {**PERIOD, "from": (max(imported) + datetime.timedelta(days=1)).isoformat()}
    assert sentence not in texts(dashboard.open("data_health", **later))
