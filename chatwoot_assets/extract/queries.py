"""The extract's queries, for some days: `sql/extract/*.sql`, composed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import (
    HASHED_COLUMNS,
    VERSION_QUERIES,
    conversation_column,
    group_by_query,
    groups_of,
)
from chatwoot_assets.partitions import Day, adjacent
from chatwoot_assets.sql_files import compose, sql_path

_ALL = sql.SQL("")
_DAY, _NONE = datetime.timedelta(days=1), datetime.timedelta(0)


def day_rows(group: FingerprintGroup, schema: str, days: list[Day]) -> sql.Composed:
    """Return the query of a group's rows from the first of `days` to the last, without a semicolon."""
    return _compose(group.file, schema, days)


def row_hash(group: FingerprintGroup) -> sql.Composed:
    """Return the expression of the hash of a group's row, which goes by the name `r`."""
    return _hash_of(HASHED_COLUMNS[group])


def _hash_of(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL("hash_record_extended(ROW({}), 0)").format(_columns(columns))


def _columns(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier("r", name) for name in names)


def hash_column(group: FingerprintGroup) -> str:
    """Return the name of the column in which rows are read with their hashes."""
    return f"{group.key}_hash"


def hashed_conversations(schema: str, days: list[Day]) -> sql.Composed:
    """Return the query by which the days' conversations are found, each with its row's hashes."""
    found_by, *_ = group_by_query(groups_of(Dataset.CONVERSATIONS))
    return _hashed(found_by, schema, days, sql.SQL("r.*"))


def hashed_rows_of(group: FingerprintGroup, schema: str, days: list[Day], conversations: list[int]) -> sql.Composed:
    """Return the query of what belongs to some conversations of the days, each row with its hash.

    Asked for by id: there is no index on a conversation's created_at, and looking for the days' conversations
    once more was half of what this query cost the source. Of a row comes what its hash covers, and no more: what else
    there is of so many rows is known of their conversation, or follows.

    Args:
        group: the only one of its query.
        schema: the views' schema.
        days: the days.
        conversations: the conversations' ids.
    """
    columns = _columns(HASHED_COLUMNS[group])
    which = sql.SQL("WHERE {}").format(_is_one_of("d", group, conversations))
    return _hashed([group], schema, days, columns, which)


def _is_one_of(rows: str, group: FingerprintGroup, conversations: list[int]) -> sql.Composed:
    id_ = sql.Identifier(rows, conversation_column(group))
    return sql.SQL("{} = ANY({}::integer[])").format(id_, sql.Literal(conversations))


def _hashed(
    groups: list[FingerprintGroup], schema: str, days: list[Day], columns: sql.Composable, which: sql.Composable = _ALL
) -> sql.Composed:
    """Return the query of columns of the days' rows with their hashes: of these a day's fingerprint is made, without
    a second reading.

    By OFFSET 0 the server computes what a view computes once, and not again for the hash: without it a year's
    messages cost a quarter more.
    """
    hashes = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(row_hash(group), sql.Identifier(hash_column(group))) for group in groups
    )
    return sql.SQL("SELECT {}, {} FROM (SELECT d.* FROM ({}) AS d {} OFFSET 0) AS r").format(
        columns, hashes, day_rows(groups[0], schema, days), which
    )


def conversations_of(schema: str, days: list[Day]) -> sql.Composed:
    """Return the query of the ids of the days' conversations; the days are consecutive or not."""
    return sql.SQL("SELECT r.id FROM ({}) AS r WHERE {}").format(
        day_rows(FingerprintGroup.CONVERSATIONS, schema, days), _within(FingerprintGroup.CONVERSATIONS, days)
    )


def day_totals(
    groups: list[FingerprintGroup], schema: str, days: list[Day], conversations: list[int] | None = None
) -> sql.Composed:
    """Return the query of what the hashes of each day's rows add up to in each of one query's groups.

    Args:
        groups: those that one query reads.
        schema: the views' schema.
        days: the days, in order; consecutive or not.
        conversations: the ids of the days' conversations, where they are known.
    """
    found_by = groups[0]
    within = _within(found_by, days) if conversations is None else _is_one_of("r", found_by, conversations)
    hashes = {hash_column(group): row_hash(group) for group in groups}
    return _totals(found_by, day_rows(found_by, schema, days), days, hashes, within)


def day_versions(group: FingerprintGroup, schema: str, days: list[Day]) -> sql.Composed:
    """Return the query of what the versions of each day's rows add up to; the days are consecutive or not."""
    rows = _compose(VERSION_QUERIES[group], schema, days)
    return _totals(group, rows, days, {"versions": _hash_of(("id", "row_version"))}, _within(group, days))


def _totals(
    group: FingerprintGroup, rows: sql.Composed, days: list[Day], hashes: dict[str, sql.Composed], within: sql.Composed
) -> sql.Composed:
    """Return the query of each day's sums of some hashes of the rows, which go by the name `r`."""
    totals = (sql.SQL("sum({})::text AS {}").format(value, sql.Identifier(name)) for name, value in hashes.items())
    return sql.SQL("SELECT {starts} AS starts, {totals} FROM ({rows}) AS r WHERE {within} GROUP BY 1").format(
        starts=_start_of_day(sql.Identifier("r", group.day_column), days),
        totals=sql.SQL(", ").join(totals),
        rows=rows,
        within=within,
    )


def _within(group: FingerprintGroup, days: list[Day]) -> sql.Composed:
    """Return the condition that a row belongs to one of the days."""
    at = sql.Identifier("r", group.day_column)
    return sql.SQL(" OR ").join(
        sql.SQL("{} >= {} AND {} < {}").format(at, sql.Literal(run[0].start), at, sql.Literal(run[-1].end))
        for run in adjacent(days)
    )


def _start_of_day(at: sql.Identifier, days: list[Day]) -> sql.Composed:
    """Return the expression of the first instant of that of the days in which `at` is.

    Without a change of the clocks among them they are as long as each other, and need not be searched for:
    over all messages the search is a tenth of the whole.
    """
    first = days[0].start
    if all((day.end - day.start, (day.start - first) % _DAY) == (_DAY, _NONE) for day in days):
        return sql.SQL("date_bin('1 day', {}, {})").format(at, sql.Literal(first))
    bounds = sql.Literal([day.start for day in days])
    return sql.SQL("({bounds})[width_bucket({at}, {bounds})]").format(at=at, bounds=bounds)


def day_sizes(schema: str, days: list[Day]) -> sql.Composed:
    """Return the query of how many conversations each day has."""
    return _compose("sizes.sql", schema, days)


def latest_message(schema: str) -> sql.Composed:
    """Return the query of the largest message id, and of the time of the newest of the last messages."""
    return _compose("latest_message.sql", schema, [])


def written_since(schema: str, days: list[Day], after_id: int) -> sql.Composed:
    """Return the query of those of `days`, by position, that have messages of ids larger than `after_id`."""
    return compose(
        sql_path("extract", "written_since.sql"),
        views_schema=schema,
        bounds=[day.start for day in days],
        after_id=after_id,
        starts_at=days[0].start,
        ends_at=days[-1].end,
    )


def _compose(name: str, schema: str, days: list[Day]) -> sql.Composed:
    bounds = (days[0].start, days[-1].end) if days else (None, None)
    return compose(sql_path("extract", name), views_schema=schema, starts_at=bounds[0], ends_at=bounds[1])
