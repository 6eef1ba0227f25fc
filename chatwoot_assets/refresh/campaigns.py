"""Load campaigns and their deliveries, which belong to no conversation and therefore to no day.

A campaign's deliveries are read only if their number or their last change differs from what is stored, and are replaced
in one transaction. A run that is killed leaves each campaign as it was or as it is, and the next run does the rest.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.progress import Progress, Report
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.campaign_columns import CAMPAIGN_DELIVERIES, CAMPAIGNS
from chatwoot_assets.warehouse.copy import copy_rows
from chatwoot_assets.warehouse.schema import migrate

# After that, nobody reads a message any more, and no channel reports that it arrived.
STILL_CHANGING = datetime.timedelta(days=30)
# 10 to 20 MB of memory.
_ROWS_PER_BATCH = 100_000
_CAMPAIGNS_PER_QUERY = 200
_BEFORE_ALL_IDS = -(2**63) + 1

Row = dict[str, Any]
Version = tuple[int, "datetime.datetime | None"]


@dataclass(frozen=True)
class RefreshedCampaigns:
    """What a refresh did.

    Attributes:
        campaigns: How many campaigns Chatwoot has.
        read: How many of them were read, because their deliveries had changed.
        deliveries: How many deliveries of these were written.
        removed: How many campaigns were removed, because Chatwoot has them no more.
    """

    campaigns: int
    read: int
    deliveries: int
    removed: int


def has_deliveries(source: Snapshot) -> bool:
    """Return whether this Chatwoot has the table of deliveries."""
    query = sql.SQL("SELECT to_regclass('public.campaign_recipients') IS NOT NULL AS has_deliveries")
    return bool(source.read(query).item())


def refresh_campaigns(
    chatwoot: ChatwootDatabase, warehouse: Warehouse, report: Report, *, compare_all: bool = False
) -> RefreshedCampaigns:
    """Make campaigns and their deliveries equal to Chatwoot's.

    Args:
        chatwoot: The source.
        warehouse: The warehouse.
        report: Called with the progress.
        compare_all: Whether to compare all campaigns. Otherwise those that began in the last 30 days, are not
            completed, or are not stored yet.

    Raises:
        SourceError: The source cannot be read.
        WarehouseError: The warehouse cannot be written.
    """
    migrate(warehouse)
    with snapshot(chatwoot) as source, warehouse.connect() as connection:
        campaigns = source.read(compose(sql_path("extract", "campaigns.sql"), views_schema=chatwoot.views_schema))
        stored = _read_stored(connection)
        is_compared = campaigns.select(_may_have_changed(source.taken_at, stored, compare_all=compare_all)).to_series()
        versions = _read_versions(source, chatwoot.views_schema, campaigns.filter(is_compared)["campaign_id"].to_list())
        known: dict[int, Version] = {
            id_: versions.get(id_, (0, None)) if compared else _version(stored[id_])
            for id_, compared in zip(campaigns["campaign_id"], is_compared, strict=True)
        }
        changed = [id_ for id_, version in known.items() if id_ not in stored or _version(stored[id_]) != version]
        rows = _rows(campaigns, known)
        deliveries = 0
        for number, campaign in enumerate(changed, 1):
            source.renew()
            deliveries += _replace(connection, source, chatwoot.views_schema, rows[campaign])
            report(Progress("reading campaigns", number, len(changed), "campaigns", deliveries))
        # Their deliveries are the same, but their titles or statuses may have changed.
        others = rows.keys() - changed
        _store(connection, [rows[id_] for id_ in sorted(others) if rows[id_] != stored[id_]])
        removed = _remove(connection, sorted(stored.keys() - known.keys()))
    return RefreshedCampaigns(campaigns.height, len(changed), deliveries, removed)


def _read_stored(connection: psycopg.Connection) -> dict[int, Row]:
    """Return the rows of campaigns as `_rows` does."""
    query = sql.SQL("SELECT {} FROM campaigns").format(sql.SQL(", ").join(map(sql.Identifier, CAMPAIGNS)))
    with connection.cursor(row_factory=dict_row) as cursor:
        return {row["campaign_id"]: row for row in cursor.execute(query)}


def _version(campaign: Row) -> Version:
    return campaign["deliveries"], campaign["changed_at"]


def _may_have_changed(taken_at: datetime.datetime, stored: dict[int, Row], *, compare_all: bool) -> pl.Expr:
    """Return whether the deliveries of a campaign may differ from what is stored, never NULL."""
    since = taken_at.astimezone(datetime.timezone.utc).replace(tzinfo=None) - STILL_CHANGING
    is_recent = pl.coalesce("started_at", "scheduled_at", "created_at") >= since
    is_running = (pl.col("campaign_type") == "one_off") & (pl.col("campaign_status") != "completed")
    is_new = ~pl.col("campaign_id").is_in(list(stored))
    return pl.lit(compare_all) | is_new | is_recent.fill_null(value=True) | is_running.fill_null(value=True)


def _read_versions(source: Snapshot, schema: str, campaigns: list[int]) -> dict[int, Version]:
    versions: dict[int, Version] = {}
    for first in range(0, len(campaigns), _CAMPAIGNS_PER_QUERY):
        some = campaigns[first : first + _CAMPAIGNS_PER_QUERY]
        query = compose(sql_path("extract", "campaign_versions.sql"), views_schema=schema, campaigns=some)
        versions |= {id_: (deliveries, _utc(changed_at)) for id_, deliveries, changed_at in source.read(query).rows()}
    return versions


def _rows(campaigns: pl.DataFrame, known: dict[int, Version]) -> dict[int, Row]:
    """Return the row of each campaign, by its id. Times have a zone."""
    return {
        row["campaign_id"]: {
            **{name: _utc(value) if isinstance(value, datetime.datetime) else value for name, value in row.items()},
            **dict(zip(("deliveries", "changed_at"), known[row["campaign_id"]], strict=True)),
        }
        for row in campaigns.iter_rows(named=True)
    }


def _utc(instant: datetime.datetime | None) -> datetime.datetime | None:
    return instant and instant.replace(tzinfo=datetime.timezone.utc)


def _replace(connection: psycopg.Connection, source: Snapshot, schema: str, campaign: Row) -> int:
    """Replace a campaign and its deliveries in one transaction; return how many deliveries were written."""
    id_, written = campaign["campaign_id"], 0
    with connection.transaction():
        # Another run that writes the same campaign waits here.
        _store(connection, [campaign])
        connection.execute("DELETE FROM campaign_deliveries WHERE campaign_id = %s", [id_])
        for rows in _read_deliveries(source, schema, id_):
            copy_rows(connection, "campaign_deliveries", CAMPAIGN_DELIVERIES, rows)
            written += rows.height
        # This snapshot is later than the one that the version is of.
        connection.execute("UPDATE campaigns SET deliveries = %s WHERE campaign_id = %s", [written, id_])
    return written


def _read_deliveries(source: Snapshot, schema: str, campaign: int) -> Iterator[pl.DataFrame]:
    after = _BEFORE_ALL_IDS
    while True:
        rows = source.read(
            compose(
                sql_path("extract", "campaign_deliveries.sql"),
                views_schema=schema, campaign=campaign, after=after, rows=_ROWS_PER_BATCH,
            )
        )  # fmt: skip
        yield rows
        if rows.height < _ROWS_PER_BATCH:
            return
        after = rows["delivery_id"][-1]


def _store(connection: psycopg.Connection, campaigns: list[Row]) -> None:
    """Insert or update the rows of campaigns in one statement."""
    if not campaigns:
        return
    names = [sql.Identifier(name) for name in CAMPAIGNS]
    connection.execute(
        sql.SQL(
            "INSERT INTO campaigns ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::campaigns, %s)"
            " ON CONFLICT (campaign_id) DO UPDATE SET ({names}) = ROW ({values})"
        ).format(
            names=sql.SQL(", ").join(names),
            values=sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in names),
        ),
        [Jsonb(campaigns, dumps=partial(json.dumps, default=str))],
    )


def _remove(connection: psycopg.Connection, campaigns: list[int]) -> int:
    """Remove campaigns with their deliveries; return how many."""
    with connection.transaction():
        connection.execute("DELETE FROM campaign_deliveries WHERE campaign_id = ANY(%s)", [campaigns])
        connection.execute("DELETE FROM campaigns WHERE campaign_id = ANY(%s)", [campaigns])
    return len(campaigns)
