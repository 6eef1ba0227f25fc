"""The dashboard of a wide and long installation: names stay apart, no filter is lost, and years are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg import sql
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard.filter_urls import format_url, parse_url
from chatwoot_assets.dashboard.filters import LIST_PARAMETERS, Filters, Period
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard import wide
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import Dashboard, chart_rows, everything, texts, time_labels

_VISIBLE = 26  # characters of an option in the filter bar
_LAST_DAY = {"from": str(wide.LAST), "to": str(wide.LAST)}


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    """The URL of the wide warehouse. Tests must not write to it."""
    url = postgres.new_database()
    wide.fill(url)
    return url


@pytest.fixture
def dashboard(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """The dashboard on the wide warehouse."""
    yield Dashboard(monkeypatch, url, wide.FIRST)
    clear_caches()


def _open(dashboard: Dashboard, page: str, **url: str) -> AppTest:
    app = dashboard.open(page, "en", **url)
    assert [element.value for element in app.exception] == []
    return app


def _options(app: AppTest) -> dict[str, list[str]]:
    """Return the options of each list of the filter bar."""
    return {str(widget.key): widget.options for widget in app.multiselect if widget.key in LIST_PARAMETERS}


def test_every_option_of_a_filter_can_be_told_from_the_others(dashboard: Dashboard) -> None:
    options = _options(_open(dashboard, "conversations", **_LAST_DAY))
    counts = {name: len(texts) for name, texts in options.items() if name != "statuses"}
    assert counts == {
        "accounts": wide.ACCOUNTS, "inboxes": wide.INBOXES, "teams": wide.TEAMS + 1, "agents": wide.AGENTS + 1,
        "labels": wide.LABELS, "attributes": wide.ATTRIBUTES,
    }  # fmt: skip
    for name, shown in options.items():
        assert len({text[:_VISIBLE] for text in shown}) == len(shown), name
    unnamed = options["agents"][-wide.UNNAMED :]
    assert all(text.startswith("Agent ") for text in unnamed)
    assert not any(text.startswith("Agent ") for text in options["agents"][: -wide.UNNAMED])


def test_account_narrows_the_other_filters(dashboard: Dashboard, url: str) -> None:
    options = _options(_open(dashboard, "conversations", **_LAST_DAY, account="3"))
    with psycopg.connect(url) as connection:
        counts = connection.execute(
            "SELECT count(DISTINCT inbox_id), count(DISTINCT team_id) + 1, count(DISTINCT assignee_id) + 1,"
            " count(DISTINCT labels) FROM conversation_facts WHERE account_id = 3"
        ).fetchone()
    assert tuple(len(options[name]) for name in ("inboxes", "teams", "agents", "labels")) == counts
    assert len(options["accounts"]) == wide.ACCOUNTS


def test_bars_of_groups_differ_and_lists_say_what_they_leave_out(dashboard: Dashboard) -> None:
    for page, groups in (("agents", wide.AGENTS), ("channels", wide.LABELS)):
        tabs = dashboard.open_tabs(page, "en", **wide.TEN_YEARS)
        assert [element.value for app in tabs for element in app.exception] == []
        charts = [rows for app in tabs for rows in chart_rows(app)]
        shown = [[row["shown"] for row in rows] for rows in charts if rows and "shown" in rows[0]]
        assert len(shown) > 1
        assert all(len({*labels}) == len(labels) for labels in shown)
        # On a phone a list replaces the table.
        assert f"The first 200 of {groups + 1} rows.".encode() in b"".join(map(everything, tabs))


def test_names_on_a_television_differ(dashboard: Dashboard) -> None:
    sent = everything(_open(dashboard, "live", wall="1")).decode(errors="replace")
    names = re.findall(r'<td title="([^"]+)">([^<]+)</td>', sent)
    assert len(names) == len({*names}) == len({shown for _, shown in names}) == 24
    assert all(len(shown) <= 22 for _, shown in names)


def _everything_selected(url: str) -> Filters:
    """Return filters that select all that there is, one by one."""
    values: dict[str, Any] = {}
    with psycopg.connect(url) as connection:
        for name, expression in {
            "accounts": "account_id", "inboxes": "inbox_id", "teams": "team_id", "agents": "assignee_id",
            "labels": "labels[1]",
        }.items():  # fmt: skip
            query = sql.SQL("SELECT DISTINCT {} FROM conversation_facts ORDER BY 1").format(sql.SQL(expression))
            rows = connection.execute(query)
            values[name] = tuple(value for (value,) in rows)
        rows = connection.execute("SELECT DISTINCT custom_attributes->>'motivo' FROM conversas_analytics ORDER BY 1")
        values["attributes"] = tuple(f"conversation.motivo={value}" for (value,) in rows)
    return Filters(preset=None, custom=Period(wide.FIRST, wide.LAST), **values)


def test_everything_selected_one_by_one_survives_its_url(dashboard: Dashboard, url: str) -> None:
    filters = _everything_selected(url)
    assert (len(filters.agents), len(filters.labels)) == (wide.AGENTS, wide.LABELS)
    parameters = format_url(filters)
    assert parse_url(parameters) == (filters, [])
    assert len(urlencode(parameters)) < 8_000
    app = _open(dashboard, "conversations", **parameters)
    assert f"of **{wide.CONVERSATIONS:,}**" in texts(app)
    assert {name: value for name, value in app.query_params.items() if name in parameters} == parameters


def test_filter_of_more_than_200_agents_filters(dashboard: Dashboard, url: str) -> None:
    agents = _everything_selected(url).agents[:250]
    with psycopg.connect(url) as connection:
        (total,) = connection.execute(
            "SELECT count(*) FROM conversation_facts WHERE assignee_id = ANY(%s)", [[*agents]]
        ).fetchone() or (0,)
    assert 0 < total < wide.CONVERSATIONS
    parameters = format_url(Filters(preset=None, custom=Period(wide.FIRST, wide.LAST), agents=agents))
    assert len(urlencode(parameters)) < 2_000
    app = _open(dashboard, "conversations", **parameters)
    assert f"of **{total:,}**" in texts(app)
    assert "Agents: 242 more" in [button.label for button in app.button]


@pytest.mark.parametrize("page", ["overview", "data_health"])
def test_axes_of_ten_years_name_the_year(dashboard: Dashboard, page: str) -> None:
    labels = time_labels(_open(dashboard, page, **wide.TEN_YEARS))
    assert labels
    assert all("split(datum.value, '-')[0]" in label for label in labels)


def test_strip_of_ten_years_has_a_cell_per_month(dashboard: Dashboard) -> None:
    app = _open(dashboard, "data_health", **wide.TEN_YEARS)
    (cells,) = chart_rows(app)
    assert len(cells) == 120
    assert "Each cell is a month" in texts(app)
    assert (cells[1]["start"], cells[1]["days"]) == ("2015-05-01", "31 / 31")
    assert "from=2015-05-01&to=2015-05-31" in cells[1]["url"]


def test_all_starts_on_the_first_loaded_day(dashboard: Dashboard) -> None:
    assert f"{wide.FIRST} to " in texts(_open(dashboard, "satisfaction", period="all"))


def test_tables_of_several_accounts_name_them(dashboard: Dashboard) -> None:
    for page, tables in (("live", 3), ("channels", 1)):
        for url, is_named in (({}, True), ({"account": "3"}, False)):
            shown = [frame.value for frame in _open(dashboard, page, **wide.TEN_YEARS, **url).dataframe]
            named = [frame for frame in shown if "account" in frame.columns]
            assert (len(named) >= tables) == is_named, page
            assert all("filial" in name for frame in named for name in frame["account"].dropna())
