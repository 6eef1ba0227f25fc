"""Campaigns and their deliveries: what is read, replaced and removed, on releases with and without them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.campaigns import REFRESH_CAMPAIGNS
from chatwoot_assets.erasure.databases import find_in_chatwoot, find_in_tables
from chatwoot_assets.erasure.subject import Found, Subject
from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import Progress
from chatwoot_assets.refresh import campaigns as module
from chatwoot_assets.refresh.campaigns import RefreshedCampaigns, has_deliveries, refresh_campaigns
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.source.schema_versions import change_tables, create_tables, insert

OPTIONS = ViewOptions("chatwoot_analytics", "UTC")
NOW = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
OLD = NOW - datetime.timedelta(days=90)


@pytest.fixture
def source(postgres: Postgres) -> Iterator[psycopg.Connection]:
    """Chatwoot 4.18 with a recent campaign and one of 90 days ago, three deliveries each."""
    with psycopg.connect(postgres.new_database(), autocommit=True) as connection:
        create_tables(connection, "4.18.0")
        for campaign, at in ((1, NOW - datetime.timedelta(hours=1)), (2, OLD)):
            add_campaign(connection, campaign, started_at=at)
            for number in range(3):
                add_delivery(connection, 10 * campaign + number, campaign, updated_at=at)
        create_views(connection, OPTIONS)
        yield connection


@pytest.fixture
def warehouse(postgres: Postgres) -> Warehouse:
    return Warehouse(url=postgres.new_database())


def add_campaign(connection: psycopg.Connection, id_: int, **values: object) -> None:
    row = {"account_id": 1, "inbox_id": 5, "title": f"Oferta {id_}", "campaign_type": 1, "campaign_status": 1}
    insert(connection, "campaigns", id=id_, created_at=OLD, **{**row, **values})


def add_delivery(connection: psycopg.Connection, id_: int, campaign: int, **values: object) -> None:
    row = {"account_id": 1, "inbox_id": 5, "contact_id": id_, "status": 3, "sent_at": NOW, "created_at": NOW}
    insert(connection, "campaign_recipients", id=id_, campaign_id=campaign, **{"updated_at": NOW, **row, **values})


def database(connection: psycopg.Connection, **values: Any) -> ChatwootDatabase:  # noqa: ANN401 (fields of any type)
    info = connection.info
    return ChatwootDatabase(url=f"postgresql://{info.user}@/{info.dbname}?host={info.host}&port={info.port}", **values)


def refresh(source: psycopg.Connection, warehouse: Warehouse, *, compare_all: bool = False) -> RefreshedCampaigns:
    return refresh_campaigns(database(source), warehouse, lambda _: None, compare_all=compare_all)


def stored(
    warehouse: Warehouse, columns: tuple[str, ...] = ("delivery_id", "campaign_id", "delivery_status")
) -> list[tuple[Any, ...]]:
    with warehouse.connect() as connection:
        query = sql.SQL("SELECT {} FROM campaign_deliveries ORDER BY delivery_id")
        return connection.execute(query.format(sql.SQL(", ").join(map(sql.Identifier, columns)))).fetchall()


def titles(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    with warehouse.connect() as connection:
        return connection.execute("SELECT campaign_id, title, deliveries FROM campaigns ORDER BY 1").fetchall()


def test_campaigns_and_deliveries_are_loaded_and_then_equal(source: psycopg.Connection, warehouse: Warehouse) -> None:
    assert refresh(source, warehouse) == RefreshedCampaigns(2, 2, 6, 0)
    assert titles(warehouse) == [(1, "Oferta 1", 3), (2, "Oferta 2", 3)]
    assert stored(warehouse) == [(10 * n + m, n, "delivered") for n in (1, 2) for m in range(3)]
    for compare_all in (False, True):
        assert refresh(source, warehouse, compare_all=compare_all) == RefreshedCampaigns(2, 0, 0, 0)


def test_a_changed_delivery_is_read_with_its_campaign_only(source: psycopg.Connection, warehouse: Warehouse) -> None:
    refresh(source, warehouse)
    source.execute("UPDATE campaign_recipients SET status = 4, read_at = now(), updated_at = now() WHERE id = 11")
    assert refresh(source, warehouse) == RefreshedCampaigns(2, 1, 3, 0)
    assert [status for _, _, status in stored(warehouse)] == ["delivered", "read", *["delivered"] * 4]


def test_an_old_campaign_is_compared_at_night_only(source: psycopg.Connection, warehouse: Warehouse) -> None:
    refresh(source, warehouse)
    source.execute("DELETE FROM campaign_recipients WHERE id = 20")
    assert refresh(source, warehouse).read == 0
    assert refresh(source, warehouse, compare_all=True) == RefreshedCampaigns(2, 1, 2, 0)
    assert [id_ for id_, _, _ in stored(warehouse)] == [10, 11, 12, 21, 22]


def test_a_campaign_that_is_not_completed_is_compared_however_old(
    source: psycopg.Connection, warehouse: Warehouse
) -> None:
    source.execute("UPDATE campaigns SET campaign_status = 2 WHERE id = 2")
    refresh(source, warehouse)
    add_delivery(source, 23, 2)
    assert refresh(source, warehouse) == RefreshedCampaigns(2, 1, 4, 0)


def test_what_chatwoot_no_longer_has_is_removed(source: psycopg.Connection, warehouse: Warehouse) -> None:
    refresh(source, warehouse)
    source.execute("DELETE FROM campaign_recipients WHERE campaign_id = 1")
    source.execute("DELETE FROM campaigns WHERE id = 1")
    source.execute("UPDATE campaigns SET title = 'Natal' WHERE id = 2")
    assert refresh(source, warehouse) == RefreshedCampaigns(1, 0, 0, 1)
    assert titles(warehouse) == [(2, "Natal", 3)]
    assert [id_ for id_, _, _ in stored(warehouse)] == [20, 21, 22]


def test_only_campaigns_that_differ_are_written(source: psycopg.Connection, warehouse: Warehouse) -> None:
    def versions() -> dict[int, str]:
        with warehouse.connect() as connection:
            # xmax is not 0 if a statement locked the row.
            rows = connection.execute("SELECT campaign_id, xmin::text || ' ' || xmax::text FROM campaigns").fetchall()
        return dict(rows)

    add_campaign(source, 3)
    refresh(source, warehouse)
    before = versions()
    assert refresh(source, warehouse, compare_all=True).campaigns == 3
    assert versions() == before
    source.execute("UPDATE campaigns SET title = 'Natal', scheduled_at = '0001-02-03 04:05:06.000007' WHERE id > 1")
    refresh(source, warehouse)
    after = versions()
    assert {id_ for id_ in after if after[id_] != before[id_]} == {2, 3}
    assert after[2] == after[3]  # One statement.
    assert titles(warehouse) == [(1, "Oferta 1", 3), (2, "Natal", 3), (3, "Natal", 0)]
    with warehouse.connect() as connection:
        query = "SELECT scheduled_at AT TIME ZONE 'UTC' FROM campaigns WHERE campaign_id = 2"
        assert connection.execute(query).fetchall() == [(datetime.datetime(1, 2, 3, 4, 5, 6, 7),)]  # noqa: DTZ001 (UTC)


def test_deliveries_of_an_erased_contact_are_found_until_removed(
    source: psycopg.Connection, warehouse: Warehouse
) -> None:
    refresh(source, warehouse)
    contact, found = Subject("contact", 20), [Found("campaign deliveries", {NOW.date().isoformat(): 1})]

    def find() -> tuple[list[Found], list[Found]]:
        with snapshot(database(source)) as read, warehouse.connect() as connection:
            return (
                find_in_chatwoot(read, OPTIONS.schema, contact),
                find_in_tables(connection, contact, lambda _: None),
            )

    assert find() == (found, found)
    source.execute("DELETE FROM campaign_recipients WHERE contact_id = 20")
    assert find() == ([], found)
    refresh(source, warehouse, compare_all=True)
    assert find() == ([], [])


def test_every_status_and_odd_values_are_kept(source: psycopg.Connection, warehouse: Warehouse) -> None:
    source.execute("DELETE FROM campaign_recipients")
    for status in (*range(6), 9):
        add_delivery(source, status, 1, status=status)
    add_delivery(source, 7, 2, sent_at="20000-01-01", read_at="-infinity", status=5, error_code="131049")
    refresh(source, warehouse)
    statuses = ["queued", "skipped", "sent", "delivered", "read", "failed", "failed", "unknown(9)"]
    assert [status for _, _, status in stored(warehouse)] == statuses
    assert stored(warehouse, ("delivery_id", "sent_at", "read_at", "error_code"))[-2] == (7, None, None, "131049")


def test_deliveries_are_read_in_batches(
    source: psycopg.Connection, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROWS_PER_BATCH", 2)
    monkeypatch.setattr(module, "_CAMPAIGNS_PER_QUERY", 1)
    reports: list[Progress] = []
    refreshed = refresh_campaigns(database(source), warehouse, reports.append)
    assert refreshed == RefreshedCampaigns(2, 2, 6, 0)
    assert [(report.done, report.total, report.rows) for report in reports] == [(1, 2, 3), (2, 2, 6)]
    assert len(stored(warehouse)) == 6


@pytest.mark.parametrize("fails_at", range(1, 5))
def test_a_refresh_that_is_interrupted_is_made_right_by_the_next(
    source: psycopg.Connection, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    refresh(source, warehouse)
    before = stored(warehouse)
    source.execute("UPDATE campaign_recipients SET status = 5, updated_at = now()")
    source.execute("UPDATE campaigns SET started_at = now()")
    read, queries = Snapshot.read, 0

    def read_or_fail(self: Snapshot, query: sql.Composable, **options: bool) -> pl.DataFrame:
        nonlocal queries
        queries += "vw_campaign_deliveries" in query.as_string()
        if queries == fails_at:
            raise SourceError("the connection is lost")
        return read(self, query, **options)

    monkeypatch.setattr(module, "_ROWS_PER_BATCH", 2)
    monkeypatch.setattr(Snapshot, "read", read_or_fail)
    with pytest.raises(SourceError):
        refresh(source, warehouse)
    # Each campaign is as it was, or as it is.
    after = stored(warehouse)
    for campaign in (1, 2):
        rows = [row for row in after if row[1] == campaign]
        assert rows in (
            [row for row in before if row[1] == campaign],
            [(id_, campaign, "failed") for id_ in range(10 * campaign, 10 * campaign + 3)],
        )
    monkeypatch.undo()
    refresh(source, warehouse)
    assert {status for _, _, status in stored(warehouse)} == {"failed"}
    assert refresh(source, warehouse).read == 0


@pytest.mark.parametrize("is_inline", [False, True])
def test_an_upgrade_of_chatwoot_brings_the_deliveries(
    postgres: Postgres, warehouse: Warehouse, is_inline: bool
) -> None:
    values = {"inline_timezone": "UTC"} if is_inline else {}
    with psycopg.connect(postgres.new_database(), autocommit=True) as connection:
        create_tables(connection, "4.16.2")
        add_campaign(connection, 1)
        if not is_inline:
            create_views(connection, OPTIONS)
        chatwoot = database(connection, **values)
        with snapshot(chatwoot) as read:
            assert not has_deliveries(read)
        assert refresh_campaigns(chatwoot, warehouse, lambda _: None) == RefreshedCampaigns(1, 1, 0, 0)
        change_tables(connection, "4.17.1")
        add_delivery(connection, 10, 1)
        if not is_inline:
            create_views(connection, OPTIONS)
        with snapshot(chatwoot) as read:
            assert has_deliveries(read)
        refreshed = refresh_campaigns(chatwoot, warehouse, lambda _: None, compare_all=True)
    assert refreshed == RefreshedCampaigns(1, 1, 1, 0)
    assert titles(warehouse) == [(1, "Oferta 1", 1)]


def test_the_job_reports_both_tables_and_warns_of_unknown_statuses(
    source: psycopg.Connection, warehouse: Warehouse
) -> None:
    resources = {"chatwoot": database(source), "warehouse": warehouse}
    settings = Settings.from_values({"CHATWOOT_ASSETS_HOME": "/nowhere"})
    job = build_defs(settings, resources=resources).resolve_job_def(REFRESH_CAMPAIGNS)
    for status, is_known in ((4, True), (9, False)):
        source.execute("UPDATE campaign_recipients SET status = %s, updated_at = now() WHERE id = 10", [status])
        with dg.DagsterInstance.ephemeral() as instance:
            result = job.execute_in_process(instance=instance)
        counts = {
            event.asset_key.path[-1]: event.materialization.metadata["dagster/row_count"].value
            for event in result.get_asset_materialization_events()
            if event.asset_key
        }
        assert counts == {"campaigns": 2, "campaign_deliveries": 6}
        (check,) = result.get_asset_check_evaluations()
        assert (check.passed, check.severity) == (is_known, dg.AssetCheckSeverity.WARN)
