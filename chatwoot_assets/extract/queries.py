"""Compose the extract's queries, from the files in `sql/extract/`, for some days."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from psycopg import sql

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import HASHED_COLUMNS, VERSION_QUERIES
from chatwoot_assets.partitions import Day, group_adjacent
from chatwoot_assets.sql_files import compose, literal, sql_path

# The queries for the rows of some conversations, as they are loaded.
ROWS_OF_CONVERSATIONS = {
    FingerprintGroup.LABELS: "labels_of.sql",
    FingerprintGroup.SLAS: "slas_of.sql",
    FingerprintGroup.CALLS: "calls_of.sql",
    FingerprintGroup.MESSAGES: "messages_of.sql",
    FingerprintGroup.CSAT: "csat_of.sql",
    FingerprintGroup.EVENTS: "events_of.sql",
}

# Block n has the ids from n * IDS_PER_BLOCK up to the next block's first; see `blocks.py`.
IDS_PER_BLOCK = 500

# A half-open range of conversation ids: the first is included, the second is not.
IdRange = tuple[int, int]

# The hash of a row's id and of the transaction that wrote it. A transaction's number has no cast to an integer, but two
# ages differ by the difference of their numbers. Hashing a record of the two takes half as long again.
_ROW_VERSION = sql.SQL("hashint8extended(r.id, (age('3'::xid)::bigint - age(r.row_version)) & 4294967295)")

_ONE_DAY, _NOTHING = datetime.timedelta(days=1), datetime.timedelta(0)


def day_rows(group: FingerprintGroup, schema: str, days: list[Day]) -> sql.Composed:
    """Return the query for a group's rows from the first to the last of `days`, without a semicolon."""
    return _compose(group.file, schema, days)


def row_hash(group: FingerprintGroup) -> sql.Composed:
    """Return the expression for the hash of a group's columns in a row called `r`."""
    return _hash_of(HASHED_COLUMNS[group])


def _hash_of(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL("hash_record_extended(ROW({}), 0)").format(_columns(columns))


def _columns(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier("r", name) for name in names)


def hash_column(group: FingerprintGroup) -> str:
    """Return the name of the column with the rows' hashes."""
    return f"{group.key}_hash"


def found_conversations(schema: str, days: list[Day], ids: list[int] | None = None) -> sql.Composed:
    """Return the query that finds the conversations of the days, or those of them that have the given ids.

    The days need not be consecutive.
    """
    rows = _compose("found_conversations.sql", schema, days)
    group = FingerprintGroup.CONVERSATIONS
    conditions = []
    if len(group_adjacent(days)) > 1:
        conditions.append(sql.SQL("({})").format(_within(group, days)))
    if ids is not None:
        conditions.append(_has_conversation("r", group, ids))
    if not conditions:
        return rows
    return sql.SQL("SELECT r.* FROM ({}) AS r WHERE {}").format(rows, sql.SQL(" AND ").join(conditions))


def rows_of(group: FingerprintGroup, schema: str, conversations: list[int]) -> sql.Composed:
    """Return the query for a group's rows that belong to some conversations.

    The conversations are given by id: no index has their created_at, and searching the days' conversations once more
    would double the cost of this query.
    """
    return compose(sql_path("extract", ROWS_OF_CONVERSATIONS[group]), views_schema=schema, ids=conversations)


def contacts(schema: str, ids: list[int]) -> sql.Composed:
    """Return the query for the names of contacts."""
    return compose(sql_path("extract", "contacts.sql"), views_schema=schema, contact_ids=ids)


def names(schema: str, ids: Mapping[str, list[int]]) -> sql.Composed:
    """Return the query for the names of inboxes, agents, accounts and teams, whose ids are given by column."""
    arrays = {f"{column}s": values for column, values in ids.items()}
    return compose(sql_path("extract", "names.sql"), views_schema=schema, **arrays)


def loading_queries(schema: str) -> list[sql.Composed]:
    """Return all queries whose rows are loaded, for no days and no ids."""
    no_names = names(schema, {column: [] for column in ("inbox_id", "assignee_id", "account_id", "team_id")})
    rows = [rows_of(group, schema, []) for group in ROWS_OF_CONVERSATIONS]
    return [found_conversations(schema, []), *rows, contacts(schema, []), no_names]


def _has_conversation(table: str, group: FingerprintGroup, conversations: list[int]) -> sql.Composed:
    id_ = sql.Identifier(table, group.conversation_column)
    return sql.SQL("{} = ANY({}::bigint[])").format(id_, literal(conversations))


def conversation_starts(schema: str, days: list[Day], ranges: list[IdRange] | None = None) -> sql.Composed:
    """Return the query for the ids and times of the days' conversations; the days need not be consecutive.

    Args:
        schema: The views' schema.
        days: The days.
        ranges: The ids among which the conversations are, if that is known.
    """
    group = FingerprintGroup.CONVERSATIONS
    return sql.SQL("SELECT r.id, r.created_at FROM ({}) AS r WHERE {}").format(
        day_rows(group, schema, days), _within(group, days, ranges)
    )


def conversation_totals(
    groups: list[FingerprintGroup], schema: str, days: list[Day], conversations: list[int] | None
) -> sql.Composed:
    """Return the query for the sums of the row hashes of each of the days' conversations, one sum per group.

    Args:
        groups: Groups that one query reads.
        schema: The views' schema.
        days: The days, in order; they need not be consecutive.
        conversations: The ids of the days' conversations; None if they are too many for a query.
    """
    first = groups[0]
    condition = _within(first, days) if conversations is None else _has_conversation("r", first, conversations)
    totals = (
        sql.SQL("sum({})::text AS {}").format(row_hash(group), sql.Identifier(hash_column(group))) for group in groups
    )
    return sql.SQL("SELECT {id} AS id, {totals} FROM ({rows}) AS r WHERE {condition} GROUP BY 1").format(
        id=sql.Identifier("r", first.conversation_column),
        totals=sql.SQL(", ").join(totals),
        rows=day_rows(first, schema, days),
        condition=condition,
    )


def day_totals(
    groups: list[FingerprintGroup],
    schema: str,
    days: list[Day],
    conversations: list[int] | None = None,
    ranges: list[IdRange] | None = None,
) -> sql.Composed:
    """Return the query for the sums of each day's row hashes, one sum per group.

    Args:
        groups: Groups that one query reads.
        schema: The views' schema.
        days: The days, in order; they need not be consecutive.
        conversations: The ids of the days' conversations, if they are known.
        ranges: The ids among which these are, if that is known.
    """
    first = groups[0]
    condition = _within(first, days, ranges) if conversations is None else _has_conversation("r", first, conversations)
    return sql.SQL("SELECT {starts} AS starts, {totals} FROM ({rows}) AS r WHERE {condition} GROUP BY 1").format(
        starts=_start_of_day(sql.Identifier("r", first.day_column), days),
        totals=_sums({hash_column(group): row_hash(group) for group in groups}),
        rows=day_rows(first, schema, days),
        condition=condition,
    )


def block_totals(groups: list[FingerprintGroup], schema: str, days: list[Day], ranges: list[IdRange]) -> sql.Composed:
    """Return the query for the sums of the row hashes of each block of conversations and day, one sum per group.

    Args:
        groups: Groups that one query reads.
        schema: The views' schema.
        days: All partitions, in order, each adjacent to the next.
        ranges: The ranges of ids to read.
    """
    first = groups[0]
    query = sql.SQL(
        "SELECT {block} AS block, {starts} AS starts, {totals} FROM ({rows}) AS r WHERE {condition} GROUP BY 1, 2"
    )
    return query.format(
        block=_block_of(first.conversation_column),
        starts=_start_of_day(sql.Identifier("r", first.day_column), days),
        totals=_sums({hash_column(group): row_hash(group) for group in groups}),
        rows=day_rows(first, schema, days),
        condition=_in_ranges(sql.Identifier("r", first.conversation_column), ranges),
    )


def block_versions(group: FingerprintGroup, schema: str, ids: IdRange) -> sql.Composed:
    """Return the query for the sum of the versions of a group's rows in each block of conversations."""
    path = sql_path("extract", VERSION_QUERIES[group])
    rows = compose(path, views_schema=schema, first_id=ids[0], end_id=ids[1])
    contact = ("conversation_id", "contact_name", "contact_email", "contact_phone", "contact_attributes")
    version: sql.Composable = _hash_of(contact) if group is FingerprintGroup.NAMES else _ROW_VERSION
    return sql.SQL("SELECT {block} AS block, {totals} FROM ({rows}) AS r GROUP BY 1").format(
        block=_block_of("conversation_id"), totals=_sums({"versions": version}), rows=rows
    )


def name_tables(schema: str) -> sql.Composed:
    """Return the query for the sums of the hashes of all names but the contacts'."""
    return compose(sql_path("extract", "name_tables.sql"), views_schema=schema)


def next_ids(schema: str, first_id: int, limit: int) -> sql.Composed:
    """Return the query for the last of the next conversations by id, for their number, and for the largest id."""
    return compose(sql_path("extract", "next_ids.sql"), views_schema=schema, first_id=first_id, limit=limit)


def _block_of(column: str) -> sql.Composed:
    return sql.SQL("{} / {}").format(sql.Identifier("r", column), sql.Literal(IDS_PER_BLOCK))


def _in_ranges(id_: sql.Identifier, ranges: list[IdRange]) -> sql.Composed:
    """Return the condition that an id is in one of the ranges, for an index on it."""
    parts = [sql.SQL("{} >= {} AND {} < {}").format(id_, first, id_, end) for first, end in ranges]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(parts))


def _sums(hashes: Mapping[str, sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("sum({})::text AS {}").format(value, sql.Identifier(name)) for name, value in hashes.items()
    )


def _within(group: FingerprintGroup, days: list[Day], ranges: list[IdRange] | None = None) -> sql.Composed:
    """Return the condition that a row belongs to one of the days."""
    instant = sql.Identifier("r", group.day_column)
    condition = sql.SQL(" OR ").join(
        sql.SQL("{} >= {} AND {} < {}").format(instant, sql.Literal(run[0].start), instant, sql.Literal(run[-1].end))
        for run in group_adjacent(days)
    )
    if ranges is None:
        return condition
    return sql.SQL("{} AND ({})").format(_in_ranges(sql.Identifier("r", group.conversation_column), ranges), condition)


def _start_of_day(instant: sql.Identifier, days: list[Day]) -> sql.Composed:
    """Return the expression for the start of the day that an instant is in.

    If the clocks do not change among the days, they are equally long and need no search: over all messages, the
    search is a tenth of the query's cost.
    """
    first = days[0].start
    if all((day.end - day.start, (day.start - first) % _ONE_DAY) == (_ONE_DAY, _NOTHING) for day in days):
        return sql.SQL("date_bin('1 day', {}, {})").format(instant, sql.Literal(first))
    bounds = sql.Literal([day.start for day in days])
    return sql.SQL("({bounds})[width_bucket({instant}, {bounds})]").format(instant=instant, bounds=bounds)


def day_sizes(schema: str, days: list[Day]) -> sql.Composed:
    """Return the query for the number of conversations per day."""
    return _compose("sizes.sql", schema, days)


def text_sizes(schema: str, ids: list[int]) -> sql.Composed:
    """Return the query for the bytes of conversations' texts."""
    return compose(sql_path("extract", "text_sizes.sql"), views_schema=schema, ids=ids)


def long_texts() -> sql.Composed:
    """Return the query for the bytes in which all long texts are stored."""
    return compose(sql_path("extract", "long_texts.sql"))


def latest_message(schema: str) -> sql.Composed:
    """Return the query for the largest message id, and for the time of the newest of the last messages."""
    return _compose("latest_message.sql", schema, [])


def written_since(schema: str, days: list[Day], after_id: int) -> sql.Composed:
    """Return the query for the messages of the `days` with ids above `after_id`, each with its day's position."""
    return compose(
        sql_path("extract", "written_since.sql"),
        views_schema=schema,
        bounds=[day.start for day in days],
        after_id=after_id,
        starts_at=days[0].start,
        ends_at=days[-1].end,
    )


def _compose(name: str, schema: str, days: list[Day]) -> sql.Composed:
    starts_at, ends_at = (days[0].start, days[-1].end) if days else (None, None)
    return compose(sql_path("extract", name), views_schema=schema, starts_at=starts_at, ends_at=ends_at)
