"""Stop a refresh when nearly all conversations of its days, or of Chatwoot, are suddenly gone.

A role does not always see all rows: a policy, a view on the tables, a database that is still being restored, or the URL
of another one look like a mass deletion, which a refresh would mirror. Such a refresh stops, unless the user says that
the rows were really deleted.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from chatwoot_assets.errors import SourceError
from chatwoot_assets.extract.queries import day_sizes, latest_message, next_ids
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot

# If fewer rows than these are loaded, they may vanish: a small test account is deleted now and then.
ROWS_MISSED = 1_000
# Rows count as vanished if less than this part of them is left: a role may still see one account of many.
_FRACTION_LEFT = 0.1

# The numbers of conversations and messages of each loaded day.
RowCounts = Mapping[datetime.date, tuple[int, int]]


def refuse_vanished(source: Snapshot, schema: str, days: list[Day], loaded: RowCounts) -> None:
    """Check that Chatwoot still has the conversations of some days, and messages at all.

    The days are counted only if many of their conversations are loaded: counting reads the whole table.

    Args:
        source: The snapshot.
        schema: The views' schema.
        days: The days that will be refreshed, in order.
        loaded: What is loaded.

    Raises:
        SourceError: Nearly all of them are gone.
    """
    totals = [sum(counts) for counts in zip(*loaded.values(), strict=True)] or [0, 0]
    if max(totals) < ROWS_MISSED:
        return
    emptied = {
        "conversations": totals[0] >= ROWS_MISSED and is_empty(source, schema),
        "messages": totals[1] >= ROWS_MISSED and source.read(latest_message(schema))["latest"][0] is None,
    }
    for (name, is_gone), total in zip(emptied.items(), totals, strict=True):
        if is_gone:
            raise _refusal(f"Chatwoot shows none of the {total:,} loaded {name}", days)
    expected = {day.date: loaded[day.date][0] for day in days if day.date in loaded}
    if sum(expected.values()) < ROWS_MISSED:
        return
    counts = dict(source.read(day_sizes(schema, days)).iter_rows())
    vanished = [date for date, number in expected.items() if _has_vanished(number, counts.get(date, 0))]
    if not vanished and _has_vanished(sum(expected.values()), sum(counts.get(date, 0) for date in expected)):
        vanished = list(expected)
    if vanished:
        left, total = sum(counts.get(date, 0) for date in vanished), sum(expected[date] for date in vanished)
        place = str(vanished[0]) if len(vanished) == 1 else f"{len(vanished)} days from {vanished[0]} to {vanished[-1]}"
        raise _refusal(f"Chatwoot shows {left:,} of the {total:,} loaded conversations of {place}", days)


def is_empty(source: Snapshot, schema: str) -> bool:
    """Return whether the source has no conversation at all."""
    return source.read(next_ids(schema, 0, 0))["largest_id"][0] is None


def _has_vanished(loaded: int, found: int) -> bool:
    return loaded >= ROWS_MISSED and found < loaded * _FRACTION_LEFT


def _refusal(reason: str, days: list[Day]) -> SourceError:
    command = f"chatwoot-assets backfill --from {days[0].key} --to {days[-1].key} --allow-empty"
    return SourceError(
        f"{reason}: check that CHATWOOT_DATABASE_URL names the right database and that its role can see all rows; if"
        f" they were really deleted, run: {command}"
    )
