"""Every page, in both languages: with data, without, and while the database does not answer."""

from __future__ import annotations

import datetime

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard import state
from chatwoot_assets.dashboard.formats import LANGUAGES
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.partitions import ONE_DAY, today
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import FULL, RECENT, record_comparison, record_failure
from chatwoot_assets_tests.dashboard.opening import (
    LAST,
    PAGES,
    PERIOD,
    Dashboard,
    Row,
    assert_is_well,
    everything,
    metrics,
    words,
)
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.servers import free_port

PASSWORD = "correct-horse"  # noqa: S105  # of a server that is not there


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_data(dashboard: Dashboard, page: str, language: str) -> None:
    app = dashboard.open(page, language, **PERIOD)
    assert_is_well(app)
    assert app.header[0].value == translate(f"page_{page}", language)
    shown = len(app.dataframe) + len(app.get("arrow_vega_lite_chart")) + len(app.get("vega_lite_chart"))
    assert shown > 0
    zone = "America/Sao_Paulo"
    assert zone in words(app)
    assert ("12/03/2025" if language == "pt" else "2025-03-12") in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_period_without_conversations_says_so(dashboard: Dashboard, page: str, language: str) -> None:
    app = dashboard.open(page, language, **{"from": "2019-01-01", "to": "2019-01-07"})
    assert_is_well(app)
    if page != "health":
        key = "empty_ratings" if page == "satisfaction" else "empty_period"
        assert translate(key, language) in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_without_tables_a_page_names_the_command_that_loads(
    empty_dashboard: Dashboard, page: str, language: str
) -> None:
    app = empty_dashboard.open(page, language)
    assert_is_well(app)
    assert translate("empty_tables", language) in words(app)
    assert app.code[0].value == "chatwoot-assets backfill --from 2025-02-20"


def test_with_empty_tables_a_page_names_the_command_that_loads(empty_dashboard: Dashboard) -> None:
    migrate(Warehouse(url=empty_dashboard.url))
    app = empty_dashboard.open()
    assert_is_well(app)
    assert app.code[0].value == "chatwoot-assets backfill --from 2025-02-20"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_while_the_database_is_down_a_page_says_so_and_tells_no_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, page: str, language: str
) -> None:
    down = Dashboard(monkeypatch, f"postgresql://dashboard:{PASSWORD}@127.0.0.1:{free_port()}/analytics")
    app = down.open(page, language)
    assert [element.value for element in app.exception] == []
    assert [element.value for element in app.error] == [translate("error_unreachable", language)]
    assert app.code[0].value == "chatwoot-assets status"
    assert b"Traceback" not in everything(app)
    assert PASSWORD.encode() not in everything(app)
    assert PASSWORD not in caplog.text
    assert "refused" in caplog.text


def test_when_the_database_goes_down_the_last_data_stay(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "SECONDS_BETWEEN_LOOKS", 0)
    app = dashboard.open(**PERIOD)
    before = metrics(app)
    _end_sessions_and_refuse(dashboard.url, refuse=True)
    try:
        app.run()
        assert [element.value for element in app.exception] == []
        assert "still shown" in app.error[0].value
        assert metrics(app) == before
        app.selectbox(key="period").set_value("90d").run()
        assert translate("error_database", "en") in words(app)
    finally:
        _end_sessions_and_refuse(dashboard.url, refuse=False)
    monkeypatch.setattr(state, "SECONDS_AFTER_FAILURE", 0)
    app.session_state["period"] = "own"
    again = dashboard.open(**PERIOD)
    assert_is_well(again)
    assert metrics(again) == before


def _end_sessions_and_refuse(url: str, *, refuse: bool) -> None:
    """Make a database refuse everybody, as one that is down does, or let it answer again."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    admin = url.replace(f"/{name}?", "/postgres?")
    with psycopg.connect(admin, autocommit=True) as connection:
        statement = psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(statement.format(psycopg.sql.Identifier(str(name)), psycopg.sql.Literal(not refuse)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_a_refresh_is_seen_at_the_next_look(
    recent: Project, recent_dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "SECONDS_BETWEEN_LOOKS", 0)
    app = recent_dashboard.open(period="7d")
    before = int(metrics(app)["Begun"][0])
    date = today(recent.settings.reporting_timezone)
    with recent.writing() as writer:
        writer.conversation(f"{date - ONE_DAY} 12:30", id=500)
    recent.load(date - ONE_DAY, date)
    assert int(metrics(app.run())["Begun"][0]) == before + 1


def test_choices_survive_a_change_of_the_page_and_of_the_language(dashboard: Dashboard) -> None:
    app = dashboard.open(**PERIOD)
    inbox = app.multiselect(key="inboxes").options[0]
    app.multiselect(key="inboxes").select(inbox).run()
    app.multiselect(key="statuses").select("Open").run()
    chosen = dict(app.query_params)
    assert set(chosen) == {"from", "to", "inbox", "status", "lang"}
    app.query_params.clear()  # as a click on another page does
    app._page_hash = dashboard.open("channels", **PERIOD)._page_hash
    app.run()
    assert_is_well(app)
    assert app.header[0].value == "Channels and labels"
    assert app.query_params == chosen
    app.session_state["language"] = "pt"
    app.run()
    assert app.query_params == {**chosen, "lang": "pt"}
    assert app.multiselect(key="statuses").value == ["open"]
    assert app.header[0].value == "Canais e etiquetas"


def test_a_period_of_ones_own_is_chosen_by_its_dates(dashboard: Dashboard) -> None:
    app = dashboard.open(**PERIOD)
    app.selectbox(key="period").set_value("7d").run()
    assert app.query_params == {"period": "7d", "lang": "en"}
    app.selectbox(key="period").set_value("own").run()
    app.date_input(key="own").set_value((datetime.date(2025, 3, 1), LAST)).run()
    assert_is_well(app)
    assert app.query_params == {"from": "2025-03-01", "to": "2025-03-31", "lang": "en"}
    app.button[0].click().run()
    assert app.query_params == {"period": "7d", "lang": "en"}


@pytest.mark.parametrize(
    "url",
    [
        {"inbox": "1;DROP TABLE conversas_analytics--"},
        {"agent": "1) OR (1=1"},
        {"team": "{1}'::bigint[] OR true --"},
        {"status": "open'); DELETE FROM daily_summary; --"},
        {"from": "2025-03-01' OR '1'='1", "to": "2025-03-31"},
        {"period": "7d'; SELECT pg_sleep(10); --"},
        {"conversation": "1 OR 1=1"},
        {"page": "1; DROP TABLE partition_state"},
        {"account": "999999"},
        {"lang": "xx'\"<script>alert(1)</script>"},
    ],
)
@pytest.mark.parametrize("page", ["overview", "conversations"])
def test_a_url_cannot_do_harm(
    dashboard: Dashboard, sampled: Project, rows: list[Row], page: str, url: dict[str, str]
) -> None:
    app = dashboard.open(page, **{**({} if "period" in url else PERIOD), **url})
    assert_is_well(app)
    if not url.keys() & {"conversation", "page", "lang"}:
        assert "could not be understood" in words(app)
    for name, value in url.items():
        assert name == "to" or value not in words(app)
    with sampled.target() as connection:
        assert connection.execute("SELECT count(*) FROM conversas_analytics").fetchone() == (len(rows),)
        assert connection.execute("SELECT count(*) > 0 FROM daily_summary").fetchone() == (True,)


def test_stale_unknown_and_differing_data_are_told(recent: Project, recent_dashboard: Dashboard) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    date = today(recent.settings.reporting_timezone) - ONE_DAY
    yesterday = recent.day(date)
    long_ago = now - datetime.timedelta(hours=5)

    def said(page: str = "overview") -> AppTest:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(state, "SECONDS_BETWEEN_LOOKS", 0)
            return recent_dashboard.open(page, period="7d")

    with recent.target() as connection:
        connection.execute("UPDATE partition_state SET snapshot_at = %s", [long_ago - ONE_DAY])
    assert "never compared" in said().error[0].value
    with recent.target() as connection:
        record_comparison(connection, FULL, long_ago, [yesterday], [yesterday])
    assert "is not known" in said().warning[0].value
    with recent.target() as connection:
        record_comparison(connection, RECENT, now, [], [])
    assert str(date) in said().warning[0].value
    with recent.target() as connection:
        connection.execute("DELETE FROM differing_day")
        record_failure(connection, RECENT, "CHATWOOT_DATABASE_URL: connection refused")
        connection.execute("DELETE FROM partition_state WHERE conversation_date = %s", [date - ONE_DAY])
        summary = "UPDATE partition_state SET summarized_at = NULL WHERE conversation_date = %s"
        connection.execute(summary, [date - 2 * ONE_DAY])
        connection.execute(summary, [date - 3 * ONE_DAY])
        metrics = "UPDATE metric_state SET fingerprint = '' WHERE conversation_date = ANY(%s)"
        connection.execute(metrics, [[date, date - 3 * ONE_DAY]])
    app = said("health")
    assert_is_well(app)
    assert "earlier load" in app.warning[0].value
    assert "1 of the 7 days" in app.info[0].value
    assert "could not be compared since" in words(app)
    conditions = app.dataframe[0].value.set_index("conversation_date")["condition"]
    assert "their metrics are behind" in words(app)
    assert conditions.pop(date) == "metrics are behind"
    assert conditions.pop(date - ONE_DAY) == "not loaded"
    assert conditions.pop(date - 2 * ONE_DAY) == "summary is behind"
    assert conditions.pop(date - 3 * ONE_DAY) == "metrics are behind"  # of the load before, like the summary
    assert set(conditions) == {"equal to Chatwoot"}


def test_something_unexpected_is_told_without_its_rows(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Zulmira, +5511999990000")

    monkeypatch.setattr("chatwoot_assets.dashboard.pages.overview.summary", fail)
    app = dashboard.open(**PERIOD)
    assert [element.value for element in app.exception] == []
    assert [element.value for element in app.error] == [translate("error_unexpected", "en")]
    assert b"Zulmira" not in everything(app)
    assert "Zulmira" not in caplog.text
    assert "ValueError at" in caplog.text
