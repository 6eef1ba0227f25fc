"""The page Compared with Chatwoot: Chatwoot's nine numbers beside ours, by every dimension."""

from __future__ import annotations

import collections
import statistics

import pytest

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.formats import UNKNOWN
from chatwoot_assets_tests.dashboard.opening import (
    DAYS,
    LAST,
    PERIOD,
    Dashboard,
    assert_no_errors,
    chart_rows,
    metrics,
    split_lines,
    texts,
)
from chatwoot_assets_tests.dashboard.reference import Tables, compared_cells, format_duration, format_percent

_SOURCES = ("Chatwoot", "Dashboard")


def test_nine_metrics_of_chatwoot_are_compared_with_ours(dashboard: Dashboard, tables: Tables) -> None:
    current = tables.numbers(DAYS)
    report = texts(dashboard.open("comparison", **PERIOD)).replace("\u00a0", " ")
    lines = split_lines(report)
    table = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines[2:]}
    satisfaction = {name: table.pop(name) for name in [*table] if name.startswith("CSAT")}
    assert len(table) == 9
    rated = sum(row["rating"] is not None for row in tables.started(DAYS))
    assert satisfaction["CSAT: Responses"][1] == f"{rated:,}"
    assert satisfaction["CSAT: Satisfaction score (4 and 5)"][1] == format_percent(current["score"])
    assert table["Conversations"] == (f"{current['conversations']:,}",) * 2
    assert table["Resolutions"][1] == f"{current['resolved']:,}"
    seconds = [row["seconds"] for row in tables.responses if row["ended_date"] and DAYS[0] <= row["ended_date"] <= LAST]
    assert table["Customer waiting time, average"][1] == format_duration(sum(seconds) / len(seconds))
    sent = sum(row["outgoing"] for row in tables.hours if DAYS[0] <= row["message_date"] <= LAST)
    assert table["Outgoing messages"][1] == f"{sent:,}"


@pytest.mark.parametrize("dimension", ["agent", "inbox", "team", "label"])
def test_groups_and_days_of_the_comparison_add_up(dashboard: Dashboard, tables: Tables, dimension: str) -> None:
    app = dashboard.open("comparison", **PERIOD)
    app.segmented_control(key="comparison_by").set_value(dimension)
    started, current = tables.started(DAYS), tables.numbers(DAYS)
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
    lines = split_lines(report)
    table = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines[2:]}
    started = len(selected.started(DAYS))
    assert 0 < started < len(tables.started(DAYS))
    assert table["Conversations"] == (f"{started:,}",) * 2
    assert table["Resolutions"][1] == f"{selected.numbers(DAYS)['resolved']:,}"
    assert table["Resolutions"][0] not in {"0", UNKNOWN}
    # A conversation with both labels would count twice.
    assert (UNKNOWN in table["Incoming messages"]) == ("," in labels)


@pytest.mark.parametrize("agents", [{2}, {2, 3}, {0}])
def test_report_of_agents_counts_what_they_did(dashboard: Dashboard, tables: Tables, agents: set[int]) -> None:
    url = {"agent": ",".join(map(str, agents))}
    report = texts(dashboard.open("comparison", **PERIOD, **url)).replace("\u00a0", " ")
    lines = split_lines(report)
    ours = {cells[1].strip(): cells[3].strip() for cells in lines[2:]}
    done = [
        row
        for row in tables.resolutions
        if (row["agent_id"] or 0) in agents and DAYS[0] <= row["resolved_date"] <= LAST
    ]
    waits = [
        row
        for row in tables.responses
        if (row["agent_id"] or 0) in agents and row["ended_date"] and DAYS[0] <= row["ended_date"] <= LAST
    ]
    assert ours["Resolutions"] == f"{len(done):,}"
    assert ours["Resolution time, average"] == format_duration(sum(row["seconds"] for row in done) / len(done))
    average = sum(row["seconds"] for row in waits) / len(waits)
    assert ours["Customer waiting time, average"] == format_duration(average)


def test_agent_has_the_same_numbers_on_every_page_and_in_the_lists(dashboard: Dashboard, tables: Tables) -> None:
    url = {"agent": "2"}
    expected = tables.select(url).numbers(DAYS)
    assigned = {row["id"] for row in tables.conversations if row["assignee_id"] == 2}
    # What the agent did is not what happened in the agent's conversations.
    assert {row["conversation_id"] for row in tables.responses if row["agent_id"] == 2} - assigned
    cards = {label: value for label, (value, _) in metrics(dashboard.open(**PERIOD, **url)).items()}
    table = dashboard.open("agents", **PERIOD, **url).dataframe[0].value
    total, row = table.iloc[0], table.iloc[1]
    report = texts(dashboard.open("comparison", **PERIOD, **url)).replace("\u00a0", " ")
    ours = {cells[1].strip(): cells[3].strip() for cells in split_lines(report)[2:]}

    assert len(table) == 2
    assert compared_cells(total) == compared_cells(row) == compared_cells(expected)
    assert cards["Resolutions"] == ours["Resolutions"] == f"{row['resolved']:,.0f}"
    assert cards["Ratings"] == ours["CSAT: Responses"] == f"{row['rated']:,.0f}"
    assert cards["First response (median)"] == format_duration(row["first_response_median"])
    assert cards["Response time (median)"] == format_duration(row["response_median"])
    assert cards["Resolution time (median)"] == formats.format_duration(row["resolution_median"])
    assert total["resolution_median"] == row["resolution_median"]
    responses = [
        row for row in tables.select(url).responses if row["ended_date"] and DAYS[0] <= row["ended_date"] <= LAST
    ]
    first = [row["seconds"] for row in responses if row["is_first_response"]]
    assert ours["First response time, average"] == format_duration(statistics.mean(first))
    for subject, number in (
        ("resolutions", expected["resolved"]), ("replies", expected["replies"]), ("first_responses", len(first)),
        ("ratings", expected["rated"]),
    ):  # fmt: skip
        assert number
        assert f"**{number:,}** " in texts(dashboard.open("conversations", **PERIOD, **url, of=subject)), subject
