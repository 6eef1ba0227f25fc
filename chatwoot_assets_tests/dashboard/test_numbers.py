"""Every number on a page equals a recount, in plain Python, from the rows."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from chatwoot_assets_tests.dashboard.opening import LAST, PERIOD, Dashboard, assert_is_well, metrics, words
from chatwoot_assets_tests.dashboard.recount import Row, Tables, duration, percent, points, relative

_FIRST = datetime.date(2025, 3, 12)
_DAYS = (_FIRST, LAST)
_LENGTH = datetime.timedelta(days=20)
_BEFORE = (_FIRST - _LENGTH, LAST - _LENGTH)
_FILTERS = [
    {}, {"account": "1", "status": "open,pending"}, {"agent": "2,3,0"}, {"label": "vip,reclamação"},
    {"team": "0,1,2,3", "inbox": "1,2,3", "label": "urgente,vip", "clock": "business"},
    {"inbox": "1,2,3", "clock": "business"},
]  # fmt: skip
_WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def _same(found: Any, expected: float | None) -> bool:  # noqa: ANN401  # a cell of a table
    return bool(pd.isna(found)) if expected is None else found == pytest.approx(expected)


@pytest.mark.parametrize("url", _FILTERS, ids=str)
def test_the_overview_equals_a_recount(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    app = dashboard.open(**PERIOD, **url)
    assert_is_well(app)
    chosen = tables.chosen(url)
    clock = "business_seconds" if url.get("clock") else "seconds"
    now, before = chosen.numbers(_DAYS, clock), chosen.numbers(_BEFORE, clock)
    assert now["conversations"]
    assert now["responses"]
    is_kept = not {"status", "label"} & url.keys()
    left, left_before = chosen.waiting(LAST), chosen.waiting(_FIRST - datetime.timedelta(days=1))
    assert metrics(app) == {
        "Begun": (f"{now['conversations']}", relative(now["conversations"], before["conversations"])),
        "Resolutions": (f"{now['resolved']}", relative(now["resolved"], before["resolved"])),
        "Reopened": (f"{now['reopened']}", relative(now["reopened"], before["reopened"])),
        "Open at the end": (f"{left}", relative(left, left_before)) if is_kept else ("—", ""),
        "First response": (
            duration(now["median_first_response"]),
            relative(now["median_first_response"], before["median_first_response"]),
        ),
        "Reply time": (duration(now["median_reply"]), relative(now["median_reply"], before["median_reply"])),
        "Satisfaction": (percent(now["score"]), points(now["score"], before["score"])),
        "Rated": (f"{now['rated']}", relative(now["rated"], before["rated"])),
    }
    if is_kept:
        assert f"{left} open, of these {chosen.waiting(LAST, 'unassigned')} unassigned" in words(app)
        assert f"{chosen.waiting(LAST, 'unattended')} unattended" in words(app)
    table = app.dataframe[0].value.set_index("starts_on")
    for number in range((LAST - _FIRST).days + 1):
        date = _FIRST + datetime.timedelta(days=number)
        expected = chosen.numbers((date, date), clock)
        if date not in table.index:
            assert not any(expected.values())
            continue
        assert {key: table.loc[date][key] for key in expected if not _same(table.loc[date][key], expected[key])} == {}


@pytest.mark.parametrize("days", [40, 101, 751])
def test_weeks_and_months_add_up_to_the_days(dashboard: Dashboard, tables: Tables, days: int) -> None:
    first = LAST - datetime.timedelta(days=days - 1)
    app = dashboard.open(**{"from": first.isoformat(), "to": LAST.isoformat()})
    assert_is_well(app)
    table, expected = app.dataframe[0].value, tables.numbers((first, LAST))
    for key in ("conversations", "resolved", "reopened", "responses", "rated"):
        assert table[key].sum() == expected[key]
    grain = 1 if days <= 100 else 7 if days <= 750 else 28
    assert len(table) <= days / grain + 1


# Of each table of groups its page, its place on it, and of whom a conversation, a wait and a resolution is.
_GROUPS: list[tuple[str, int, tuple[Callable[[Row], Any], ...]]] = [
    (
        "agents",
        0,
        (
            lambda row: [row["assignee_id"] or 0],
            lambda row: [row["agent_id"] or 0],
            lambda row: [row["agent_id"] or row["assignee_id"] or 0],
        ),
    ),
    ("agents", 1, (lambda row: [row["team_id"] or 0],) * 3),
    ("channels", 0, (lambda row: [row["inbox_id"]],) * 3),
    ("channels", 1, (lambda row: row["labels"] or [""],) * 3),
]


@pytest.mark.parametrize("url", [{}, {"inbox": "1,2", "label": "vip,urgente"}], ids=str)
@pytest.mark.parametrize(("page", "place", "keys"), _GROUPS, ids=["agent", "team", "inbox", "label"])
def test_groups_equal_a_recount_and_the_first_row_has_everything_once(
    dashboard: Dashboard,
    tables: Tables,
    page: str,
    place: int,
    keys: tuple[Callable[[Row], Any], ...],
    url: dict[str, str],
) -> None:
    app = dashboard.open(page, **PERIOD, **url)
    assert_is_well(app)
    chosen = tables.chosen(url)
    labels = {row["id"]: row["labels"] for row in chosen.conversations}
    groups: dict[Any, Tables] = collections.defaultdict(lambda: Tables([], [], [], [], []))
    for name, key in zip(("conversations", "waits", "resolutions"), keys, strict=True):
        for row in getattr(chosen, name):
            for value in key({**row, "labels": labels.get(row.get("conversation_id", row.get("id")))}):
                getattr(groups[value], name).append(row)
    expected = [numbers for group in groups.values() if any((numbers := group.numbers(_DAYS)).values())]
    table = app.dataframe[place].value
    assert _cells(table.iloc[0]) == _cells(chosen.numbers(_DAYS))
    assert sorted(map(_cells, (row for _, row in table.iloc[1:].iterrows()))) == sorted(map(_cells, expected))


def _cells(row: Any) -> list[float]:  # noqa: ANN401  # of a table, or of a recount
    keys = (
        "conversations", "resolved", "reopened", "responses", "median_first_response", "median_reply",
        "ninetieth_reply", "rated", "score",
    )  # fmt: skip
    return [-1.0 if row[key] is None or pd.isna(row[key]) else round(float(row[key]), 6) for key in keys]


def test_messages_of_groups_are_those_that_were_written(dashboard: Dashboard, tables: Tables) -> None:
    hours = [row for row in tables.hours if _FIRST <= row["message_date"] <= LAST]
    for page in ("agents", "channels"):
        for table in dashboard.open(page, **PERIOD).dataframe:
            for key in ("incoming", "outgoing"):
                assert table.value[key].iloc[0] == sum(row[key] for row in hours)
                if "No label" not in set(table.value["label"]):
                    assert table.value[key].iloc[1:].sum() == sum(row[key] for row in hours)


def test_satisfaction_equals_a_recount(dashboard: Dashboard, tables: Tables) -> None:
    app = dashboard.open("satisfaction", **PERIOD)
    began = tables.began(_DAYS)
    rated = [row for row in began if row["rating"] is not None]
    offered = sum(row["csat_offered"] for row in began)
    assert 0 < len(rated) < offered < len(began)
    shown = {label: value for label, (value, _) in metrics(app).items()}
    assert 0 < float(shown.pop("By Chatwoot's rule").removesuffix("%")) < 100
    assert shown == {
        "Satisfaction": percent(sum(row["rating"] >= 4 for row in rated) / len(rated)),
        "Rated": f"{len(rated)}",
        "Response rate": percent(len(rated) / offered),
        "Average rating": f"{sum(row['rating'] for row in rated) / len(rated):.2f}",
    }
    comments = [row for row in rated if row["feedback_message"]]
    newest = sorted(comments, key=lambda row: (row["rated_at"], row["id"]), reverse=True)[:50]
    assert list(app.dataframe[0].value["feedback_message"]) == [row["feedback_message"] for row in newest]


def test_hours_equal_a_recount(dashboard: Dashboard, tables: Tables) -> None:
    app = dashboard.open("when", **PERIOD)
    expected: dict[tuple[str, int], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in tables.began(_DAYS):
        expected[_WEEKDAYS[row["day_of_week"]], row["conversation_hour"]]["conversations"] += 1
    for row in tables.hours:
        if _FIRST <= row["message_date"] <= LAST:
            weekday = _WEEKDAYS[row["message_date"].isoweekday() % 7]
            expected[weekday, row["hour"]].update({key: row[key] for key in ("incoming", "outgoing")})
    kinds = ("conversations", "incoming", "outgoing")
    found = {
        (row.weekday, row.hour): [getattr(row, kind) for kind in kinds] for row in app.dataframe[0].value.itertuples()
    }
    assert found == {cell: [counts[kind] for kind in kinds] for cell, counts in expected.items() if counts.total()}
    busiest = max(counts["conversations"] for counts in expected.values())
    assert f"with {busiest} conversations" in words(app)


def test_chatwoots_nine_numbers_stand_beside_ours(dashboard: Dashboard, tables: Tables) -> None:
    now = tables.numbers(_DAYS)
    said = words(dashboard.open("health", **PERIOD)).replace("\u00a0", " ")
    lines = [line.split("|") for line in said.splitlines() if line.startswith("| ")]
    table = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines[2:]}
    assert len(table) == 9
    assert table["Conversations"] == (f"{now['conversations']:,}",) * 2
    assert table["Resolutions"][1] == f"{now['resolved']:,}"
    seconds = [row["seconds"] for row in tables.waits if row["ended_date"] and _FIRST <= row["ended_date"] <= LAST]
    assert table["Reply time, average"][1] == duration(sum(seconds) / len(seconds))
    sent = sum(row["outgoing"] for row in tables.hours if _FIRST <= row["message_date"] <= LAST)
    assert table["Outgoing messages"][1] == f"{sent:,}"


@pytest.mark.parametrize("url", [{}, {"status": "open", "label": "vip,urgente"}, {"waiting": "1"}], ids=str)
def test_the_list_has_each_conversation_once_in_order(
    dashboard: Dashboard, tables: Tables, url: dict[str, str]
) -> None:
    first = LAST - datetime.timedelta(days=4)
    expected = tables.chosen(url).began((first, LAST))
    expected.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    if "waiting" in url:
        expected = sorted((row for row in expected if row["needs_reply"]), key=lambda row: row["waiting_since"])
    assert expected
    listed: list[str] = []
    for number in range(1, -(-len(expected) // 25) + 1):
        period = {"from": first.isoformat(), "to": LAST.isoformat()}
        app = dashboard.open("conversations", **period, **url, page=str(number))
        assert f"**{len(expected)}** conversations" in words(app)
        listed += list(app.dataframe[0].value["display_id"])
    assert listed == [str(row["display_id"]) for row in expected]
