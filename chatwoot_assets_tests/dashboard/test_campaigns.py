"""Campaigns equal Chatwoot's tables; their numbers lead to deliveries, with contacts only where these are shown."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

import psycopg
import pytest
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard import tables
from chatwoot_assets.dashboard.delivery_filters import STATES, DeliveryFilters, parse_delivery_url
from chatwoot_assets.dashboard.filter_urls import PARAMETERS
from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.dashboard.list_filters import LIST_FILTER_PARAMETERS
from chatwoot_assets.dashboard.pages import campaigns
from chatwoot_assets.dashboard.tables import CellList, Column
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import (
    PERIOD,
    Dashboard,
    Row,
    assert_no_errors,
    everything,
    metrics,
    texts,
)
from chatwoot_assets_tests.project import Project

_OF_CHATWOOT = """
    SELECT
        c.title,
        count(r.id),
        count(*) FILTER (WHERE r.status IN (2, 3, 4, 5)),
        count(*) FILTER (WHERE r.status IN (3, 4)),
        count(*) FILTER (WHERE r.status = 4),
        count(*) FILTER (WHERE r.status = 5)
    FROM campaigns AS c
    LEFT JOIN campaign_recipients AS r ON r.campaign_id = c.id
    WHERE (c.started_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/Sao_Paulo')::date BETWEEN %(from)s AND %(to)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
        AND (%(account)s::bigint IS NULL OR c.account_id = %(account)s)
    GROUP BY c.id
    ORDER BY c.started_at DESC, c.id DESC
"""
_COUNTS = ["contacts", "sent", "delivered", "read", "failed"]
_ALL = {"from": "2025-02-20", "to": "2025-03-31"}
# The day of what the tests write themselves.
_DATE = datetime.date(2025, 3, 20)
_DAY = {"from": str(_DATE), "to": str(_DATE)}


def _of_chatwoot(
    sampled: Project, url: dict[str, str], inbox: int | None = None, account: int | None = None
) -> list[list[object]]:
    with psycopg.connect(sampled.source_url) as source:
        return [list(row) for row in source.execute(_OF_CHATWOOT, {**url, "inbox": inbox, "account": account})]


def _shown(app: AppTest) -> list[list[object]]:
    table = app.dataframe[0].value
    counts = table[_COUNTS].astype(int).to_numpy().tolist()
    return [[title, *row] for title, row in zip(table["campaign"], counts, strict=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_campaigns_of_the_period_equal_chatwoots_tables(
    dashboard: Dashboard, sampled: Project, language: Language
) -> None:
    for url in (PERIOD, _ALL):
        expected = _of_chatwoot(sampled, url)
        assert len(expected) > 1
        app = dashboard.open("campaigns", language, **url)
        assert_no_errors(app)
        total, *rows = _shown(app)
        assert rows == expected
        sums = [sum(column) for column in list(zip(*expected, strict=True))[1:]]
        assert total[1:] == sums
        table = app.dataframe[0].value
        assert table["read_share"][0] == pytest.approx(sums[3] / sums[1])
        assert table["failed_share"][0] == pytest.approx(sums[4] / sums[1])
        assert metrics(app)[translate("card_campaign_contacts", language)][0] == str(sums[0])
    assert len(_of_chatwoot(sampled, PERIOD)) < len(_of_chatwoot(sampled, _ALL))


def test_only_filters_of_account_and_inbox_apply_and_the_page_says_so(dashboard: Dashboard, sampled: Project) -> None:
    said = translate("campaigns_not_filtered", "en")
    (inbox,) = _one_inbox(sampled)
    app = dashboard.open("campaigns", **_ALL, inbox=str(inbox))
    assert _shown(app)[1:] == _of_chatwoot(sampled, _ALL, inbox) != _of_chatwoot(sampled, _ALL)
    assert said not in texts(app)
    filtered = dashboard.open("campaigns", **_ALL, inbox=str(inbox), agent="2", status="open", label="vip")
    assert _shown(filtered) == _shown(app)
    assert said in texts(filtered)
    other = dashboard.open("campaigns", **_ALL, account="2")
    assert_no_errors(other)
    assert _shown(other)[1:] == _of_chatwoot(sampled, _ALL, account=2) != []


def _one_inbox(sampled: Project) -> tuple[int]:
    with psycopg.connect(sampled.source_url) as source:
        row = source.execute("SELECT min(inbox_id) FROM campaigns").fetchone()
    assert row is not None
    return row


def test_error_codes_are_counted_with_their_share_of_failures(dashboard: Dashboard, sampled: Project) -> None:
    app = dashboard.open("campaigns", **_ALL)
    errors = app.dataframe[1].value
    failed = sum(row[5] for row in _of_chatwoot(sampled, _ALL))  # type: ignore[misc]  # numbers
    assert errors["error_code"].tolist() == ["131049"]
    assert errors["failed"].tolist() == [failed]
    assert errors["share_of_failed"].tolist() == [1.0]


def _count(app: AppTest) -> int:
    assert_no_errors(app)
    match = re.search(r"of \*\*([\d,]+)\*\*", texts(app))
    return int(match[1].replace(",", "")) if match else 0


def test_every_number_leads_to_its_deliveries(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[list[Row], list[Column], CellList]] = []

    def record(page: object, rows: list[Row], columns: list[Column], name: str, find: CellList) -> None:
        shown.append((rows, columns, find))
        tables.show_table(page, rows, columns, name, find)  # type: ignore[arg-type]  # the page that it was given

    monkeypatch.setattr(campaigns, "show_table", record)
    app = dashboard.open("campaigns", **PERIOD)
    assert_no_errors(app)
    counted = {"campaign": "contacts", "delivered_share": "delivered", "read_share": "read", "failed_share": "failed"}
    counted |= {"error_code": "failed", "share_of_failed": "failed"}
    totals: dict[str, int] = {}
    cells = 0
    for rows, columns, find in list(shown):
        for row in rows:
            for column in columns:
                parameters = find(row, column.key)
                if parameters is None:
                    assert column.key in ("account", "inbox", "began_at", "campaigns") or not row[column.key]
                    continue
                key = str(parameters)
                totals[key] = totals[key] if key in totals else _count(dashboard.open("campaigns", **parameters))
                assert totals[key] == row[counted.get(column.key, column.key)], (row, column.key)
                cells += 1
    assert cells > 15
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    cards = {label: query for label, query in links.items() if label.startswith("Show the deliveries: ")}
    assert len(cards) == 5
    for query in cards.values():
        assert _count(dashboard.open("campaigns", **dict(parse_qsl(query)))) > 0


def test_list_names_contacts_only_where_these_are_shown(dashboard: Dashboard, sampled: Project) -> None:
    url = {**PERIOD, "deliveries": "failed"}
    app = dashboard.open("campaigns", **url)
    assert_no_errors(app)
    table = app.dataframe[0].value
    with sampled.target() as connection:
        names = {
            name
            for (name,) in connection.execute(
                "SELECT contact_name FROM conversas_analytics WHERE contact_id IN"
                " (SELECT contact_id FROM campaign_deliveries WHERE delivery_status = 'failed')"
            )
        }
    assert {*table["contact_name"]} <= names
    assert all("conversation=" in link for link in table["link"])
    assert {*table["delivery_status"]} == {"Failed"}
    assert not {"deliveries"} & ({*PARAMETERS} | {*LIST_FILTER_PARAMETERS.values()})
    dashboard.set(DASHBOARD_CONVERSATIONS="off")
    app = dashboard.open("campaigns", **url)
    assert_no_errors(app)
    hidden = app.dataframe[0].value
    assert len(hidden) == len(table)
    assert not {"contact_name", "link"} & {*hidden.columns}
    sent = everything(app)
    assert [name for name in names if name and len(name) > 8 and name.encode() in sent] == []
    # The numbers lead to their lists nevertheless.
    assert translate("table_hint", "en") in texts(dashboard.open("campaigns", **PERIOD))


def test_contact_without_a_conversation_is_named_by_number(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    _add_campaign(project, 1, f"{_DATE} 15:00", contact_id=77, status=1)
    _load(project)
    dashboard = Dashboard(monkeypatch, project.target_url, _DATE)
    app = dashboard.open("campaigns", **_DAY, deliveries="all")
    assert_no_errors(app)
    assert app.dataframe[0].value["contact_name"].tolist() == ["No. 77"]
    assert app.dataframe[0].value["delivery_status"].tolist() == ["Skipped"]


def test_campaign_without_recorded_deliveries_has_no_numbers(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    _add_campaign(project, 1, f"{_DATE} 15:00", contact_id=77, status=4)
    _add_campaign(project, 2, None, contact_id=None)
    _load(project)
    app = Dashboard(monkeypatch, project.target_url, _DATE).open("campaigns", **_DAY)
    assert_no_errors(app)
    table = app.dataframe[0].value
    assert table["contacts"].isna().tolist() == [False, True, False]
    assert table["read"].dropna().tolist() == [1, 1]
    assert translate("campaigns_not_recorded", "en") in texts(app)


def test_deliveries_that_change_are_seen_although_no_day_is_loaded(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add_campaign(project, 1, f"{_DATE} 15:00", contact_id=77, status=2)
    _load(project)
    dashboard = Dashboard(monkeypatch, project.target_url, _DATE)
    assert dashboard.open("campaigns", **_DAY).dataframe[0].value["read"].tolist() == [0, 0]
    with project.source() as connection:
        connection.execute("UPDATE campaign_recipients SET status = 4, updated_at = updated_at + interval '1 min'")
    project.load_campaigns()
    assert dashboard.open("campaigns", **_DAY).dataframe[0].value["read"].tolist() == [1, 1]


def test_page_exists_only_where_campaigns_were_sent_to_contacts(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add_campaign(project, 1, None, contact_id=None, campaign_type=0)
    _load(project)
    dashboard = Dashboard(monkeypatch, project.target_url, _DATE)
    assert [header.value for header in dashboard.open("campaigns", **_DAY).header] == ["Overview"]
    _add_campaign(project, 2, None, contact_id=None)
    project.load_campaigns()
    clear_caches()
    assert [header.value for header in dashboard.open("campaigns", **_DAY).header] == ["Campaigns"]


def _load(project: Project) -> None:
    """Load a day of one conversation, and the campaigns."""
    with project.writing() as writer:
        writer.conversation(f"{_DATE} 12:00")
    project.load(_DATE)
    project.load_campaigns()


def _add_campaign(
    project: Project,
    id_: int,
    started_at: str | None,
    *,
    contact_id: int | None,
    status: int = 2,
    campaign_type: int = 1,
) -> None:
    at = f"{_DATE} 15:00"
    with project.source() as connection:
        connection.execute(
            "INSERT INTO campaigns (id, display_id, title, message, account_id, inbox_id, campaign_type,"
            " campaign_status, scheduled_at, started_at, created_at, updated_at)"
            " VALUES (%s, %s, 'Oferta', 'Oi', 1, 10, %s, 1, %s, %s, %s, %s)",
            [id_, id_, campaign_type, at, started_at, at, at],
        )
        if contact_id is not None:
            connection.execute(
                "INSERT INTO campaign_recipients (id, account_id, campaign_id, contact_id, inbox_id, status, sent_at,"
                " created_at, updated_at) VALUES (%s, 1, %s, %s, 10, %s, %s, %s, %s)",
                [id_, id_, contact_id, status, at, at, at],
            )


@pytest.mark.parametrize("state", STATES)
def test_conditions_of_deliveries_come_back_from_their_url(state: str) -> None:
    for filters in (DeliveryFilters(state), DeliveryFilters(state, 7, "131049")):
        assert parse_delivery_url(filters.to_url()) == filters


@pytest.mark.parametrize("url", [{"deliveries": "opened"}, {"deliveries": "read", "campaign": "1; DROP TABLE x"},
                                 {"deliveries": "failed", "error_code": "1\n2"}], ids=str)  # fmt: skip
def test_conditions_that_are_not_understood_list_nothing(dashboard: Dashboard, url: dict[str, str]) -> None:
    app = dashboard.open("campaigns", **PERIOD, **url)
    assert_no_errors(app)
    assert translate("unknown_deliveries", "en") in texts(app)
    assert len(app.dataframe) == 0
    app.button(key="back_to_campaigns").click().run()
    assert len(app.dataframe) > 0
    assert "deliveries" not in app.query_params


@pytest.fixture(autouse=True)
def caches_are_cleared() -> Iterator[None]:
    """Leave no connection to a database that other tests copy."""
    yield
    clear_caches()
