"""Blocks of conversations: what the full comparison reads, in bounded statements, however long the history is.

A block is the conversations whose ids are in a small range. Primary keys and the indexes on conversation ids find its
rows, while no index finds those of a day. A block has, for each day and fingerprint group, the sum of its rows' hashes;
the sums of all blocks make the days' fingerprints.

Messages and report events are hashed only in blocks where one was written since the last comparison. PostgreSQL marks
each version of a row with the number of the transaction that wrote it. Adding up a block's ids and transaction numbers
costs a fifth of hashing its messages, and reads no value that is stored outside of its row. If the sum is the same as
before, the sums of hashes are, too. If the sum differs, nothing is known: a message that was marked as read has a new
version, and so has every row of a restored dump. Then the block's rows are hashed.

Names are hashed only in blocks with a contact that changed, or everywhere if an inbox, agent, account or team did: a
conversation is joined with all of these for its hash, and with its contact alone otherwise.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from psycopg import sql

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import VERSION_QUERIES, group_by_query
from chatwoot_assets.extract.queries import IDS_PER_BLOCK, IdRange, block_totals, block_versions, name_tables
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.sql_files import compose, sql_path

# The sums of hashes of each day's rows, by group.
DayTotals = dict[datetime.date, dict[FingerprintGroup, int]]


@dataclass
class Block:
    """The sums over a block of conversations.

    Attributes:
        compared_at: The instant, by Chatwoot's clock, of the snapshot; the earliest if there were several.
        versions: For each group that is expensive to hash, a text that is the same only if its rows are: the sum of
            their versions, preceded by the server's identity or, for names, by the sums of all names.
        totals: The sums of the hashes of its rows; a group without rows is absent.
    """

    compared_at: datetime.datetime
    versions: dict[FingerprintGroup, str] = field(default_factory=dict)
    totals: DayTotals = field(default_factory=dict)


# By number.
Blocks = dict[int, Block]

_HAS_PRIVILEGE = sql.SQL(
    "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')"
    " AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE') AS may"
)


def read_blocks(source: Snapshot, schema: str, days: list[Day], ids: IdRange, known: Mapping[int, Block]) -> Blocks:
    """Read what the conversations with ids in a range hold.

    Args:
        source: The snapshot to read.
        schema: The views' schema.
        days: All partitions, in order, each adjacent to the next; other conversations are left out.
        ids: The range of ids.
        known: What blocks held before, if their rows were hashed as now.
    """
    blocks: Blocks = defaultdict(lambda: Block(source.taken_at))
    for groups in group_by_query(group for group in FingerprintGroup if group not in VERSION_QUERIES):
        _add_totals(source, schema, days, groups, [ids], blocks)
    # Messages belong to their conversation's day, and its own columns decide which names it has: if these changed, all
    # groups are hashed.
    moved = {
        number
        for number, block in blocks.items()
        if number not in known or _own_totals(block) != _own_totals(known[number]) or not _is_within(number, ids)
    }
    server = _identity(source)
    names = str(source.read(name_tables(schema))["totals"][0])
    for group in VERSION_QUERIES:
        common = names if group is FingerprintGroup.NAMES else server
        if common is None:
            _add_totals(source, schema, days, [group], [ids], blocks)
            continue
        totals = source.read(block_versions(group, schema, ids), by_page=group is not FingerprintGroup.NAMES)
        versions = {number: f"{common}:{total}" for number, total in totals.iter_rows()}
        written = []
        for number, block in blocks.items():
            block.versions[group] = versions.get(number, f"{common}:")
            if number in moved or block.versions[group] != known[number].versions.get(group):
                written.append(number)
            else:
                _copy_totals(group, known[number], block)
        if written:
            _add_totals(source, schema, days, [group], _ranges(written, ids), blocks)
    return dict(blocks)


def merge(parts: Iterable[Blocks]) -> Blocks:
    """Return the blocks of all parts; a block that is in several parts is hashed again next time."""
    merged: Blocks = {}
    for number, part in ((number, block) for blocks in parts for number, block in blocks.items()):
        if number not in merged:
            merged[number] = part
            continue
        block = merged[number]
        block.compared_at = min(block.compared_at, part.compared_at)
        block.versions = {}
        for date, totals in part.totals.items():
            for group, total in totals.items():
                sums = block.totals.setdefault(date, {})
                sums[group] = sums.get(group, 0) + total
    return merged


def ranges_of(numbers: Iterable[int]) -> list[IdRange]:
    """Return the ranges of ids of some blocks; adjacent blocks share a range."""
    ranges: list[IdRange] = []
    for number in sorted(numbers):
        first, end = number * IDS_PER_BLOCK, (number + 1) * IDS_PER_BLOCK
        if ranges and ranges[-1][1] == first:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((first, end))
    return ranges


def _ranges(numbers: Iterable[int], ids: IdRange) -> list[IdRange]:
    """Return the ranges of ids of blocks within a range."""
    return [(max(first, ids[0]), min(end, ids[1])) for first, end in ranges_of(numbers)]


def _is_within(number: int, ids: IdRange) -> bool:
    """Return whether a range holds a whole block."""
    return ids[0] <= number * IDS_PER_BLOCK and (number + 1) * IDS_PER_BLOCK <= ids[1]


def _add_totals(
    source: Snapshot,
    schema: str,
    days: list[Day],
    groups: list[FingerprintGroup],
    ranges: list[IdRange],
    blocks: Blocks,
) -> None:
    """Read the sums of groups that one query reads, and add them to their blocks."""
    dates = {day.start: day.date for day in days}
    for number, start, *totals in source.read(block_totals(groups, schema, days, ranges)).iter_rows():
        sums = blocks[number].totals.setdefault(dates[start], {})
        sums.update({group: int(total) for group, total in zip(groups, totals, strict=True)})


def _own_totals(block: Block) -> dict[datetime.date, int]:
    """Return the sums of the conversations' own columns, with which their days change."""
    group = FingerprintGroup.CONVERSATIONS
    return {date: totals[group] for date, totals in block.totals.items() if group in totals}


def _copy_totals(group: FingerprintGroup, known: Block, block: Block) -> None:
    for date, totals in known.totals.items():
        if group in totals:
            block.totals.setdefault(date, {})[group] = totals[group]


def _identity(source: Snapshot) -> str | None:
    """Return the server's identity, or None if this role may not know it and its versions mean nothing."""
    if not source.read(_HAS_PRIVILEGE)["may"][0]:
        return None
    return str(source.read(compose(sql_path("source", "server_identity.sql")))["identity"][0])
