"""Refresh extracts without loading them, in a session of their own."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator

from chatwoot_assets.extract import refresh
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.progress import Report
from chatwoot_assets.source.snapshot import snapshot


def refresh_extracts(
    chatwoot: ChatwootDatabase,
    zone: zoneinfo.ZoneInfo,
    days: list[Day],
    store: ExtractStore,
    report: Report,
    *,
    force: bool = False,
) -> Iterator[refresh.RefreshedExtracts]:
    """Yield each day as soon as its files are up to date."""
    with snapshot(chatwoot) as source:
        yield from refresh.refresh_extracts(source, chatwoot, zone, days, store, report, force=force)
