"""The list of conversations: its conditions, their chips and addresses, and what is found by a search."""

from __future__ import annotations

import datetime
import re
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.dashboard.list_filters import BOTS, PRIORITIES, RATINGS, SUBJECTS, ListFilters, parse_list_url
from chatwoot_assets_tests.dashboard.drilldown import Lists
from chatwoot_assets_tests.dashboard.opening import (
    DAYS,
    LAST,
    PERIOD,
    Dashboard,
    assert_no_errors,
    chart_rows,
    metrics,
    texts,
)
from chatwoot_assets_tests.dashboard.reference import Tables


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
    first, last = DAYS
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
