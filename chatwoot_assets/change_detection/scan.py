"""A pass: all partitions of Chatwoot compared with what is loaded, and what came of it recorded."""

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
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import (
    FULL,
    RECENT,
    known_versions,
    record_comparison,
    record_failure,
    record_versions,
)

# A sensor's tick has 60 s in all; a statement must not go on after it.
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
    """Compare all partitions of the source with what is loaded, and record what came of it.

    The arguments are those of `find_changes`; it is a pass over everything where `recent` is None.

    Raises:
        SourceError: the source cannot be compared now; that is recorded too.
        AnalyticsError: the local database cannot be used.
    """
    migrate(warehouse)
    impatient = ChatwootDatabase(
        url=chatwoot.url, views_schema=chatwoot.views_schema, statement_timeout_seconds=SECONDS_PER_STATEMENT
    )
    zone = settings.reporting_timezone.key
    name = FULL if recent is None else RECENT
    with warehouse.connect() as connection:
        days = all_days(settings)
        window = days if recent is None else days[-recent:]
        loaded = _as_the_files(loaded_fingerprints(connection), ExtractStore(settings.extracts_url), window)
        try:
            with snapshot(impatient) as source:
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


def _as_the_files(loaded: KnownFingerprints, store: ExtractStore, window: list[Day]) -> KnownFingerprints:
    """Leave out those of the days whose files are not what is loaded.

    A run that was killed between file and load may have written somebody who was erased since: then the table
    equals Chatwoot, and the file does not. An object store is not asked, for want of time in a tick.
    """
    if not store.is_local:
        return loaded
    differing = {day.date for day in window if day.date in loaded and store.fingerprints(day) != loaded[day.date]}
    return {date: fingerprints for date, fingerprints in loaded.items() if date not in differing}
