"""Every number leads to the list of what it counts, and the list has as many rows as the number says."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.rows import dict_row
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard import calls, captain, chatwoot_bots, groups, inbox_tables, slas, tables
from chatwoot_assets.dashboard.filter_urls import parse_url
from chatwoot_assets.dashboard.filters import query_parameters
from chatwoot_assets.dashboard.list_filters import (
    BACKLOG_PARTS,
    BOTS,
    PRIORITIES,
    RATINGS,
    SUBJECTS,
    ListFilters,
    parse_list_url,
)
from chatwoot_assets.dashboard.pages import bots, busy_hours, comparison, data_health, distribution, live, overview
from chatwoot_assets.dashboard.tables import CellList, Column
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.dashboard.opening import (
    LAST,
    PERIOD,
    Dashboard,
    Row,
    assert_no_errors,
    chart_rows,
    metrics,
    texts,
)
from chatwoot_assets_tests.dashboard.reference import Tables
from chatwoot_assets_tests.project import Project

_FILTERS = [
    {},
    {"inbox": "1,2", "label": "vip,urgente"},
    {"agent": "2,3,0"},
    {"attribute": "conversation.motivo=troca"},
]
# Each table that a page draws: its name, rows and columns, and the function that gives the list of a cell.
ShownTables = list[tuple[str, list[Row], list[Column], CellList]]
_TODAY = datetime.date(2026, 1, 1)
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


@dataclass
class Lists:
    """Counts the rows of lists by their address, as the page does."""

    connection: psycopg.Connection[Row]
    totals: dict[str, int] = field(default_factory=dict)

    def total(self, url: str) -> int:
        if url not in self.totals:
            query = dict(parse_qsl(urlsplit(url).query, strict_parsing=True))
            filters, ignored = parse_url(query)
            conditions, ignored_too = parse_list_url(query)
            assert ignored + ignored_too == []
            conditions_of_list = conditions.query_parameters(zone="America/Sao_Paulo")
            parameters = query_parameters(filters, filters.period(_TODAY)) | conditions_of_list
            (row,) = self.connection.execute(compose(sql_path("dashboard", "list_count.sql"), **parameters)).fetchall()
            self.totals[url] = row["total"]
        return self.totals[url]


@pytest.fixture
def lists(sampled: Project) -> Lists:
    connection = psycopg.connect(sampled.target_url, row_factory=dict_row, autocommit=True)
    return Lists(connection)


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


def _card_links(app: AppTest) -> dict[str, str]:
    """Return the address of the list of each card, by the card's label."""
    prefix = "Show the conversations: "
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    return {label.removeprefix(prefix): f"?{query}" for label, query in links.items() if label.startswith(prefix)}


def _episode_statistics(lists: Lists, url: dict[str, str]) -> Row:
    filters = parse_url({**PERIOD, **url})[0]
    parameters = query_parameters(filters, filters.period(_TODAY))
    (row,) = lists.connection.execute(compose(sql_path("dashboard", "episode_statistics.sql"), **parameters)).fetchall()
    return row


@pytest.mark.parametrize("url", _FILTERS, ids=str)
def test_every_card_of_the_overview_leads_to_its_conversations(
    dashboard: Dashboard, lists: Lists, tables: Tables, url: dict[str, str]
) -> None:
    app = dashboard.open(**PERIOD, **url)
    assert_no_errors(app)
    links = _card_links(app)
    shown = {label: value for label, (value, _) in metrics(app).items()}
    selected = tables.select(url)
    first, last = (datetime.date.fromisoformat(day) for day in PERIOD.values())
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
    totals = {label: lists.total(link) for label, link in _card_links(app).items()}
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


@pytest.mark.parametrize("url", _FILTERS, ids=str)
def test_every_live_count_leads_to_its_conversations(
    dashboard: Dashboard,
    lists: Lists,
    shown_tables: ShownTables,
    url: dict[str, str],
) -> None:
    app = dashboard.open("live", **url)
    links = _card_links(app)
    shown = {label: value for label, (value, _) in metrics(app).items()}
    assert links.keys() == shown.keys()
    assert f"{lists.total(links.pop('Longest wait'))}" == shown["Waiting for a reply"]
    assert {label: f"{lists.total(link)}" for label, link in links.items()} == {label: shown[label] for label in links}

    def expected(row: Row, column: str) -> float:
        unresolved = sum(row[f"live_{status}"] for status in ("open", "pending", "snoozed"))
        count: float = unresolved if column == "name" else row[column]
        return count

    assert _walk_tables(lists, shown_tables, expected) > 20


@pytest.mark.parametrize("url", _FILTERS, ids=str)
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
    without = (*_WITHOUT_LIST, "incoming") if page == "busy_hours" and "agent" in url else _WITHOUT_LIST
    # The fewest cells are those of a filter that selects few.
    assert _walk_tables(lists, shown_tables, expected, without) >= 9


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
        query = compose(sql_path("dashboard", "nobody.sql"), **query_parameters(filters, filters.period(_TODAY)))
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
        cells = _walk_tables(lists, shown_tables, lambda row, key: row[key], tuple(without), shares)
        shown_tables.clear()
        assert cells == sum(bool(row[key]) for row in shown[1] for key in {"chatwoot", "dashboard"} - {*without})
        for row in (row for rows in chart_rows(app) for row in rows if row["url"]):
            total = lists.total(row["url"])
            assert f"{total:,}" == row["text"] if re.fullmatch(r"[\d,]+", row["text"]) else total > 0, (number, row)


# What has no list: differences, names of what is counted in the other cells, and the messages of a day's conversations,
# which have dates of their own.
_WITHOUT_LIST = (
    "apart", "account", "channel", "counted_by", "weekday", "hour", "bot_messages", "captain_replies", "messages",
    "condition", "snapshot_at", "loaded_at",
)  # fmt: skip


def _walk_tables(
    lists: Lists,
    shown: ShownTables,
    expected: Callable[[Row, str], float | None],
    without_list: tuple[str, ...] = _WITHOUT_LIST,
    shares: Sequence[str] = (),
) -> int:
    """Assert that each cell has a list, with as many rows as it counts; return the number of cells.

    The list of a duration, or of one of the `shares`, has a row at least.
    """
    cells = 0
    for name, rows, columns, find in shown:
        for row in rows:
            for column in columns:
                parameters = find(row, column.key)
                if parameters is None:
                    is_counted = row[column.key] and row.get("conversations", 1)
                    assert not is_counted or column.key in without_list, (name, row, column.key)
                    continue
                total = lists.total("?" + "&".join(f"{key}={value}" for key, value in parameters.items()))
                place = (name, row.get("name", row.get("starts_on")), column.key)
                if column.format == "duration" or column.key in shares:
                    assert total > 0, place
                else:
                    assert total == expected(row, column.key), place
                cells += 1
    return cells


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
    first, last = map(datetime.date.fromisoformat, PERIOD.values())
    assert len({row["start"] for row in backlog}) == (last - first).days + 1
    assert len({row["series"] for row in backlog}) == 5


@pytest.mark.parametrize("url", [{}, {"inbox": "1,2"}, {"agent": "2,3,0"}, {"team": "0,1", "agent": "3"}], ids=str)
def test_backlog_of_any_day_lists_exactly_its_conversations(lists: Lists, url: dict[str, str]) -> None:
    filters = parse_url({**PERIOD, **url})[0]
    query = compose(sql_path("dashboard", "backlog.sql"), **query_parameters(filters, filters.period(_TODAY)))
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
    first, last = (datetime.date.fromisoformat(day) for day in PERIOD.values())
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
    links, shown = _card_links(app), {label: value for label, (value, _) in metrics(app).items()}
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
    links = _card_links(app)
    assert set(links) == {"Loaded days"}
    assert lists.total(links["Loaded days"]) == len(tables.conversations)
    first, last = (datetime.date.fromisoformat(day) for day in PERIOD.values())
    (strip,) = chart_rows(app)
    assert sum(lists.total(row["url"]) for row in strip) == len(tables.started((first, last)))


@pytest.mark.parametrize(
    "query",
    [
        {"of": "resolutions"},
        {"of": "replies", "agent": "2", "sort": "longest"},
        {"of": "contacts", "inbox": "1,2"},
        {"rating": "1,2,3,4,5", "answered": "1"},
        {"priority": "high,urgent", "channel": "Whatsapp,WebWidget"},
        {"response_over": "3600", "sort": "first_response"},
        {"resolution_over": "86400", "sort": "resolution"},
        {"bot": "handed_off", "unresolved": "1"},
        {"unattended": "1"},
        {"any_time": "1", "status": "open", "sort": "messages"},
    ],
    ids=str,
)
def test_list_shows_as_many_rows_as_it_says(dashboard: Dashboard, lists: Lists, query: dict[str, str]) -> None:
    app = dashboard.open("conversations", **PERIOD, **query)
    assert_no_errors(app)
    without_channel = {name: value for name, value in query.items() if name != "channel"}
    url = "?" + "&".join(f"{name}={value}" for name, value in {**PERIOD, **without_channel}.items())
    match = re.search(r"of \*\*([\d,]+)\*\*", texts(app))
    assert match is not None
    total = int(match[1].replace(",", ""))
    assert total < lists.total(url) if "channel" in query else total == lists.total(url)
    assert len(app.dataframe[0].value) == min(total, 25)
    assert set(app.query_params) == {"from", "to", "lang", *query}


def test_conditions_of_the_list_select_what_they_say(dashboard: Dashboard, tables: Tables) -> None:
    first, last = (datetime.date.fromisoformat(day) for day in PERIOD.values())
    started = tables.started((first, last))
    slow = {row["conversation_id"] for row in tables.responses if row["is_first_response"] and row["seconds"] > 900}
    for query, matches in (
        ({"rating": "1,2"}, lambda row: row["rating"] in (1, 2)),
        ({"reopened": "1"}, lambda row: (row["reopens"] or 0) > 0),
        ({"priority": "high,none"}, lambda row: row["priority"] in ("high", None)),
        ({"response_over": "900"}, lambda row: row["id"] in slow),
        ({"bot": "resolved"}, lambda row: row["bot_resolved"]),
        ({"without_label": "1"}, lambda row: not row["labels"]),
        ({"channel": "Whatsapp"}, lambda row: row["inbox_type"] == "Channel::Whatsapp"),
        ({"hour_of_week": "38"}, lambda row: (row["day_of_week"], row["conversation_hour"]) == (1, 14)),
    ):
        app = dashboard.open("conversations", **PERIOD, **query)
        count = sum(map(matches, started))
        assert count > 1, query
        assert f"**{count}** conversations" in texts(app), query


@pytest.mark.parametrize("column", ["display_id", "contact_name", "contact_phone", "contact_email"])
def test_search_finds_a_conversation_and_stays_out_of_the_url(
    dashboard: Dashboard, tables: Tables, column: str
) -> None:
    started = tables.started((LAST - datetime.timedelta(days=19), LAST))
    wanted = next(row for row in started if row[column])
    text = str(wanted[column])
    app = dashboard.open("conversations", **PERIOD)
    app.text_input(key="list_search").set_value(text.upper()).run()
    assert_no_errors(app)
    assert str(wanted["display_id"]) in set(app.dataframe[0].value["display_id"])
    assert len(app.dataframe[0].value) < 25
    assert set(app.query_params) == {"from", "to", "lang"}
    app.button(key="chip_search").click().run()
    assert len(app.dataframe[0].value) == 25


def test_chips_name_the_filters_and_remove_them(dashboard: Dashboard) -> None:
    app = dashboard.open("conversations", **PERIOD, **{"status": "open,resolved", "rating": "5", "of": "ratings"})
    assert [button.label for button in app.button if (button.key or "").startswith("chip_")] == [
        "Status: Open", "Status: Resolved", "Ratings", "Rating: 5 · excellent",
    ]  # fmt: skip
    app.button(key="chip_statuses_open").click().run()
    assert app.query_params["status"] == "resolved"
    assert app.multiselect(key="statuses").value == ["resolved"]
    app.button(key="chip_ratings").click().run()
    assert "rating" not in app.query_params
    app.button(key="chip_statuses_resolved").click().run()
    app.button(key="chip_subject").click().run()
    assert set(app.query_params) == {"from", "to", "lang"}
    assert [button for button in app.button if (button.key or "").startswith("chip_")] == []


def test_chips_of_a_long_list_are_few(dashboard: Dashboard) -> None:
    app = dashboard.open(**PERIOD, inbox="1-12")
    chips = [button for button in app.button if (button.key or "").startswith("chip_inboxes")]
    assert len(chips) == 9
    assert chips[-1].label == f"Inboxes: {len(app.multiselect(key='inboxes').value) - 8} more"
    chips[-1].click().run()
    assert "inbox" not in app.query_params


def test_url_with_hundreds_of_ids_filters_as_the_known_ones_do(dashboard: Dashboard) -> None:
    ids = ",".join(map(str, [*range(1, 12, 2), *range(1_001, 2_000, 3)]))
    many = dashboard.open(**PERIOD, agent=ids)
    assert_no_errors(many)
    known = many.multiselect(key="agents").value
    assert 1 < len(known) < 10
    few = dashboard.open(**PERIOD, agent=",".join(map(str, known)))
    assert metrics(many) == metrics(few) != metrics(dashboard.open(**PERIOD))


def test_dashboard_without_conversations_has_no_links(dashboard: Dashboard) -> None:
    dashboard.set(DASHBOARD_CONVERSATIONS="off")
    app = dashboard.open(**PERIOD)
    assert _card_links(app) == {}
    assert {link.proto.page for link in app.get("page_link")} == {"", "agents"}  # the saved views
    assert [row for rows in chart_rows(app) for row in rows if row.get("url")] == []


_SECONDS = st.none() | st.integers(0, 10**9 - 1)


@given(
    st.builds(
        ListFilters,
        subject=st.sampled_from(SUBJECTS),
        needs_reply=st.booleans(),
        reopened=st.booleans(),
        ratings=st.lists(st.sampled_from(RATINGS), unique=True).map(tuple),
        priorities=st.lists(st.sampled_from(PRIORITIES), unique=True).map(tuple),
        channels=st.lists(st.sampled_from(("Whatsapp", "Api")), unique=True).map(tuple),
        bot=st.sampled_from(("", *BOTS)),
        response_over=_SECONDS,
        weekday_and_hour=st.none() | st.integers(0, 167),
        with_label=st.sampled_from(("", "vip")),
        at_least=_SECONDS,
    )
)
def test_conditions_come_back_from_their_url(filters: ListFilters) -> None:
    assert parse_list_url(filters.to_url()) == (filters, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("of", "messages"), ("waiting", "yes"), ("rating", "6"), ("priority", "highest"), ("bot", "'"),
        ("channel", "Api;"), ("response_over", "-1"), ("hour_of_week", "168"), ("sort", "random()"),
        ("with_label", "v\nip"), ("backlog", "open"), ("backlog", "resolved.2025-03-31"), ("backlog", "open.2025-3-31"),
    ],
)  # fmt: skip
def test_invalid_condition_is_reported_and_lists_nothing(lists: Lists, name: str, value: str) -> None:
    filters, ignored = parse_list_url({name: value})
    # Another order shows nothing else.
    assert (filters, ignored) == (ListFilters(is_unknown=name != "sort"), [name])
    assert parse_list_url(filters.to_url()) == (filters, [])
    assert (lists.total(f"?{urlencode({**PERIOD, **filters.to_url()})}") > 0) == (name == "sort")


_UNKNOWN_LISTS = {
    "account": "99", "inbox": "98,99", "team": "99", "agent": "1-20000", "label": "gone", "status": "closed",
    "attribute": "conversation.gone=1",
}  # fmt: skip


@pytest.mark.parametrize("parameter", _UNKNOWN_LISTS)
def test_filter_of_nothing_that_exists_shows_nothing(dashboard: Dashboard, parameter: str) -> None:
    app = dashboard.open("conversations", **PERIOD, **{parameter: _UNKNOWN_LISTS[parameter]})
    assert_no_errors(app)
    assert [warning.value for warning in app.warning if warning.value.startswith("Nothing is shown")]
    assert len(app.dataframe) == 0
    (chip,) = (button for button in app.button if (button.key or "").startswith("chip_"))
    app.run()  # the address is now the dashboard's own, and the notice stays
    assert [warning.value for warning in app.warning if warning.value.startswith("Nothing is shown")]
    chip.click().run()
    assert_no_errors(app)
    assert len(app.dataframe[0].value) == 25
    assert set(app.query_params) == {"from", "to", "lang"}


@pytest.mark.parametrize("page", ["overview", "live", "agents", "channels", "bots", "distribution", "comparison"])
def test_no_page_counts_what_an_unknown_filter_selects(dashboard: Dashboard, page: str) -> None:
    for parameter, value in {"agent": "999", "status": "closed", "label": "gone"}.items():
        app = dashboard.open(page, **PERIOD, **{parameter: value})
        assert_no_errors(app)
        assert "Nothing is shown" in texts(app)
        assert {value for value, _ in metrics(app).values()} <= {"0", "—"}
        cells = [row for rows in chart_rows(app) for row in rows if row.get("url")]
        assert cells == []


def test_condition_that_is_not_understood_has_a_chip(dashboard: Dashboard) -> None:
    for page in ("conversations", "satisfaction"):
        app = dashboard.open(page, **PERIOD, rating="6")
        assert_no_errors(app)
        assert "a condition in the address was not understood" in texts(app)
        assert len(app.dataframe) == 0
        assert app.query_params["unknown"] == "1"
        app.button(key="chip_is_unknown").click().run()
        assert len(app.dataframe) == 1
        assert set(app.query_params) == {"from", "to", "lang"}
