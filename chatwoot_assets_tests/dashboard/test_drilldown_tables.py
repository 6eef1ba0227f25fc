"""Every cell of a table leads to the list of what it counts, which has as many rows as the cell says."""

from __future__ import annotations

import re

import psycopg
import pytest
from psycopg.rows import dict_row

from chatwoot_assets.dashboard import calls, captain, chatwoot_bots, groups, inbox_tables, slas, tables
from chatwoot_assets.dashboard.filter_urls import parse_url
from chatwoot_assets.dashboard.filters import query_parameters
from chatwoot_assets.dashboard.pages import bots, busy_hours, comparison, data_health, distribution, live, overview
from chatwoot_assets.dashboard.tables import CellList, Column
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.dashboard.drilldown import (
    FILTERS,
    TODAY,
    WITHOUT_LIST,
    Lists,
    ShownTables,
    card_links,
    walk_tables,
)
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, Row, assert_no_errors, chart_rows, metrics
from chatwoot_assets_tests.project import Project

# What the list of a share, or of a row's name, has.
_COUNTED_IN_SHARES = {
    "name": "conversations", "starts_on": "conversations", "hit_rate": "missed", "policy": "applied",
    "target_first_response": "target_first_response_missed", "target_next_reply": "target_next_reply_missed",
    "target_resolution": "target_resolution_missed",
    "conversation_date": "conversations",
    "alone_share": "alone", "handed_off_share": "handed_off",
    "bot_resolution_rate": "bot_resolved", "bot_handoff_rate": "bot_handed_off",
    "captain_score": "captain_satisfied", "handoff_reason": "captain_handed_off",
    "share_of_handed_off": "captain_handed_off", "score_alone": "satisfied_alone",
    "score_handed_off": "satisfied_handed_off",
}  # fmt: skip


@pytest.fixture
def shown_tables(monkeypatch: pytest.MonkeyPatch) -> ShownTables:
    """The tables that the pages draw, with the function that gives the list of a cell."""
    shown: ShownTables = []

    def record(page: object, rows: list[Row], columns: list[Column], name: str, find: CellList | None = None) -> None:
        if find is not None:
            shown.append((name, rows, columns, find))
        tables.show_table(page, rows, columns, name, find)  # type: ignore[arg-type]  # the page that it was given

    for module in (
        overview,
        slas,
        live,
        groups,
        inbox_tables,
        calls,
        bots,
        chatwoot_bots,
        captain,
        busy_hours,
        comparison,
        data_health,
        distribution,
    ):
        monkeypatch.setattr(module, "show_table", record)
    return shown


@pytest.mark.parametrize("url", FILTERS, ids=str)
def test_every_live_count_leads_to_its_conversations(
    dashboard: Dashboard,
    lists: Lists,
    shown_tables: ShownTables,
    url: dict[str, str],
) -> None:
    app = dashboard.open("live", **url)
    links = card_links(app)
    shown = {label: value for label, (value, _) in metrics(app).items()}
    assert links.keys() == shown.keys()
    assert f"{lists.total(links.pop('Longest wait'))}" == shown["Waiting for a reply"]
    assert {label: f"{lists.total(link)}" for label, link in links.items()} == {label: shown[label] for label in links}

    def expected(row: Row, column: str) -> float:
        unresolved = sum(row[f"live_{status}"] for status in ("open", "pending", "snoozed"))
        count: float = unresolved if column == "name" else row[column]
        return count

    assert walk_tables(lists, shown_tables, expected) > 20


@pytest.mark.parametrize("url", FILTERS, ids=str)
@pytest.mark.parametrize(
    "page", ["overview", "agents", "channels", "bots", "busy_hours", "data_health", "distribution"]
)
def test_every_cell_of_a_table_leads_to_its_conversations(
    dashboard: Dashboard,
    lists: Lists,
    shown_tables: ShownTables,
    page: str,
    url: dict[str, str],
) -> None:
    for app in dashboard.open_tabs(page, **PERIOD, **url):
        assert_no_errors(app)

    def expected(row: Row, column: str) -> float | None:
        count: float | None
        if column == "name" and not {"handled", "bot_conversations"}.isdisjoint(row):
            count = row.get("handled", row.get("bot_conversations"))
        elif column == "name" and "calls" in row:
            count = row["calls"]
        elif column == "name" and "captain" in row:
            count = row["captain"]
        elif column == "score":
            count = round(row["score"] * row["rated"])
        else:
            count = row[_COUNTED_IN_SHARES.get(column, column)]
        return count

    # With agents selected, messages from contacts are no agent's.
    without = (*WITHOUT_LIST, "incoming") if page == "busy_hours" and "agent" in url else WITHOUT_LIST
    # The fewest cells are those of a filter that selects few.
    assert walk_tables(lists, shown_tables, expected, without) >= 9


def test_row_of_nobody_is_split_without_a_rest(dashboard: Dashboard, shown_tables: ShownTables) -> None:
    assert_no_errors(dashboard.open("agents", **PERIOD))
    rows = next(rows for name, rows, _, _ in shown_tables if name == "agents")
    nobody = next(row for row in rows if row.get("key") == 0 and "who" not in row)
    parts = {row["who"]: row for row in rows if row.get("who")}
    assert {"app", "none"} <= parts.keys()
    for column in ("conversations", "resolved", "replies"):
        assert sum(row[column] or 0 for row in parts.values()) == nobody[column] > 0
    assert parts["app"]["replies"] == nobody["replies"]


def test_bots_and_automation_have_their_part_of_nobody(sampled: Project) -> None:
    """The sample has neither; the transaction that writes them is never committed."""
    with psycopg.connect(sampled.target_url, row_factory=dict_row) as connection:
        connection.execute(
            "UPDATE conversation_facts SET is_unassigned = FALSE WHERE assignee_id IS NULL AND conversation_id % 2 = 0"
        )
        connection.execute(
            "UPDATE episodes SET resolved_by = (ARRAY['bot', 'system', 'agent'])[1 + conversation_id % 3]"
        )
        lists = Lists(connection)
        filters = parse_url(PERIOD)[0]
        query = compose(sql_path("dashboard", "nobody.sql"), **query_parameters(filters, filters.period(TODAY)))
        parts = {row["who"]: row for row in connection.execute(query).fetchall()}
        assert set(parts) == {"bot", "automation", "app", "none"}
        assert parts["bot"]["conversations"] * parts["bot"]["resolved"] * parts["automation"]["resolved"] > 0
        period = "&".join(f"{name}={value}" for name, value in PERIOD.items())
        for who, row in parts.items():
            assert lists.total(f"?{period}&nobody={who}") == row["conversations"]
            assert lists.total(f"?{period}&of=resolutions&agent=0&nobody={who}") == row["resolved"]
        connection.rollback()


@pytest.mark.parametrize("url", [{}, {"agent": "2,3,0"}, {"label": "vip"}], ids=str)
@pytest.mark.parametrize("dimension", ["agent", "inbox", "team", "label"])
def test_numbers_of_the_comparison_lead_to_what_they_count(
    dashboard: Dashboard, lists: Lists, shown_tables: ShownTables, dimension: str, url: dict[str, str]
) -> None:
    app = dashboard.open("comparison", **PERIOD, **url)
    shown_tables.clear()
    app.segmented_control(key="comparison_by").set_value(dimension)
    for number in comparison.NUMBERS:
        app.selectbox(key="comparison_number").set_value(number).run()
        assert_no_errors(app)
        without = ["apart", "account", "name"]
        if number.startswith("csat") or "messages" in number:
            without.append("chatwoot")
        if number.startswith("incoming") and (dimension == "agent" or "agent" in url):
            without.append("dashboard")
        (shown,) = shown_tables
        shares = [] if number != "csat_score" else ["dashboard"]
        cells = walk_tables(lists, shown_tables, lambda row, key: row[key], tuple(without), shares)
        shown_tables.clear()
        assert cells == sum(bool(row[key]) for row in shown[1] for key in {"chatwoot", "dashboard"} - {*without})
        for row in (row for rows in chart_rows(app) for row in rows if row["url"]):
            total = lists.total(row["url"])
            assert f"{total:,}" == row["text"] if re.fullmatch(r"[\d,]+", row["text"]) else total > 0, (number, row)
