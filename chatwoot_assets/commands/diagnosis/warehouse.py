"""The warehouse: server, privileges, size, connections, and how far it is behind Chatwoot."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from chatwoot_assets.commands.console import warehouse_database
from chatwoot_assets.commands.diagnosis.finding import Finding, State, judge, judge_connections
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_values import format_hours
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import SyncStatus, read_sync_status

_STATE = """
SELECT current_setting('server_version'), current_setting('max_connections')::int,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
    pg_database_size(current_database()), has_schema_privilege('public', 'CREATE'),
    (SELECT count(*) FROM partition_state)
"""


def look_at_warehouse(settings: Settings) -> Iterator[Finding]:
    """Yield the findings.

    Raises:
        WarehouseError: It cannot be used.
    """
    warehouse = warehouse_database()
    migrate(warehouse)
    with warehouse.connect() as connection:
        row = connection.execute(_STATE).fetchone()
        status = read_sync_status(connection)
    assert row is not None
    version, max_connections, connections, size, may_create, days = row
    yield Finding("warehouse's server", State.OK, f"PostgreSQL {version}; the database has {size / 2**20:,.0f} MB")
    yield judge_connections("warehouse's connections", connections, max_connections)
    yield judge(
        "privileges on the warehouse", may_create,
        "may create tables in public" if may_create else "may not create tables in public",
        "the next upgrade needs CREATE on the schema public", otherwise=State.WARNING,
    )  # fmt: skip
    yield judge("loaded days", bool(days), f"{days:,} days are loaded", "load some with: chatwoot-assets backfill")
    yield _look_at_freshness(status, settings)


def _look_at_freshness(status: SyncStatus, settings: Settings) -> Finding:
    if status.watermark is None or status.compared_at is None:
        return Finding("freshness", State.WARNING, "never compared with Chatwoot: run `ui`, or the daemon")
    behind = datetime.datetime.now(datetime.timezone.utc) - status.watermark
    text = f"equal to Chatwoot until {status.watermark:%Y-%m-%d %H:%M} UTC, {len(status.differing):,} days differ"
    advice = status.failure or f"that is {format_hours(behind)} ago: see that the daemon runs"
    state = State.ERROR if behind > settings.freshness_fail else State.WARNING
    return judge("freshness", behind <= settings.freshness_warn and not status.failure, text, advice, otherwise=state)
