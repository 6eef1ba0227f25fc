"""The trend of a row adds up to the row's numbers, is named in the URL, and each point leads to what it counts."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.rows import dict_row

from chatwoot_assets.dashboard.formats import LANGUAGES
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, Row, assert_no_errors, chart_rows
from chatwoot_assets_tests.dashboard.test_drilldown import Lists
from chatwoot_assets_tests.project import Project

# Each table: its page, its position on it, and the name of its rows in a URL.
_TABLES = {"agents": ("agents", 0, "agent"), "teams": ("agents", 1, "team"), "inboxes": ("channels", 0, "inbox")}
_FILTERS = [{}, {"label": "vip,urgente", "agent": "2,3,0"}]


def _points(rows: list[list[Row]]) -> list[Row]:
    """Return the rows of the trend, which is the only line chart of its page."""
    (found,) = [values for values in rows if values and "width" in values[0]]
    return found


@pytest.mark.parametrize("url", _FILTERS, ids=str)
@pytest.mark.parametrize("name", _TABLES)
def test_trend_adds_up_to_its_row(sampled: Project, dashboard: Dashboard, name: str, url: dict[str, str]) -> None:
    page, position, parameter = _TABLES[name]
    app = dashboard.open(page, **PERIOD, **url, trend=f"{parameter}.2")
    assert_no_errors(app)
    chosen = app.selectbox(key=f"trend_{name}").value
    assert chosen == 2
    connection = psycopg.connect(sampled.target_url, row_factory=dict_row, autocommit=True)
    lists = Lists(connection)
    for measure in ("conversations", "replies"):
        app.segmented_control(key=f"trend_{name}_measure").set_value(measure).run()
        assert_no_errors(app)
        points = _points(chart_rows(app))
        assert len(points) == 20
        table = app.dataframe[position].value.set_index("name")
        assert sum(point["value"] for point in points) == table.loc[points[0]["series"], measure] > 0
        for point in points:
            assert (lists.total(point["url"]) if point["url"] else 0) == point["value"]
    app.segmented_control(key=f"trend_{name}_measure").set_value("first_response_median").run()
    assert_no_errors(app)
    assert any(point["value"] for point in _points(chart_rows(app)))
    connection.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_chosen_row_is_in_the_url(dashboard: Dashboard, language: str) -> None:
    app = dashboard.open("agents", language, **PERIOD, trend="agent.999999")
    assert_no_errors(app)
    assert app.selectbox(key="trend_agents").value is None
    assert app.selectbox(key="trend_agents").label == translate("trend", language)
    app.selectbox(key="trend_teams").set_value(0).run()
    assert_no_errors(app)
    assert dict(app.query_params)["trend"] == "team.0"
    assert _points(chart_rows(app))[0]["series"] == translate("no_team", language)
    app.selectbox(key="trend_agents").set_value(2).run()  # one row of a page at a time
    assert dict(app.query_params)["trend"] == "agent.2"
    assert app.selectbox(key="trend_teams").value is None
    app.selectbox(key="trend_agents").set_value(None).run()
    assert "trend" not in app.query_params
