"""Scan Chatwoot for changes: compare a bounded part of it with what is loaded, and record the result."""

from __future__ import annotations

import datetime
from dataclasses import asdict, replace

import psycopg

from chatwoot_assets.change_detection.changes import Changes, LoadedDays, ScanPosition, find_changes
from chatwoot_assets.change_detection.loaded import read_day_blocks, read_loaded
from chatwoot_assets.errors import SourceError
from chatwoot_assets.partitions import all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.partition_state import forget_later_days, loaded_counts
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import (
    FULL,
    RECENT,
    missing_messages,
    read_position,
    read_sync_status,
    record_comparison,
    record_failure,
    record_position,
)

# A sensor's tick may take 60 s: a scan leaves time for the request of a run. A statement of the scan has less, so that
# the usual scan need not set the limit of each one.
SECONDS_PER_SCAN = 40
SECONDS_PER_STATEMENT = 25


def scan_for_changes(settings: Settings, chatwoot: ChatwootDatabase, warehouse: Warehouse, *, recent: int) -> Changes:
    """Compare the part of the source whose turn it is with what is loaded, and record the result.

    Args:
        settings: The settings.
        chatwoot: The source.
        warehouse: The local database.
        recent: See `find_changes`.

    Returns:
        The changes; their days are all that are known to differ, also from earlier scans and full comparisons.

    Raises:
        SourceError: The source cannot be compared now, which is recorded, too.
        WarehouseError: The local database cannot be used.
    """
    migrate(warehouse)
    limited = replace(
        chatwoot, statement_timeout_seconds=min(SECONDS_PER_STATEMENT, chatwoot.statement_timeout_seconds)
    )
    views = chatwoot.view_options(settings.reporting_timezone.key)
    with warehouse.connect() as connection:
        days = all_days(settings)
        loaded = _read_loaded(connection, settings)
        position = _parse(read_position(connection, RECENT))
        try:
            with snapshot(limited, seconds=SECONDS_PER_SCAN) as source:
                check_views(source, views)
                changes = find_changes(source, views, days, loaded, recent=recent, position=position)
        except SourceError as error:
            record_failure(connection, RECENT, str(error))
            raise
        with connection.transaction():
            forget_later_days(connection, changes.last_day)
            record_comparison(connection, RECENT, changes.compared_at, changes.compared, changes.days)
            record_position(connection, RECENT, _serialize(changes.position))
            if changes.ids_went_back:
                record_position(connection, FULL, {})
        differing = read_sync_status(connection).differing
    return replace(changes, days=[day for day in days if day.date in differing])


def _read_loaded(connection: psycopg.Connection, settings: Settings) -> LoadedDays:
    return LoadedDays(
        lambda compared: read_loaded(connection, settings, compared),
        {date: conversations for date, (conversations, _) in loaded_counts(connection).items()},
        read_day_blocks(connection),
        read_position(connection, FULL).get("last_conversation", 0),
        lambda ids: missing_messages(connection, ids),
    )


def _parse(stored: dict[str, object]) -> ScanPosition:
    values = {
        name: datetime.date.fromisoformat(value) if isinstance(value, str) else value for name, value in stored.items()
    }
    return ScanPosition(**values)  # type: ignore[arg-type]  # as _serialize made it


def _serialize(position: ScanPosition) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value
        for name, value in asdict(position).items()
    }
