"""The sample Chatwoot database: `create_sample` creates a realistic help desk in an empty database.

Only this module writes to PostgreSQL; the rows are made in the other modules of the package. Everything is one
transaction: a run that is killed leaves an empty database, and can be repeated.
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
from chatwoot_assets.postgres import SESSION_SETTINGS, connect, settings_statement
from chatwoot_assets.sample.arrivals import draw_arrivals
from chatwoot_assets.sample.contacts import create_contact_inboxes, create_contacts
from chatwoot_assets.sample.conversations import CONVERSATIONS_PER_BLOCK, create_blocks
from chatwoot_assets.sample.people import People, create_people
from chatwoot_assets.sample.size import Ints, SampleSize
from chatwoot_assets.sql_files import sql_path

__all__ = ["SampleError", "SampleSize", "create_sample", "create_schema"]

Progress = Callable[[str, int, int], None]

# The advisory lock that is held while a sample is created in a database; an arbitrary number.
_LOCK = 7_316_402_251
_ROWS_PER_CHUNK = 20_000
# SQL that derives rows from the others: it fills the first tables, and adds rows to the second ones.
_FOLLOWING_FILES = ("slas.sql", "calls.sql", "captain.sql", "campaigns.sql")
_FOLLOWING_TABLES = (
    "sla_policies", "applied_slas", "sla_events", "calls", "conversation_outcomes", "campaigns", "campaign_recipients",
)  # fmt: skip
_ADDING_FILES = ("imports.sql", "reactions.sql")
_ADDED_TO_TABLES = ("contacts", "contact_inboxes", "conversations", "messages", "data_import_mappings")


class SampleError(UserError):
    """The sample cannot be created; the message names the database."""


def create_schema(connection: psycopg.Connection) -> None:
    """Create Chatwoot's tables and triggers, without indexes, in the connection's transaction."""
    connection.execute(sql_path("sample", "tables.sql").read_bytes())


def create_sample(url: str, size: SampleSize, on_progress: Progress | None = None) -> dict[str, int]:
    """Create a sample Chatwoot in an empty database; the same size gives the same rows.

    Args:
        url: The libpq URL of the database.
        size: The number of conversations, and the days.
        on_progress: Called with the current step, its progress and its total.

    Returns:
        The number of rows of each table that has rows.

    Raises:
        SampleError: The database's schema public has tables already; it is left as it is.
    """
    report = on_progress or _ignore_progress
    with connect(url) as connection:
        connection.execute(settings_statement(SESSION_SETTINGS, local=True))
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_tables(connection)
        create_schema(connection)
        counts = _load(connection, size, report)
        report("indexes", 0, 1)
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        connection.execute(sql_path("sample", "indexes.sql").read_bytes())
        _execute(connection, _FOLLOWING_FILES)
        counts |= _count_rows(connection, _FOLLOWING_TABLES)
        _set_sequences(connection, counts)
        _execute(connection, _ADDING_FILES)
        counts |= _count_rows(connection, _ADDED_TO_TABLES)
        # In the transaction: a sample never exists without statistics.
        connection.execute("ANALYZE")
        # VACUUM marks pages only after their rows' commit is on disk.
        connection.execute("SET LOCAL synchronous_commit = on")
        connection.commit()
        report("indexes", 1, 1)
        # COPY does not mark the pages of tables with triggers as all-visible.
        connection.autocommit = True
        connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(_name(table) for table in counts)))
    return counts


def _execute(connection: psycopg.Connection, files: Iterable[str]) -> None:
    for file in files:
        connection.execute(sql_path("sample", file).read_bytes())


def _count_rows(connection: psycopg.Connection, tables: Iterable[str]) -> dict[str, int]:
    """Return the number of rows of each table that has rows."""
    counts = {}
    for table in tables:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(_name(table))).fetchone()
        if row is not None and row[0]:
            counts[table] = row[0]
    return counts


def _ignore_progress(_step: str, _done: int, _total: int) -> None:
    """Do not report progress."""


def _name(table: str) -> sql.Identifier:
    return sql.Identifier("public", table)


def _refuse_tables(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f', 'm')"
    ).fetchone()
    if row is not None and row[0] > 0:
        raise SampleError(
            f"the database {connection.info.dbname} has tables in its schema public already ({row[0]}):"
            " a sample is created only in an empty database"
        )


def _load(connection: psycopg.Connection, size: SampleSize, report: Progress) -> dict[str, int]:
    counts: Counter[str] = Counter()

    def copy_all(table: str, frames: Iterable[pl.DataFrame]) -> None:
        for frame in frames:
            _copy(connection, table, frame)
            counts[table] += len(frame)

    people = create_people(size)
    arrivals = draw_arrivals(size, people)
    for table, frame in people.frames.items():
        copy_all(table, [frame])
    copy_all("contacts", create_contacts(size, arrivals))
    copy_all("contact_inboxes", create_contact_inboxes(people, arrivals))
    tagged = np.zeros(len(people.tag_name) + 1, np.int64)
    done = 0
    report("conversations", done, size.conversations)
    for block in create_blocks(size, people, arrivals):
        for table, frame in block.items():
            copy_all(table, [frame])
        tagged += np.bincount(block["taggings"]["tag_id"].to_numpy(), minlength=len(tagged))
        done = min(size.conversations, done + CONVERSATIONS_PER_BLOCK)
        report("conversations", done, size.conversations)
    copy_all("tags", [_create_tags(people, tagged)])
    return {table: count for table, count in counts.items() if count}


def _create_tags(people: People, tagged: Ints) -> pl.DataFrame:
    return pl.DataFrame({"id": np.arange(1, len(tagged)), "name": people.tag_name, "taggings_count": tagged[1:]})


def _copy(connection: psycopg.Connection, table: str, frame: pl.DataFrame) -> None:
    """Load rows into a table that this transaction created, which allows FREEZE: no later VACUUM has to."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, FREEZE)").format(
        _name(table), sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    )
    with connection.cursor().copy(statement) as copy:
        for part in frame.iter_slices(_ROWS_PER_CHUNK):
            buffer = io.BytesIO()
            # Strings are quoted, so that an empty string is not NULL.
            part.write_csv(
                buffer,
                include_header=False,
                quote_style="non_numeric",
                datetime_format="%Y-%m-%d %H:%M:%S%.6f",
            )
            copy.write(buffer.getvalue())


def _set_sequences(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    """Set the sequences so that new rows get the ids after the sample's."""
    for table in tables:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                sql.Literal(f"public.{table}"), _name(table)
            )
        )
