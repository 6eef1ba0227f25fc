"""The sample Chatwoot database: `create_sample` makes a believable help desk in an empty database.

This module writes to PostgreSQL and nothing else does; what it writes is made in the modules beside it.
All of it is one transaction: a creation that was killed leaves an empty database behind, and can simply
be done again.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np
import polars as pl
import psycopg
from psycopg import sql

from chatwoot_assets.errors import UserError
from chatwoot_assets.sample.arrivals import arrivals
from chatwoot_assets.sample.contacts import contact_frames, contact_inbox_frames
from chatwoot_assets.sample.conversations import BLOCK, blocks
from chatwoot_assets.sample.people import People, people
from chatwoot_assets.sample.size import Ints, SampleSize
from chatwoot_assets.sql_files import sql_path

__all__ = ["SampleError", "SampleSize", "create_sample", "create_schema"]

Progress = Callable[[str, int, int], None]

_LOCK = 7_316_402_251  # any number: whoever makes a sample in this database holds it
_SLICE = 20_000


class SampleError(UserError):
    """The sample cannot be made here; the message names the database."""


def create_schema(connection: psycopg.Connection) -> None:
    """Create the tables and triggers of Chatwoot, without indexes, in the connection's transaction."""
    connection.execute(sql_path("sample", "tables.sql").read_bytes())


def create_sample(url: str, size: SampleSize, on_progress: Progress | None = None) -> dict[str, int]:
    """Make a sample Chatwoot in an empty database; the same size makes the same rows.

    Args:
        url: libpq URL of the database.
        size: how many conversations, over which days.
        on_progress: called with what is being made, how much of it is done, and how much there is.

    Returns:
        How many rows each filled table has.

    Raises:
        SampleError: there are tables in the database's public schema already; it is left as it is.
    """
    report = on_progress or _nothing
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_tables(connection)
        create_schema(connection)
        counts = _load(connection, size, report)
        report("indexes", 0, 1)
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        connection.execute(sql_path("sample", "indexes.sql").read_bytes())
        _set_sequences(connection, counts)
        # Inside the transaction: a sample that is there has its statistics.
        connection.execute("ANALYZE")
        connection.commit()
        report("indexes", 1, 1)
        # Tables with a trigger are not marked all-visible by COPY.
        connection.autocommit = True
        connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(_name(table) for table in counts)))
    return counts


def _nothing(_what: str, _done: int, _total: int) -> None:
    """Report to nobody."""


def _name(table: str) -> sql.Identifier:
    return sql.Identifier("public", table)


def _refuse_tables(connection: psycopg.Connection) -> None:
    found = connection.execute(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f', 'm')"
    ).fetchone()
    if found is not None and found[0] > 0:
        raise SampleError(
            f"the database {connection.info.dbname} has tables in its schema public already ({found[0]}):"
            " a sample is only made in an empty database"
        )


def _load(connection: psycopg.Connection, size: SampleSize, report: Progress) -> dict[str, int]:
    counts: Counter[str] = Counter()

    def copy_all(table: str, frames: Iterable[pl.DataFrame]) -> None:
        for frame in frames:
            _copy(connection, table, frame)
            counts[table] += len(frame)

    known = people(size)
    arrived = arrivals(size, known)
    for table, frame in known.frames.items():
        copy_all(table, [frame])
    copy_all("contacts", contact_frames(size, arrived))
    copy_all("contact_inboxes", contact_inbox_frames(known, arrived))
    tagged = np.zeros(len(known.tag_name) + 1, np.int64)
    done = 0
    report("conversations", done, size.conversations)
    for block in blocks(size, known, arrived):
        for table, frame in block.items():
            copy_all(table, [frame])
        tagged += np.bincount(block["taggings"]["tag_id"].to_numpy(), minlength=len(tagged))
        done = min(size.conversations, done + BLOCK)
        report("conversations", done, size.conversations)
    copy_all("tags", [_tag_frame(known, tagged)])
    return {table: count for table, count in counts.items() if count}


def _tag_frame(known: People, tagged: Ints) -> pl.DataFrame:
    return pl.DataFrame({"id": np.arange(1, len(tagged)), "name": known.tag_name, "taggings_count": tagged[1:]})


def _copy(connection: psycopg.Connection, table: str, frame: pl.DataFrame) -> None:
    """Load rows into a table that this transaction created: FREEZE spares a later pass over it."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, FREEZE)").format(
        _name(table), sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    )
    with connection.cursor().copy(statement) as copy:
        for part in frame.iter_slices(_SLICE):
            buffer = io.BytesIO()
            # Strings in quotes, so that an empty one is not NULL.
            part.write_csv(
                buffer,
                include_header=False,
                quote_style="non_numeric",
                datetime_format="%Y-%m-%d %H:%M:%S%.6f",
            )
            copy.write(buffer.getvalue())


def _set_sequences(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    """Let new rows follow the sample's ids."""
    for table in tables:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                sql.Literal(f"public.{table}"), _name(table)
            )
        )
