"""Every card and every mark of a chart leads to the list of what it counts, which has as many rows as it says."""

from __future__ import annotations

import datetime
import itertools
import re
from urllib.parse import urlencode

import pytest

from chatwoot_assets.dashboard.filter_urls import parse_url
from chatwoot_assets.dashboard.filters import query_parameters
from chatwoot_assets.dashboard.list_filters import BACKLOG_PARTS, ListFilters
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.dashboard.drilldown import FILTERS, TODAY, Lists, card_links
from chatwoot_assets_tests.dashboard.opening import (
    DAYS,
    PERIOD,
    Dashboard,
    Row,
    assert_no_errors,
    chart_rows,
    metrics,
    texts,
)
from chatwoot_assets_tests.dashboard.reference import Tables


def _episode_statistics(lists: Lists, url: dict[str, str]) -> Row:
    filters = parse_url({**PERIOD, **url})[0]
    parameters = query_parameters(filters, filters.period(TODAY))
    (row,) = lists.connection.execute(compose(sql_path("dashboard", "episode_statistics.sql"), **parameters)).fetchall()
    return row


@pytest.mark.parametrize("url", FILTERS, ids=str)
def test_every_card_of_the_overview_leads_to_its_conversations(
    dashboard: Dashboard, lists: Lists, tables: Tables, url: dict[str, str]
) -> None:
    app = dashboard.open(**PERIOD, **url)
    assert_no_errors(app)
    links = card_links(app)
    shown = {label: value for label, (value, _) in metrics(app).items()}
    selected = tables.select(url)
    first, last = DAYS
    replies = [row for row in selected.responses if row["ended_date"] and first <= row["ended_date"] <= last]
    episodes = _episode_statistics(lists, url)
    satisfied = sum(row["rating"] >= 4 for row in selected.ratings if first <= row["conversation_date"] <= last)
    expected = {
        "First response (median)": sum(row["is_first_response"] for row in replies),
        "Response time (median)": len(replies),
        "Satisfaction": satisfied,
        "Came back within 7 days": episodes["repeated_within_7_days"],
        "Resolved at first contact": episodes["resolved_at_first_contact"],
    }
    for label in ("First response per episode", "Resolution time (median)", "Resolution time (p90)"):
        assert 0 < lists.total(links.pop(label)) <= episodes["episodes_started"] + episodes["episodes_resolved"]
        del shown[label]
    if shown["Open at the end"] == "—":  # the filters do not split the backlog
        del shown["Open at the end"]
    assert links.keys() == shown.keys()
    numbers = {label: expected.get(label, value) for label, value in shown.items()}
    assert {label: f"{lists.total(link):,}" for label, link in links.items()} == {
        label: f"{value:,}" if isinstance(value, int) else value for label, value in numbers.items()
    }


def test_every_card_about_bots_leads_to_its_conversations(dashboard: Dashboard, lists: Lists) -> None:
    app = dashboard.open("bots", **PERIOD)
    totals = {label: lists.total(link) for label, link in card_links(app).items()}
    shown = {label: value for label, (value, _) in metrics(app).items()}
    assert totals.keys() == shown.keys()
    for label, value in shown.items():
        if "%" not in value and value != "—":
            assert f"{totals[label]:,}" == value, label
        else:
            assert (totals[label] > 0) == (value not in {"—", "0.0%"}), label
    points = [row for rows in chart_rows(app) for row in rows if row["url"]]
    assert len(points) > 20
    assert [row for row in points if f"{lists.total(row['url']):,}" != row["text"]] == []


def test_every_mark_of_the_overview_leads_to_its_conversations(dashboard: Dashboard, lists: Lists) -> None:
    charts = chart_rows(dashboard.open(**PERIOD))
    marks = [row for rows in charts for row in rows if row.get("url")]
    assert len(marks) > 100
    for row in marks:
        total = lists.total(row["url"])
        if "status" in row:
            assert total == row["conversations"]
        elif "count" in row:
            assert f"{total:,}" == row["count"], row
        else:
            assert total > 0  # a median has as many rows as there are times
    backlog = [row for row in marks if "top" in row]
    first, last = DAYS
    assert len({row["start"] for row in backlog}) == (last - first).days + 1
    assert len({row["series"] for row in backlog}) == 5


@pytest.mark.parametrize("url", [{}, {"inbox": "1,2"}, {"agent": "2,3,0"}, {"team": "0,1", "agent": "3"}], ids=str)
def test_backlog_of_any_day_lists_exactly_its_conversations(lists: Lists, url: dict[str, str]) -> None:
    filters = parse_url({**PERIOD, **url})[0]
    query = compose(sql_path("dashboard", "backlog.sql"), **query_parameters(filters, filters.period(TODAY)))
    rows = lists.connection.execute(query).fetchall()
    assert len(rows) == 21
    assert sum(row["open"] for row in rows) > 0
    for row in rows:
        for part in BACKLOG_PARTS:
            conditions = ListFilters(backlog=f"{part}.{row['backlog_date']}")
            listed = lists.total(f"?{urlencode({**PERIOD, **url, **conditions.to_url()})}")
            assert listed == row[part], (row["backlog_date"], part)


def test_every_bar_of_a_group_leads_to_its_conversations(dashboard: Dashboard, lists: Lists) -> None:
    for page in ("agents", "channels", "distribution"):
        for rows in itertools.chain.from_iterable(map(chart_rows, dashboard.open_tabs(page, **PERIOD))):
            for row in rows:
                if row.get("label") and row["url"]:
                    assert lists.total(row["url"]) == row["value"], row


def test_cells_of_every_heat_map_lead_to_what_they_average(dashboard: Dashboard, lists: Lists, tables: Tables) -> None:
    heatmaps = [
        [row for row in rows if row["value"]]
        for rows in chart_rows(dashboard.open("busy_hours", **PERIOD))
        if "weekday" in rows[0]
    ]
    assert len(heatmaps) == 5
    first, last = DAYS
    assert sum(lists.total(row["url"]) for row in heatmaps[0]) == len(tables.started((first, last)))
    dates = [first + datetime.timedelta(days=number) for number in range((last - first).days + 1)]
    for row in itertools.chain(heatmaps[0], *(cells[:12] for cells in heatmaps[1:])):
        days = sum(f"{date:%A}" == row["weekday"] for date in dates)
        assert lists.total(row["url"]) == pytest.approx(row["value"] * days), row


@pytest.mark.parametrize("url", [{}, {"agent": "2,3,0"}, {"label": "vip"}], ids=str)
def test_every_mark_about_satisfaction_leads_to_surveys(
    dashboard: Dashboard, lists: Lists, url: dict[str, str]
) -> None:
    app = dashboard.open("satisfaction", **PERIOD, **url)
    links, shown = card_links(app), {label: value for label, (value, _) in metrics(app).items()}
    assert links.keys() == shown.keys()
    rated, surveys, satisfied = (lists.total(links[label]) for label in ("Ratings", "Response rate", "Satisfaction"))
    assert f"{rated:,}" == shown["Ratings"]
    assert lists.total(links["Average rating"]) == rated
    assert f"{rated / surveys:.1%}" == shown["Response rate"]
    assert f"{satisfied / rated:.1%}" == shown["Satisfaction"]
    bars, points = chart_rows(app)
    assert [row["rated"] for row in bars if row["url"]] == [lists.total(row["url"]) for row in bars if row["url"]]
    assert sum(row["rated"] for row in bars) == rated
    assert [row["rated"] for row in points if row["score"] is not None] == [
        lists.total(row["url"]) for row in points if row["score"] is not None
    ]
    values = re.findall(r"\| \[([\d,.%]+)\]\((conversations\?[^)]+)\) \|", texts(app))
    assert len(values) > 5
    for value, address in values:
        if "%" not in value:
            assert f"{lists.total(address):,}" == value


@pytest.mark.parametrize("page", ["comparison", "bots"])
def test_totals_beside_each_other_lead_to_what_they_count(dashboard: Dashboard, lists: Lists, page: str) -> None:
    values = re.findall(r"\[([^\]]+)\]\((conversations\?[^)]+)\)", texts(dashboard.open(page, **PERIOD)))
    assert len(values) >= 6
    for value, address in values:
        total = lists.total(address)
        assert f"{total:,}" == value if re.fullmatch(r"[\d,]+", value) else total > 0, (value, address)


def test_cards_and_days_of_data_health_lead_to_their_conversations(
    dashboard: Dashboard, lists: Lists, tables: Tables
) -> None:
    app = dashboard.open("data_health", **PERIOD, inbox="1")
    links = card_links(app)
    assert set(links) == {"Loaded days"}
    assert lists.total(links["Loaded days"]) == len(tables.conversations)
    first, last = DAYS
    (strip,) = chart_rows(app)
    assert sum(lists.total(row["url"]) for row in strip) == len(tables.started((first, last)))


def test_dashboard_without_conversations_has_no_links(dashboard: Dashboard) -> None:
    dashboard.set(DASHBOARD_CONVERSATIONS="off")
    app = dashboard.open(**PERIOD)
    assert card_links(app) == {}
    assert {link.proto.page for link in app.get("page_link")} == {"", "agents"}  # the saved views
    assert [row for rows in chart_rows(app) for row in rows if row.get("url")] == []
