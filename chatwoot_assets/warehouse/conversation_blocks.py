"""What the full comparison found in each block of conversations: the table conversation_block.

Reading blocks of Chatwoot is in `extract/blocks.py`, going through all of them in `change_detection/`.
"""

from __future__ import annotations

import datetime

import psycopg
from psycopg.types.json import Jsonb

from chatwoot_assets.extract.blocks import Block, Blocks, DayTotals
from chatwoot_assets.extract.dataset import FingerprintGroup

_GROUPS = {group.key: group for group in FingerprintGroup}

_REPLACE = """
INSERT INTO conversation_block (number, compared_at, definition, versions, totals)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (number) DO UPDATE SET
    compared_at = excluded.compared_at,
    definition = excluded.definition,
    versions = excluded.versions,
    totals = excluded.totals
"""


def known_blocks(connection: psycopg.Connection, definition: str, first: int, end: int) -> Blocks:
    """Return the blocks from number `first` to `end`, without it, whose rows were hashed by a definition."""
    rows = connection.execute(
        "SELECT number, compared_at, versions, totals FROM conversation_block"
        " WHERE number >= %s AND number < %s AND definition = %s",
        [first, end, definition],
    ).fetchall()
    return {
        number: Block(
            compared_at, {_GROUPS[key]: total for key, total in versions.items() if key in _GROUPS}, _parse(totals)
        )
        for number, compared_at, versions, totals in rows
    }


def replace_blocks(connection: psycopg.Connection, definition: str, first: int, end: int, blocks: Blocks) -> None:
    """Replace the blocks from number `first` to `end`, without it, in the caller's transaction."""
    connection.execute(
        "DELETE FROM conversation_block WHERE number >= %s AND number < %s AND NOT number = ANY(%s)",
        [first, end, list(blocks)],
    )
    rows = [
        (
            number,
            block.compared_at,
            definition,
            Jsonb({group.key: total for group, total in block.versions.items()}),
            Jsonb(
                {
                    date.isoformat(): {group.key: total for group, total in totals.items()}
                    for date, totals in block.totals.items()
                }
            ),
        )
        for number, block in blocks.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_REPLACE, rows)


def delete_blocks_from(connection: psycopg.Connection, first: int) -> None:
    """Delete the blocks from number `first` on."""
    connection.execute("DELETE FROM conversation_block WHERE number >= %s", [first])


def blocks_of_days(connection: psycopg.Connection) -> dict[datetime.date, list[int]]:
    """Return the numbers of the blocks that have conversations of each day."""
    rows = connection.execute(
        "SELECT date::date, array_agg(number) FROM conversation_block, jsonb_object_keys(totals) AS date GROUP BY 1"
    ).fetchall()
    return dict(rows)


def _parse(totals: dict[str, dict[str, int]]) -> DayTotals:
    return {
        datetime.date.fromisoformat(date): {_GROUPS[key]: total for key, total in sums.items() if key in _GROUPS}
        for date, sums in totals.items()
    }
