"""Every page in both languages: with data, without data, and while the database does not answer."""

from __future__ import annotations

import datetime

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard import status
from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.partitions import ONE_DAY, today
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import FULL, RECENT, record_comparison, record_failure
from chatwoot_assets_tests.dashboard.opening import (
    LAST,
    PAGES,
    PERIOD,
    TIMELESS_PAGES,
    Dashboard,
    Row,
    assert_no_errors,
    everything,
    metrics,
    texts,
)
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.servers import free_port

# What a page says without data, unless that is empty_period.
_EMPTY = {"satisfaction": "empty_ratings", "bots": "empty_bots", "campaigns": "empty_campaigns"}
PASSWORD = "correct-horse"  # noqa: S105  # for a server that does not exist


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_shows_its_data(dashboard: Dashboard, page: str, language: Language) -> None:
    app = dashboard.open(page, language, **PERIOD)
    assert_no_errors(app)
    assert app.header[0].value == translate(f"page_{page}", language)
    shown = len(app.dataframe) + len(app.get("arrow_vega_lite_chart")) + len(app.get("vega_lite_chart"))
    assert shown > 0
    zone = "America/Sao_Paulo"
    assert zone in texts(app)
    if page != "live":
        assert ("12/03/2025" if language == "pt" else "2025-03-12") in texts(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_says_that_a_period_has_no_conversations(dashboard: Dashboard, page: str, language: Language) -> None:
    app = dashboard.open(page, language, **{"from": "2019-01-01", "to": "2019-01-07"})
    assert_no_errors(app)
    if page not in TIMELESS_PAGES:
        key = _EMPTY.get(page, "empty_period")
        assert translate(key, language) in texts(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_names_the_command_that_loads_if_there_are_no_tables(
    empty_dashboard: Dashboard, page: str, language: Language
) -> None:
    app = empty_dashboard.open(page, language)
    assert_no_errors(app)
    assert translate("empty_tables", language) in texts(app)
    assert app.code[0].value == "chatwoot-assets backfill --from 2025-02-20"


def test_page_names_the_command_that_loads_if_tables_are_empty(empty_dashboard: Dashboard) -> None:
    migrate(Warehouse(url=empty_dashboard.url))
    app = empty_dashboard.open()
    assert_no_errors(app)
    assert app.code[0].value == "chatwoot-assets backfill --from 2025-02-20"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_says_that_the_database_is_down_and_shows_no_secret(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, page: str, language: Language
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


def test_last_data_stay_when_the_database_goes_down(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "REFRESH_SECONDS", 0)
    app = dashboard.open(**PERIOD)
    before = metrics(app)
    _set_reachable(dashboard.url, is_reachable=False)
    try:
        app.run()
        assert [element.value for element in app.exception] == []
        assert "still shown" in app.error[0].value
        assert metrics(app) == before
        app.selectbox(key="period").set_value("90d").run()
        assert translate("error_database", "en") in texts(app)
    finally:
        _set_reachable(dashboard.url, is_reachable=True)
    monkeypatch.setattr(status, "RETRY_SECONDS", 0)
    app.session_state["period"] = "custom"
    again = dashboard.open(**PERIOD)
    assert_no_errors(again)
    assert metrics(again) == before


def _set_reachable(url: str, *, is_reachable: bool) -> None:
    """Let a database accept connections again, or end them all and refuse new ones, as if it were down."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    admin = url.replace(f"/{name}?", "/postgres?")
    with psycopg.connect(admin, autocommit=True) as connection:
        statement = psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(statement.format(psycopg.sql.Identifier(str(name)), psycopg.sql.Literal(is_reachable)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_refresh_is_seen_when_the_status_is_read_again(
    recent: Project, recent_dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "REFRESH_SECONDS", 0)
    app = recent_dashboard.open(period="7d")
    before = int(metrics(app)["New"][0])
    date = today(recent.settings.reporting_timezone)
    with recent.writing() as writer:
        writer.conversation(f"{date - ONE_DAY} 12:30", id=500)
    recent.load(date - ONE_DAY, date)
    assert int(metrics(app.run())["New"][0]) == before + 1


def test_filters_survive_a_change_of_page_and_language(dashboard: Dashboard) -> None:
    app = dashboard.open(**PERIOD)
    inbox = app.multiselect(key="inboxes").options[0]
    app.multiselect(key="inboxes").select(inbox).run()
    app.multiselect(key="statuses").select("Open").run()
    url = dict(app.query_params)
    assert set(url) == {"from", "to", "inbox", "status", "lang"}
    app.query_params.clear()  # as a click on another page does
    app._page_hash = dashboard.open("channels", **PERIOD)._page_hash
    app.run()
    assert_no_errors(app)
    assert app.header[0].value == "Channels and labels"
    assert app.query_params == url
    app.session_state["language"] = "pt"
    app.run()
    assert app.query_params == {**url, "lang": "pt"}
    assert app.multiselect(key="statuses").value == ["open"]
    assert app.header[0].value == "Canais e etiquetas"


def test_tab_is_drawn_when_it_is_opened_and_stays_open(dashboard: Dashboard) -> None:
    app = dashboard.open("channels", **PERIOD)
    assert ["channel" in table.value.columns for table in app.dataframe] == [True, True]
    app.session_state["channels_tab"] = "Labels"
    app.run()
    assert_no_errors(app)
    labels = [table.value for table in app.dataframe]
    assert len(labels) == 2
    assert "vip" in set(labels[0]["name"])
    for page, language in (("overview", "en"), ("channels", "en"), ("channels", "pt")):
        app._page_hash = dashboard.open(page, language, **PERIOD)._page_hash
        app.session_state["language"] = language
        app.run()
        assert_no_errors(app)
    assert app.dataframe[0].value["conversations"].equals(labels[0]["conversations"])


def test_custom_period_is_selected_by_its_dates(dashboard: Dashboard) -> None:
    app = dashboard.open(**PERIOD)
    app.selectbox(key="period").set_value("7d").run()
    assert app.query_params == {"period": "7d", "lang": "en"}
    app.selectbox(key="period").set_value("custom").run()
    app.date_input(key="custom").set_value((datetime.date(2025, 3, 1), LAST)).run()
    assert_no_errors(app)
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
def test_url_cannot_do_harm(
    dashboard: Dashboard, sampled: Project, rows: list[Row], page: str, url: dict[str, str]
) -> None:
    app = dashboard.open(page, **{**({} if "period" in url else PERIOD), **url})
    assert_no_errors(app)
    if not url.keys() & {"conversation", "page", "lang"}:
        assert "were not understood" in texts(app)
    for name, value in url.items():
        assert name == "to" or value not in texts(app)
    with sampled.target() as connection:
        assert connection.execute("SELECT count(*) FROM conversas_analytics").fetchone() == (len(rows),)
        assert connection.execute("SELECT count(*) > 0 FROM daily_summary").fetchone() == (True,)


def test_stale_uncompared_and_differing_data_are_reported(recent: Project, recent_dashboard: Dashboard) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    date = today(recent.settings.reporting_timezone) - ONE_DAY
    yesterday = recent.day(date)
    long_ago = now - datetime.timedelta(hours=5)

    def open_page(page: str = "overview") -> AppTest:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(status, "REFRESH_SECONDS", 0)
            return recent_dashboard.open(page, period="7d")

    with recent.target() as connection:
        connection.execute("UPDATE partition_state SET snapshot_at = %s", [long_ago - ONE_DAY])
    assert "never been compared" in open_page().error[0].value
    with recent.target() as connection:
        record_comparison(connection, FULL, long_ago, [yesterday], [yesterday])
    assert "are not known" in open_page().warning[0].value
    with recent.target() as connection:
        record_comparison(connection, RECENT, now, [], [])
    assert str(date) in open_page().warning[0].value
    with recent.target() as connection:
        connection.execute("DELETE FROM differing_day")
        record_failure(connection, RECENT, "CHATWOOT_DATABASE_URL: connection refused")
        connection.execute("DELETE FROM partition_state WHERE conversation_date = %s", [date - ONE_DAY])
        lost = "UPDATE partition_state SET conversations_fingerprint = NULL WHERE conversation_date = %s"
        connection.execute(lost, [date])
        outdated = "UPDATE partition_state SET definition = NULL WHERE conversation_date = %s"
        connection.execute(outdated, [date - 2 * ONE_DAY])
    app = open_page("data_health")
    assert_no_errors(app)
    assert "out of date and have to be loaded again" in app.warning[0].value
    assert "1 of the 7 days" in app.info[0].value
    assert "the last scan failed" in texts(app)
    conditions = app.dataframe[0].value.set_index("conversation_date")["condition"]
    assert "The current numbers of days that have to be loaded again (2)" in texts(app)
    assert conditions.pop(date) == "out of date"
    assert conditions.pop(date - ONE_DAY) == "not loaded"
    assert conditions.pop(date - 2 * ONE_DAY) == "out of date"
    assert set(conditions) == {"matches Chatwoot"}


def test_unexpected_error_is_reported_without_its_rows(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Zulmira, +5511999990000")

    monkeypatch.setattr("chatwoot_assets.dashboard.pages.overview.summarize", fail)
    app = dashboard.open(**PERIOD)
    assert [element.value for element in app.exception] == []
    assert [element.value for element in app.error] == [translate("error_unexpected", "en")]
    assert b"Zulmira" not in everything(app)
    assert "Zulmira" not in caplog.text
    assert "ValueError at" in caplog.text


def test_saved_views_lead_to_their_pages_with_their_filters(dashboard: Dashboard) -> None:
    def views() -> dict[str, tuple[str, str]]:
        app = dashboard.open(**PERIOD)
        assert_no_errors(app)
        links = [link.proto for link in app.get("page_link") if not link.proto.label.startswith("Show")]
        return {link.label: (link.page, link.query_string) for link in links}

    assert views()["Last week"] == ("", "period=last_week&lang=en")
    assert len(views()) == 5
    dashboard.set(SAVED_VIEWS='{"Sales": "channels?inbox=1", "Old": "gone", "a@b.c": {"Mine": "live"}}')
    assert views() == {"Sales": ("channels", "inbox=1&lang=en")}


def test_captions_name_the_attribute_filter_and_why_the_backlog_is_unknown(dashboard: Dashboard) -> None:
    url = {**PERIOD, "attribute": "conversation.motivo=troca"}
    for page in ("bots", "distribution", "busy_hours"):
        assert "label and attributes do not apply to Chatwoot's numbers" in texts(dashboard.open(page, **url)), page
    app = dashboard.open(**url)
    assert metrics(app)["Open at the end"][0] == "—"
    assert "Open at the end is not known" in texts(app)
    assert "Open at the end is not known" not in texts(dashboard.open(**PERIOD))
