"""The manifest of an object store: the table extract_manifest, one row per day."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import psycopg
from psycopg.types.json import Jsonb

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.manifest import DayFiles, FileRecord
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.warehouse.schema import migrate

_FIND = """
SELECT conversation_date, snapshot_at, files FROM extract_manifest
WHERE extracts_url = %s AND conversation_date = ANY(%s) AND snapshot_at IS NOT NULL
"""
_FORGET = """
INSERT INTO extract_manifest (extracts_url, conversation_date, writer)
SELECT %s, unnest(%s::date[]), %s
ON CONFLICT (extracts_url, conversation_date) DO UPDATE SET writer = excluded.writer, snapshot_at = NULL, files = NULL
"""
_RECORD = """
UPDATE extract_manifest SET snapshot_at = %s, files = %s
WHERE extracts_url = %s AND conversation_date = %s AND writer = %s
"""


@dataclass(frozen=True)
class WarehouseManifest:
    """The manifest of the files below one URL, as the warehouse keeps it.

    Attributes:
        warehouse: The warehouse.
        url: Where the files are.
        writer: The random id of this writer, which distinguishes it from others.
    """

    warehouse: Warehouse
    url: str
    writer: str = field(default_factory=lambda: uuid.uuid4().hex)

    def find(self, dates: Iterable[datetime.date]) -> dict[datetime.date, DayFiles]:
        """Return what is known about the files of days; a day is missing if nothing is.

        Raises:
            WarehouseError: The warehouse cannot be used.
        """
        migrate(self.warehouse)
        with self.warehouse.connect() as connection:
            return find_files(connection, self.url, dates)

    def forget(self, dates: Iterable[datetime.date]) -> None:
        """Forget days before their files are written.

        Raises:
            WarehouseError: The warehouse cannot be used.
        """
        if dates := sorted(dates):
            migrate(self.warehouse)
            with self.warehouse.connect() as connection:
                connection.execute(_FORGET, [self.url, dates, self.writer])

    def record(self, date: datetime.date, files: DayFiles) -> None:
        """Record the files of a day, unless another process has written them since this manifest forgot the day.

        Raises:
            WarehouseError: The warehouse cannot be used.
        """
        (snapshot_at,) = {file.snapshot_at for file in files.values()}
        described = {dataset.value: [file.fingerprint, file.rows] for dataset, file in files.items()}
        with self.warehouse.connect() as connection:
            connection.execute(_RECORD, [snapshot_at, Jsonb(described), self.url, date, self.writer])


def find_files(
    connection: psycopg.Connection, url: str, dates: Iterable[datetime.date]
) -> dict[datetime.date, DayFiles]:
    """Return what is known about the files of days; see `Manifest.find`.

    Args:
        connection: A session on the warehouse.
        url: Where the files are.
        dates: The days.
    """
    rows = connection.execute(_FIND, [url, list(dates)]).fetchall()
    return {date: _day_files(snapshot_at, files) for date, snapshot_at, files in rows}


def _day_files(snapshot_at: datetime.datetime, files: Mapping[str, tuple[str, int]]) -> DayFiles:
    return {Dataset(dataset): FileRecord(snapshot_at, *described) for dataset, described in files.items()}


def open_store(url: str, warehouse: Warehouse) -> ExtractStore:
    """Return the store at a URL, with a manifest if it is an object store."""
    store = ExtractStore(url)
    return store if store.is_local else ExtractStore(url, WarehouseManifest(warehouse, url))
