"""Every number on a page equals the reference computation, in plain Python, from the rows."""

from __future__ import annotations

import collections
import datetime
import itertools
import re
import statistics
import zoneinfo
from collections.abc import Callable
from typing import Any

import pandas as pd
import psycopg
import pytest
from psycopg.rows import dict_row
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.formats import UNKNOWN
from chatwoot_assets_tests.dashboard.opening import (
    LAST,
    PERIOD,
    Dashboard,
    assert_no_errors,
    chart_rows,
    metrics,
    texts,
)
from chatwoot_assets_tests.dashboard.reference import (
    Row,
    Tables,
    format_change,
    format_duration,
    format_percent,
    format_points,
)
from chatwoot_assets_tests.project import Project

_FIRST = datetime.date(2025, 3, 12)
_DAYS = (_FIRST, LAST)
_LENGTH = datetime.timedelta(days=20)
_PREVIOUS_DAYS = (_FIRST - _LENGTH, LAST - _LENGTH)
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
_SOURCES = ("Chatwoot", "Dashboard")
_WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def _is_equal(cell: Any, expected: float | None) -> bool:  # noqa: ANN401  # a cell of a table
    return bool(pd.isna(cell)) if expected is None else cell == pytest.approx(expected)


@pytest.mark.parametrize("url", _FILTERS, ids=str)
def test_overview_equals_the_reference(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    app = dashboard.open(**PERIOD, **url)
    assert_no_errors(app)
    selected = tables.select(url)
    seconds = "business_seconds" if url.get("business_hours") else "seconds"
    current, previous = selected.numbers(_DAYS, seconds), selected.numbers(_PREVIOUS_DAYS, seconds)
    assert current["conversations"]
    assert current["replies"]
    has_backlog = not {"status", "label"} & url.keys()
    open_now, open_before = selected.backlog_at(LAST), selected.backlog_at(_FIRST - datetime.timedelta(days=1))
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
    for number in range((LAST - _FIRST).days + 1):
        date = _FIRST + datetime.timedelta(days=number)
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
    current, previous = _episode_numbers(episodes, _DAYS), _episode_numbers(episodes, _PREVIOUS_DAYS)
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
        numbers = group.numbers(_DAYS)
        # Agents, teams and inboxes, but not labels, also have a row for what is open now.
        is_open = any(row["status"] == "open" for row in group.conversations)
        if any(numbers.values()) or (is_open and (page, position) != ("channels", 1)):
            expected.append(numbers)
    table = app.dataframe[0].value
    table = table[~table["name"].str.startswith("\u2003")]  # the parts of the row of nobody
    assert _cells(table.iloc[0]) == _cells(selected.numbers(_DAYS))
    assert sorted(map(_cells, (row for _, row in table.iloc[1:].iterrows()))) == sorted(map(_cells, expected))


def _split_lines(report: str) -> list[list[str]]:
    """Return the cells of the tables in a text; of a link, what it says."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", report)
    return [line.split("|") for line in text.splitlines() if line.startswith("| ")]


def _cells(row: Any) -> list[float]:  # noqa: ANN401  # a row of a table, or of the reference
    keys = (
        "conversations", "resolved", "reopened", "replies", "first_response_median", "response_median",
        "response_p90", "rated", "score",
    )  # fmt: skip
    return [-1.0 if row[key] is None or pd.isna(row[key]) else round(float(row[key]), 6) for key in keys]


def test_messages_of_groups_are_those_that_were_written(dashboard: Dashboard, tables: Tables) -> None:
    hours = [row for row in tables.hours if _FIRST <= row["message_date"] <= LAST]
    pages = [app for page in ("agents", "channels") for app in dashboard.open_tabs(page, **PERIOD)]
    # The tab of attributes has no messages.
    counted = [table for page in pages for table in page.dataframe if "incoming" in table.value]
    assert len(counted) == 4
    for table in counted:
        for key in ("incoming", "outgoing"):
            assert table.value[key].iloc[0] == sum(row[key] for row in hours)
            if "No label" not in set(table.value["name"]):
                assert table.value[key].iloc[1:].sum() == sum(row[key] for row in hours)


def test_satisfaction_equals_the_reference(dashboard: Dashboard, tables: Tables, notes: dict[int, str]) -> None:
    app = dashboard.open("satisfaction", **PERIOD)
    started = tables.started(_DAYS)
    rated = [row for row in started if row["rating"] is not None]
    offered = sum(row["csat_offered"] for row in started)
    assert 0 < len(rated) < offered < len(started)
    shown = {label: value for label, (value, _) in metrics(app).items()}
    assert 0 < float(shown.pop("Response rate in Chatwoot").removesuffix("%")) < 100
    assert shown == {
        "Satisfaction": format_percent(sum(row["rating"] >= 4 for row in rated) / len(rated)),
        "Ratings": f"{len(rated)}",
        "Response rate": format_percent(len(rated) / offered),
        "Average rating": f"{sum(row['rating'] for row in rated) / len(rated):.2f}",
    }
    assert _shown_comments(app) == _newest_comments(rated, notes)


@pytest.fixture(scope="module")
def notes(sampled: Project) -> dict[int, str]:
    """What the team noted about ratings, by conversation."""
    with psycopg.connect(sampled.target_url) as connection:
        query = "SELECT conversation_id, review_notes FROM ratings WHERE review_notes IS NOT NULL ORDER BY rated_at, id"
        found: dict[int, list[str]] = collections.defaultdict(list)
        for conversation, text in connection.execute(query):
            found[conversation].append(text)
    return {conversation: "\n".join(texts) for conversation, texts in found.items()}


def _newest_comments(rated: list[Row], notes: dict[int, str]) -> list[tuple[str | None, str | None]]:
    """Return the comments and notes that the page should show, newest first."""
    newest = sorted(rated, key=lambda row: (row["rated_at"], row["id"]), reverse=True)
    pairs = [(row["feedback_message"] or None, notes.get(row["id"])) for row in newest]
    return [pair for pair in pairs if any(pair)][:50]


def _shown_comments(app: AppTest) -> list[tuple[str | None, str | None]]:
    shown = app.dataframe[0].value.astype(object).where(app.dataframe[0].value.notna(), None)
    pairs = zip(shown["feedback_message"], shown["review_notes"], strict=True)
    return [(comment or None, note or None) for comment, note in pairs]


def test_comments_are_filtered_by_rating_and_searched(
    dashboard: Dashboard, tables: Tables, notes: dict[int, str]
) -> None:
    rated = [row for row in tables.started(_DAYS) if row["rating"] in {1, 2}]
    app = dashboard.open("satisfaction", **PERIOD, rating="1,2")
    expected = _newest_comments(rated, notes)
    noted = [pair for pair in expected if pair[1]]
    assert 0 < len(noted) < len(expected) < 50
    assert _shown_comments(app) == expected
    app.text_input(key="comments_search").set_value("RETORNAR ao cliente").run()
    assert _shown_comments(app) == noted
    assert app.query_params["rating"] == "1,2"
    app.text_input(key="comments_search").set_value("nothing of the kind").run()
    assert "No rating that matches" in texts(app)


# Chatwoot's satisfaction report, by its code: it filters the responses, but not the surveys.
_CHATWOOT_CSAT = """
SELECT count(*), count(*) FILTER (WHERE r.rating >= 4), count(*) FILTER (WHERE r.rating = 1), (
    SELECT count(*) FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id
    WHERE m.content_type = 9 AND m.created_at >= %(first)s AND m.created_at < %(end)s
)
FROM csat_survey_responses AS r
JOIN conversations AS c ON c.id = r.conversation_id
WHERE r.created_at >= %(first)s AND r.created_at < %(end)s
    AND (%(inbox)s::int IS NULL OR c.inbox_id = %(inbox)s::int)
    AND (%(agent)s::int IS NULL OR r.assigned_agent_id = %(agent)s::int)
"""


@pytest.mark.parametrize("url", [{}, {"inbox": "1"}, {"agent": "2"}], ids=str)
def test_chatwoots_satisfaction_report_is_beside_ours(
    dashboard: Dashboard, tables: Tables, sampled: Project, url: dict[str, str]
) -> None:
    values = {"first": _FIRST, "end": LAST + datetime.timedelta(days=1), "inbox": None, "agent": None, **url}
    with psycopg.connect(sampled.source_url) as source:
        responses, satisfied, worst, surveys = source.execute(_CHATWOOT_CSAT, values).fetchone() or [0] * 4
    report = texts(dashboard.open("satisfaction", **PERIOD, **url))
    lines = _split_lines(report)
    table = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines[2:]}
    assert 0 < responses < surveys
    assert (table["Responses"][0], table["Surveys sent"][0]) == (f"{responses:,}", f"{surveys:,}")
    assert table["Response rate"][0] == format_percent(responses / surveys)
    assert table["Satisfaction score (4 and 5)"][0] == format_percent(satisfied / responses)
    assert table["Rating 1"][0] == format_percent(worst / responses)
    ours = [
        row
        for row in tables.started(_DAYS)
        if row["rating"] is not None
        and ("inbox" not in url or row["inbox_id"] == int(url["inbox"]))
        and ("agent" not in url or row["rating_agent_id"] == int(url["agent"]))
    ]
    assert table["Responses"][1] == f"{len(ours):,}"


@pytest.mark.parametrize("url", [{}, {"inbox": "1,2,3,4"}, {"status": "resolved"}], ids=str)
def test_bots_equal_the_reference(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    started = tables.select(url).started(_DAYS)
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
        if row["is_first_response"] and row["ended_date"] and _FIRST <= row["ended_date"] <= LAST
    ]
    limits = [0, 3_600, 14_400, 28_800, 86_400, float("inf")]
    expected = [sum(low <= value < high for value in seconds) for low, high in itertools.pairwise(limits)]
    assert [ours[f"bucket_{bucket}"].sum() for bucket in range(5)] == expected
    theirs = table[table["counted_by"] == "Chatwoot"]
    assert sum(theirs[f"bucket_{bucket}"].sum() for bucket in range(5)) > 0


def test_busy_hours_equal_the_reference(dashboard: Dashboard, tables: Tables) -> None:
    app = dashboard.open("busy_hours", **PERIOD)
    expected: dict[tuple[str, int], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in tables.started(_DAYS):
        expected[_WEEKDAYS[row["day_of_week"]], row["conversation_hour"]]["conversations"] += 1
    for row in tables.hours:
        if _FIRST <= row["message_date"] <= LAST:
            weekday = _WEEKDAYS[row["message_date"].isoweekday() % 7]
            expected[weekday, row["hour"]].update({key: row[key] for key in ("incoming", "outgoing")})
    for row in tables.resolutions:
        if _FIRST <= row["resolved_date"] <= LAST:
            local = row["resolved_at"].astimezone(zoneinfo.ZoneInfo("America/Sao_Paulo"))
            expected[_WEEKDAYS[local.isoweekday() % 7], local.hour]["resolutions"] += 1
    kinds = ("conversations", "incoming", "outgoing", "resolutions")
    shown = {
        (row.weekday, row.hour): [getattr(row, kind) for kind in kinds] for row in app.dataframe[0].value.itertuples()
    }
    assert shown == {cell: [counts[kind] for kind in kinds] for cell, counts in expected.items() if counts.total()}
    dates = [_FIRST + datetime.timedelta(number) for number in range((LAST - _FIRST).days + 1)]
    days = collections.Counter(_WEEKDAYS[date.isoweekday() % 7] for date in dates)
    assert len(set(days.values())) > 1
    busiest = max(counts["conversations"] / days[weekday] for (weekday, _), counts in expected.items())
    assert f"with {busiest:.1f} conversations on average" in texts(app)


def test_nine_metrics_of_chatwoot_are_compared_with_ours(dashboard: Dashboard, tables: Tables) -> None:
    current = tables.numbers(_DAYS)
    report = texts(dashboard.open("comparison", **PERIOD)).replace("\u00a0", " ")
    lines = _split_lines(report)
    table = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines[2:]}
    satisfaction = {name: table.pop(name) for name in [*table] if name.startswith("CSAT")}
    assert len(table) == 9
    rated = sum(row["rating"] is not None for row in tables.started(_DAYS))
    assert satisfaction["CSAT: Responses"][1] == f"{rated:,}"
    assert satisfaction["CSAT: Satisfaction score (4 and 5)"][1] == format_percent(current["score"])
    assert table["Conversations"] == (f"{current['conversations']:,}",) * 2
    assert table["Resolutions"][1] == f"{current['resolved']:,}"
    seconds = [row["seconds"] for row in tables.responses if row["ended_date"] and _FIRST <= row["ended_date"] <= LAST]
    assert table["Customer waiting time, average"][1] == format_duration(sum(seconds) / len(seconds))
    sent = sum(row["outgoing"] for row in tables.hours if _FIRST <= row["message_date"] <= LAST)
    assert table["Outgoing messages"][1] == f"{sent:,}"


@pytest.mark.parametrize("dimension", ["agent", "inbox", "team", "label"])
def test_groups_and_days_of_the_comparison_add_up(dashboard: Dashboard, tables: Tables, dimension: str) -> None:
    app = dashboard.open("comparison", **PERIOD)
    app.segmented_control(key="comparison_by").set_value(dimension)
    started, current = tables.started(_DAYS), tables.numbers(_DAYS)
    labelled = collections.Counter(label for row in started for label in row["labels"])
    conversations = labelled.total() if dimension == "label" else len(started)
    for number, total in (("conversations_count", conversations), ("resolutions_count", current["resolved"])):
        app.selectbox(key="comparison_number").set_value(number).run()
        assert_no_errors(app)
        table = app.dataframe[0].value
        assert list(table["apart"]) == list(table["dashboard"] - table["chatwoot"])
        days = [row for rows in chart_rows(app) for row in rows]
        shown = {source: sum(row["value"] for row in days if row["series"] == source) for source in _SOURCES}
        if dimension != "label":
            assert (table["dashboard"].sum(), table["chatwoot"].sum()) == (total, shown["Chatwoot"])
            assert shown["Dashboard"] == total
        elif number == "conversations_count":
            assert (table["dashboard"].sum(), table["chatwoot"].sum()) == (total, total)
    app.selectbox(key="comparison_number").set_value("csat_score").run()
    table = app.dataframe[0].value
    assert table["chatwoot"].isna().all() == (dimension == "label")
    assert table["dashboard"].notna().any()


@pytest.mark.parametrize("url", [{}, {"agent": "2,3,0"}, {"label": "vip", "inbox": "1,2"}], ids=str)
def test_days_of_the_comparison_have_our_averages(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    app = dashboard.open("comparison", **PERIOD, **url)
    app.selectbox(key="comparison_number").set_value("avg_first_response_time").run()
    assert_no_errors(app)
    selected = tables.select({name: value for name, value in url.items() if name != "agent"})
    agents = {int(agent) for agent in url.get("agent", "").split(",") if agent}
    by_day: dict[str, list[float]] = collections.defaultdict(list)
    for row in selected.responses:
        if row["is_first_response"] and row["ended_date"] and (not agents or (row["agent_id"] or 0) in agents):
            by_day[row["ended_date"].isoformat()].append(row["seconds"])
    shown = {
        row["start"]: row["text"]
        for rows in chart_rows(app)
        for row in rows
        if row["series"] == "Dashboard" and row["value"] is not None
    }
    assert shown
    assert shown == {day: formats.format_duration(statistics.mean(by_day[day])) for day in shown}
    assert {day for day in by_day if PERIOD["from"] <= day <= PERIOD["to"]} == shown.keys()


@pytest.mark.parametrize("labels", ["vip", "vip,urgente"])
def test_report_of_labels_counts_their_conversations(dashboard: Dashboard, tables: Tables, labels: str) -> None:
    selected = tables.select({"label": labels})
    report = texts(dashboard.open("comparison", **PERIOD, label=labels)).replace("\u00a0", " ")
    lines = _split_lines(report)
    table = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines[2:]}
    started = len(selected.started(_DAYS))
    assert 0 < started < len(tables.started(_DAYS))
    assert table["Conversations"] == (f"{started:,}",) * 2
    assert table["Resolutions"][1] == f"{selected.numbers(_DAYS)['resolved']:,}"
    assert table["Resolutions"][0] not in {"0", UNKNOWN}
    # A conversation with both labels would count twice.
    assert (UNKNOWN in table["Incoming messages"]) == ("," in labels)


@pytest.mark.parametrize("agents", [{2}, {2, 3}, {0}])
def test_report_of_agents_counts_what_they_did(dashboard: Dashboard, tables: Tables, agents: set[int]) -> None:
    url = {"agent": ",".join(map(str, agents))}
    report = texts(dashboard.open("comparison", **PERIOD, **url)).replace("\u00a0", " ")
    lines = _split_lines(report)
    ours = {cells[1].strip(): cells[3].strip() for cells in lines[2:]}
    done = [
        row for row in tables.resolutions if (row["agent_id"] or 0) in agents and _FIRST <= row["resolved_date"] <= LAST
    ]
    waits = [
        row
        for row in tables.responses
        if (row["agent_id"] or 0) in agents and row["ended_date"] and _FIRST <= row["ended_date"] <= LAST
    ]
    assert ours["Resolutions"] == f"{len(done):,}"
    assert ours["Resolution time, average"] == format_duration(sum(row["seconds"] for row in done) / len(done))
    average = sum(row["seconds"] for row in waits) / len(waits)
    assert ours["Customer waiting time, average"] == format_duration(average)


@pytest.mark.parametrize("url", [{}, {"status": "open", "label": "vip,urgente"}, {"waiting": "1"}], ids=str)
def test_list_has_each_conversation_once_in_order(dashboard: Dashboard, tables: Tables, url: dict[str, str]) -> None:
    first = LAST - datetime.timedelta(days=4)
    selected = tables.select(url)
    expected = selected.started((first, LAST))
    expected.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    if "waiting" in url:  # whenever they began
        waiting = [row for row in selected.conversations if row["needs_reply"]]
        assert len(waiting) > len([row for row in expected if row["needs_reply"]])
        expected = sorted(waiting, key=lambda row: row["waiting_since"])
    assert expected
    ids: list[str] = []
    for number in range(1, -(-len(expected) // 25) + 1):
        period = {"from": first.isoformat(), "to": LAST.isoformat()}
        app = dashboard.open("conversations", **period, **url, page=str(number))
        assert f"**{len(expected)}** conversations" in texts(app)
        ids += list(app.dataframe[0].value["display_id"])
    assert ids == [str(row["display_id"]) for row in expected]


def test_agent_has_the_same_numbers_on_every_page_and_in_the_lists(dashboard: Dashboard, tables: Tables) -> None:
    url = {"agent": "2"}
    expected = tables.select(url).numbers(_DAYS)
    assigned = {row["id"] for row in tables.conversations if row["assignee_id"] == 2}
    # What the agent did is not what happened in the agent's conversations.
    assert {row["conversation_id"] for row in tables.responses if row["agent_id"] == 2} - assigned
    cards = {label: value for label, (value, _) in metrics(dashboard.open(**PERIOD, **url)).items()}
    table = dashboard.open("agents", **PERIOD, **url).dataframe[0].value
    total, row = table.iloc[0], table.iloc[1]
    report = texts(dashboard.open("comparison", **PERIOD, **url)).replace("\u00a0", " ")
    ours = {cells[1].strip(): cells[3].strip() for cells in _split_lines(report)[2:]}

    assert len(table) == 2
    assert _cells(total) == _cells(row) == _cells(expected)
    assert cards["Resolutions"] == ours["Resolutions"] == f"{row['resolved']:,.0f}"
    assert cards["Ratings"] == ours["CSAT: Responses"] == f"{row['rated']:,.0f}"
    assert cards["First response (median)"] == format_duration(row["first_response_median"])
    assert cards["Response time (median)"] == format_duration(row["response_median"])
    assert cards["Resolution time (median)"] == formats.format_duration(row["resolution_median"])
    assert total["resolution_median"] == row["resolution_median"]
    responses = [
        row for row in tables.select(url).responses if row["ended_date"] and _FIRST <= row["ended_date"] <= LAST
    ]
    first = [row["seconds"] for row in responses if row["is_first_response"]]
    assert ours["First response time, average"] == format_duration(statistics.mean(first))
    for subject, number in (
        ("resolutions", expected["resolved"]), ("replies", expected["replies"]), ("first_responses", len(first)),
        ("ratings", expected["rated"]),
    ):  # fmt: skip
        assert number
        assert f"**{number:,}** " in texts(dashboard.open("conversations", **PERIOD, **url, of=subject)), subject


def test_data_health_counts_the_imported_conversations_of_the_period(dashboard: Dashboard, tables: Tables) -> None:
    imported = [row["conversation_date"] for row in tables.conversations if row["is_imported"]]
    assert imported
    period = {"from": min(imported).isoformat(), "to": max(imported).isoformat()}
    sentence = "How long contacts waited in imported conversations of the period"
    assert f"{sentence} ({len(imported)})." in texts(dashboard.open("data_health", **period, inbox="1"))
    later = {**PERIOD, "from": (max(imported) + datetime.timedelta(days=1)).isoformat()}
    assert sentence not in texts(dashboard.open("data_health", **later))
