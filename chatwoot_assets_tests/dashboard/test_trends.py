"""The trend of a row adds up to the row's numbers, is named in the URL, and each point leads to what it counts."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.rows import dict_row

from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets_tests.dashboard.drilldown import Lists
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, Row, assert_no_errors, chart_rows
from chatwoot_assets_tests.project import Project

# Each table: its page, the name of a row in a URL, and the row's key.
_TABLES: dict[str, tuple[str, str, int | str]] = {
    "agents": ("agents", "agent.2", 2),
    "teams": ("agents", "team.2", 2),
    "inboxes": ("channels", "inbox.2", 2),
    "labels": ("channels", "label.urgente", "urgente"),
    "attributes": ("channels", "attribute.conversation.motivo=troca", "troca"),
}
_FILTERS = [{}, {"label": "vip,urgente", "agent": "2,3,0"}]


def _points(rows: list[list[Row]]) -> list[Row]:
    """Return the rows of the trend, which is the only line chart of its page."""
    (found,) = [values for values in rows if values and "width" in values[0]]
    return found


@pytest.mark.parametrize("url", _FILTERS, ids=str)
@pytest.mark.parametrize("name", _TABLES)
def test_trend_adds_up_to_its_row(sampled: Project, dashboard: Dashboard, name: str, url: dict[str, str]) -> None:
    page, trend, key = _TABLES[name]
    if name == "attributes":  # few conversations have one
        url = {"status": "resolved"} if url else {}
    app = dashboard.open(page, **PERIOD, **url, trend=trend)
    assert_no_errors(app)
    chosen = app.selectbox(key=f"trend_{name}").value
    assert chosen == key
    connection = psycopg.connect(sampled.target_url, row_factory=dict_row, autocommit=True)
    lists = Lists(connection)
    for measure in ("conversations", "replies"):
        app.segmented_control(key=f"trend_{name}_measure").set_value(measure).run()
        assert_no_errors(app)
        points = _points(chart_rows(app))
        assert len(points) == 20
        table = app.dataframe[0].value.set_index("name")
        assert sum(point["value"] for point in points) == table.loc[points[0]["series"], measure] > 0
        for point in points:
            assert (lists.total(point["url"]) if point["url"] else 0) == point["value"]
    app.segmented_control(key=f"trend_{name}_measure").set_value("first_response_median").run()
    assert_no_errors(app)
    assert any(point["value"] for point in _points(chart_rows(app)))
    connection.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_without_a_label_or_value_have_a_trend(sampled: Project, dashboard: Dashboard, language: Language) -> None:
    with psycopg.connect(sampled.target_url, row_factory=dict_row, autocommit=True) as connection:
        lists = Lists(connection)
        for name, trend in (("labels", "label."), ("attributes", "attribute.conversation.motivo=")):
            app = dashboard.open("channels", language, **PERIOD, trend=trend)
            assert_no_errors(app)
            assert not app.selectbox(key=f"trend_{name}").value
            points = _points(chart_rows(app))
            assert points[0]["series"] == translate("no_label" if name == "labels" else "no_value", language)
            assert [lists.total(point["url"]) for point in points] == [point["value"] for point in points]


def test_open_now_of_labels_counts_a_conversation_once_in_the_total(sampled: Project, dashboard: Dashboard) -> None:
    apps = dashboard.open_tabs("channels", **PERIOD)
    with psycopg.connect(sampled.target_url) as connection:
        (counted,) = connection.execute("SELECT count(*) FROM conversation_facts WHERE status = 'open'").fetchall()
    for position, app in enumerate(apps):
        open_now = app.dataframe[0].value["open_now"].fillna(0)
        assert open_now[0] == counted[0]
        assert sum(open_now[1:]) == counted[0] if position != 1 else sum(open_now[1:]) > counted[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_chosen_row_is_in_the_url(dashboard: Dashboard, language: Language) -> None:
    app = dashboard.open("agents", language, **PERIOD, trend="agent.999999")
    assert_no_errors(app)
    assert app.selectbox(key="trend_agents").value is None
    assert app.selectbox(key="trend_agents").label == translate("trend", language)
    app.session_state["agents_tab"] = translate("filter_teams", language)
    app.run()
    app.selectbox(key="trend_teams").set_value(0).run()
    assert_no_errors(app)
    assert dict(app.query_params)["trend"] == "team.0"
    assert _points(chart_rows(app))[0]["series"] == translate("no_team", language)
    app.session_state["agents_tab"] = translate("filter_agents", language)
    app.run()
    assert app.selectbox(key="trend_agents").value is None  # one row of a page at a time
    app.selectbox(key="trend_agents").set_value(2).run()
    assert dict(app.query_params)["trend"] == "agent.2"
    app.selectbox(key="trend_agents").set_value(None).run()
    assert "trend" not in app.query_params
