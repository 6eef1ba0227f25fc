"""`chatwoot-assets metrics`: serve figures for Prometheus from the state of the warehouse, until Ctrl-C."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chatwoot_assets.commands.console import out, warehouse_database
from chatwoot_assets.commands.dagster_process import check_address
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, require_urls
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import SyncStatus, read_sync_status

_TOTALS = """
SELECT count(*), coalesce(sum(conversations), 0), coalesce(sum(messages), 0), max(loaded_at),
    pg_database_size(current_database())
FROM partition_state
"""


def serve(host: str, port: int) -> None:
    """Serve the figures; each request reads them from the warehouse.

    Args:
        host: The address to listen on.
        port: The port to listen on.

    Raises:
        SettingsError: A setting is not accepted, ANALYTICS_DATABASE_URL is missing, or the port is in use.
    """
    Settings.load()
    require_urls(ANALYTICS_DATABASE_URL)
    check_address(host, port)
    registry = CollectorRegistry()
    registry.register(WarehouseCollector(warehouse_database()))
    server, thread = start_http_server(port, addr=host, registry=registry)
    out.print(f"Figures for Prometheus: http://{host}:{port}/metrics (Ctrl-C to stop)")
    try:
        threading.Event().wait()
    finally:
        server.shutdown()
        thread.join()


class WarehouseCollector(Collector):
    """The figures. While the warehouse cannot be used, `chatwoot_assets_up` is 0 and all others are missing.

    Args:
        warehouse: The local database.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def describe(self) -> list[Metric]:
        """Return nothing: the names are not known before they are read."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the figures as they are now."""
        try:
            migrate(self._warehouse)
            with self._warehouse.connect() as connection:
                status = read_sync_status(connection)
                totals = connection.execute(_TOTALS).fetchone()
        except WarehouseError:
            yield _gauge("up", "Whether the warehouse can be used.", 0)
            return
        yield _gauge("up", "Whether the warehouse can be used.", 1)
        yield from _sync_figures(status)
        assert totals is not None
        days, conversations, messages, loaded_at, size = totals
        yield _gauge("loaded_days", "Days that are loaded.", days)
        yield _gauge("conversations", "Conversations that are loaded.", conversations)
        yield _gauge("messages", "Messages that are loaded.", messages)
        yield _gauge("warehouse_bytes", "The size of the warehouse's database.", size)
        if loaded_at is not None:
            yield _gauge("last_load_timestamp_seconds", "When a day was last loaded.", loaded_at.timestamp())


def _sync_figures(status: SyncStatus) -> Iterator[Metric]:
    now = datetime.datetime.now(datetime.timezone.utc)
    yield _gauge("differing_days", "Days that are known to differ from Chatwoot.", len(status.differing))
    yield _gauge("comparison_failed", "Whether the last comparison with Chatwoot failed.", int(bool(status.failure)))
    if status.watermark is not None:
        text = "The instant up to which the warehouse is known to equal Chatwoot."
        yield _gauge("watermark_timestamp_seconds", text, status.watermark.timestamp())
        yield _gauge("lag_seconds", "How long ago that is.", max((now - status.watermark).total_seconds(), 0))
    compared = GaugeMetricFamily(
        "chatwoot_assets_compared_timestamp_seconds", "The instant that a scan last compared.", labels=["scan"]
    )
    for name, scan in sorted(status.scans.items()):
        if scan.compared_at is not None:
            compared.add_metric([name], scan.compared_at.timestamp())
    yield compared


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chatwoot_assets_{name}", text, value=float(value))
