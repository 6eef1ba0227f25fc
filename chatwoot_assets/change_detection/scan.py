"""Scan Chatwoot for changes: compare its partitions with what is loaded, and record the result."""

from __future__ import annotations

import datetime

from chatwoot_assets.change_detection.changes import Changes, find_changes
from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract.fingerprints import KnownFingerprints
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day, all_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.warehouse.partition_state import loaded_fingerprints
from chatwoot_assets.warehouse.row_counts import find_damaged_days
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import (
    FULL,
    RECENT,
    known_versions,
    record_comparison,
    record_failure,
    record_versions,
)

# A sensor's tick may take 60 s; no statement must run longer than that.
SECONDS_PER_STATEMENT = 50


def scan_for_changes(
    settings: Settings,
    chatwoot: ChatwootDatabase,
    warehouse: Warehouse,
    *,
    recent: int | None = None,
    since_message: int | None = None,
    rotation_after: datetime.date | None = None,
) -> Changes:
    """Compare all partitions of the source with what is loaded, and record the result.

    Args:
        settings: The settings.
        chatwoot: The source.
        warehouse: The local database.
        recent: See `find_changes`; a full scan if it is None.
        since_message: See `find_changes`.
        rotation_after: See `find_changes`.

    Raises:
        SourceError: The source cannot be compared now, which is recorded, too.
        WarehouseError: The local database cannot be used.
    """
    migrate(warehouse)
    limited = ChatwootDatabase(
        url=chatwoot.url, views_schema=chatwoot.views_schema, statement_timeout_seconds=SECONDS_PER_STATEMENT
    )
    zone = settings.reporting_timezone.key
    name = FULL if recent is None else RECENT
    with warehouse.connect() as connection:
        days = all_days(settings)
        window = days if recent is None else days[-recent:]
        store = ExtractStore(settings.extracts_url)
        damaged = find_damaged_days(connection, [day.date for day in window])
        undamaged = {date: known for date, known in loaded_fingerprints(connection).items() if date not in damaged}
        loaded = _without_stale_files(undamaged, store, window)
        try:
            with snapshot(limited) as source:
                check_views(source, chatwoot.views_schema, zone)
                changes = find_changes(
                    source,
                    chatwoot.views_schema,
                    zone,
                    days,
                    loaded,
                    recent=recent,
                    since_message=since_message,
                    rotation_after=rotation_after,
                    versions=known_versions(connection) if recent is None else None,
                )
        except SourceError as error:
            record_failure(connection, name, str(error))
            raise
        record_comparison(connection, name, changes.compared_at, changes.compared, changes.days)
        record_versions(connection, changes.versions)
    return changes


def _without_stale_files(loaded: KnownFingerprints, store: ExtractStore, window: list[Day]) -> KnownFingerprints:
    """Leave out the fingerprints of days whose files differ from what is loaded.

    A run that was killed between writing the files and loading them may have written data of somebody who has been
    erased since: then the table equals Chatwoot, but the file does not. An object store is not looked at, because a
    tick has no time for that.
    """
    if not store.is_local:
        return loaded
    differing = {day.date for day in window if day.date in loaded and store.fingerprints(day) != loaded[day.date]}
    return {
        date: dict.fromkeys(fingerprints) if date in differing else fingerprints
        for date, fingerprints in loaded.items()
    }
