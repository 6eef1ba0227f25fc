"""Every number on a page equals a recount, in plain Python, from the rows."""

from __future__ import annotations

import collections
import datetime
import math
import statistics

import pytest

from chatwoot_assets.dashboard.filters import Filters, from_url
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, Row, assert_is_well, metrics, words

_FIRST, _LAST = datetime.date(2025, 3, 12), datetime.date(2025, 3, 31)
_LENGTH = datetime.timedelta(days=20)
# Without a filter on agents or teams daily_summary is asked, with one the rows: both have to be right.
_FILTERS = [
    {}, {"inbox": "1,2,3"}, {"status": "open,pending"}, {"account": "1"}, {"agent": "0"}, {"agent": "2,3,0"},
    {"team": "1"}, {"team": "0,2", "inbox": "1,4", "status": "resolved"},
]  # fmt: skip


def _chosen(rows: list[Row], url: dict[str, str], first: datetime.date, last: datetime.date) -> list[Row]:
    filters: Filters = from_url(url)[0]
    return [
        row
        for row in rows
        if first <= row["conversation_date"] <= last
        and (not filters.accounts or row["account_id"] in filters.accounts)
        and (not filters.inboxes or row["inbox_id"] in filters.inboxes)
        and (not filters.teams or (row["team_id"] or 0) in filters.teams)
        and (not filters.agents or (row["assignee_id"] or 0) in filters.agents)
        and (not filters.statuses or row["status"] in filters.statuses)
    ]


def _recount(rows: list[Row]) -> dict[str, float | None]:
    """Return the numbers of some rows; None for what there is none of."""
    responses = sorted(row["first_response_seconds"] for row in rows if row["first_response_seconds"] is not None)
    ratings = [row["rating"] for row in rows if row["rating"] is not None]
    return {
        "conversations": len(rows),
        "answered": len(responses) / len(rows) if rows else None,
        "median": statistics.median(responses) if responses else None,
        "average": sum(responses) / len(responses) if responses else None,
        "resolved": sum(row["status"] == "resolved" for row in rows) / len(rows) if rows else None,
        "rated": len(ratings),
        "score": sum(rating >= 4 for rating in ratings) / len(ratings) if ratings else None,
        "rating": sum(ratings) / len(ratings) if ratings else None,
    }


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{round(100 * value + 0.0, 1):.1f}%"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {rest:02} s" if rest else f"{minutes} min"
    return f"{rest} s"


def _relative(now: float | None, before: float | None) -> str:
    return "" if now is None or not before else f"{100 * (now / before - 1):+.1f}%"


def _points(now: float | None, before: float | None) -> str:
    return "" if now is None or before is None else f"{100 * (now - before):+.1f} pp"


@pytest.mark.parametrize("url", _FILTERS)
def test_every_card_of_the_overview_equals_a_recount(
    dashboard: Dashboard, rows: list[Row], url: dict[str, str]
) -> None:
    app = dashboard.open(**PERIOD, **url)
    assert_is_well(app)
    now = _recount(_chosen(rows, url, _FIRST, _LAST))
    before = _recount(_chosen(rows, url, _FIRST - _LENGTH, _LAST - _LENGTH))
    assert now["conversations"]
    assert metrics(app) == {
        "Conversations": (f"{now['conversations']}", _relative(now["conversations"], before["conversations"])),
        "Answered": (_percent(now["answered"]), _points(now["answered"], before["answered"])),
        "First response": (_duration(now["median"]), _relative(now["median"], before["median"])),
        "Resolved": (_percent(now["resolved"]), _points(now["resolved"], before["resolved"])),
        "Satisfaction": (_percent(now["score"]), _points(now["score"], before["score"])),
        "Rated": (f"{now['rated']}", _relative(now["rated"], before["rated"])),
    }


@pytest.mark.parametrize("url", _FILTERS)
def test_every_cell_of_the_overviews_table_equals_a_recount(
    dashboard: Dashboard, rows: list[Row], url: dict[str, str]
) -> None:
    table = dashboard.open(**PERIOD, **url).dataframe[0].value.set_index("starts_on")
    by_day = collections.defaultdict(list)
    for row in _chosen(rows, url, _FIRST, _LAST):
        by_day[row["conversation_date"]].append(row)
    assert sorted(table.index) == sorted(by_day)
    for date, of_day in by_day.items():
        expected, found = _recount(of_day), table.loc[date]
        assert found["conversations"] == expected["conversations"]
        assert found["resolved"] == sum(row["is_resolved"] for row in of_day)
        assert found["rated"] == expected["rated"]
        for column, key in (
            ("median_first_response", "median"), ("average_first_response", "average"), ("score", "score"),
        ):  # fmt: skip
            assert found[column] == pytest.approx(expected[key], nan_ok=True) or expected[key] is None


@pytest.mark.parametrize("days", [7, 20, 40, 101, 751])
def test_weeks_and_months_add_up_to_the_days(dashboard: Dashboard, rows: list[Row], days: int) -> None:
    first = _LAST - datetime.timedelta(days=days - 1)
    app = dashboard.open(**{"from": first.isoformat(), "to": _LAST.isoformat()})
    assert_is_well(app)
    table = app.dataframe[0].value
    expected = _chosen(rows, {}, first, _LAST)
    assert table["conversations"].sum() == len(expected)
    grain = 1 if days <= 100 else 7 if days <= 750 else 28
    assert len(table) <= days / grain + 1


@pytest.mark.parametrize(("page", "column"), [("agents", "assignee_id"), ("channels", "inbox_id")])
def test_groups_equal_a_recount(dashboard: Dashboard, rows: list[Row], page: str, column: str) -> None:
    table = dashboard.open(page, **PERIOD).dataframe[0].value
    groups = collections.defaultdict(list)
    for row in _chosen(rows, {}, _FIRST, _LAST):
        groups[row[column]].append(row)
    found = [
        {
            "conversations": row.conversations,
            "answered": row.answered_share,
            "median": row.median_first_response,
            "average": row.average_first_response,
            "resolved": row.resolved_share,
            "rated": row.rated,
            "score": row.score,
        }
        for row in table.itertuples()
    ]
    assert sorted(map(_rounded, found)) == sorted(_rounded(_recount(group)) for group in groups.values())
    assert table["share"].sum() == pytest.approx(1)


def _rounded(numbers: dict[str, float | None]) -> list[float]:
    keys = ("conversations", "resolved", "answered", "rated", "score", "median", "average")
    values = [numbers[key] for key in keys]
    return [-1 if value is None or math.isnan(value) else round(value, 6) for value in values]


def test_satisfaction_equals_a_recount(dashboard: Dashboard, rows: list[Row]) -> None:
    app = dashboard.open("satisfaction", **PERIOD)
    now = _recount(_chosen(rows, {}, _FIRST, _LAST))
    assert now["rated"]
    assert now["rating"] is not None
    shown = {label: value for label, (value, _) in metrics(app).items()}
    assert shown == {
        "Satisfaction": _percent(now["score"]),
        "Rated": f"{now['rated']}",
        "Share rated": _percent(now["rated"] / (now["conversations"] or 1)),
        "Average rating": f"{now['rating']:.2f}",
    }
    comments = [
        row for row in _chosen(rows, {}, _FIRST, _LAST) if row["rating"] is not None and row["feedback_message"]
    ]
    newest = sorted(comments, key=lambda row: (row["rated_at"], row["id"]), reverse=True)[:50]
    assert list(app.dataframe[0].value["feedback_message"]) == [row["feedback_message"] for row in newest]


def test_hours_equal_a_recount(dashboard: Dashboard, rows: list[Row]) -> None:
    app = dashboard.open("when", **PERIOD)
    weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    expected = collections.Counter(
        (weekdays[row["day_of_week"]], row["conversation_hour"]) for row in _chosen(rows, {}, _FIRST, _LAST)
    )
    found = {(row.weekday, row.hour): row.conversations for row in app.dataframe[0].value.itertuples()}
    assert found == expected
    assert f"with {max(expected.values())} conversations" in words(app)


@pytest.mark.parametrize("url", [{}, {"status": "open"}, {"agent": "0"}])
def test_the_list_has_each_conversation_once_newest_first(
    dashboard: Dashboard, rows: list[Row], url: dict[str, str]
) -> None:
    first = _LAST - datetime.timedelta(days=6)
    expected = sorted(_chosen(rows, url, first, _LAST), key=lambda row: (row["created_at"], row["id"]), reverse=True)
    listed: list[str] = []
    for number in range(1, -(-len(expected) // 25) + 1):
        period = {"from": first.isoformat(), "to": _LAST.isoformat()}
        app = dashboard.open("conversations", **period, **url, page=str(number))
        assert f"**{len(expected)}** conversations" in words(app)
        listed += list(app.dataframe[0].value["display_id"])
    assert listed == [str(row["display_id"]) for row in expected]
