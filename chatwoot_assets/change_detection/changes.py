"""Find the days that changed in Chatwoot since they were loaded, by comparing states instead of following a cursor.

A cursor on `updated_at` misses changes that do not move it, deletions, and late commits with older timestamps. Here
the source's fingerprints are compared with those of the loaded days. What one scan compares is bounded, so that its
cost does not grow with the history:

- everything on the recent days, and on a few older days in rotation;
- the conversations' own columns, on more of the older days in rotation, and the ratings of the last month.

A new message is found by its id: its day differs if the message is not loaded. Everything else is found when its day's
turn comes, and by the full comparison, see `full_comparison.py`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from chatwoot_assets.change_detection.loaded import DayBlocks, add_later_days, assume_empty_before_first
from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprints import KnownFingerprints, definition, differing_days
from chatwoot_assets.extract.queries import latest_message, next_ids, written_since
from chatwoot_assets.partitions import Day, begun_days
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.view_options import ViewOptions

# How many ids before the last one seen are looked at again: a message gets its id before its transaction commits.
IDS_LOOKED_BACK = 100
# The last days whose ratings every scan compares: a contact may rate for 14 days after a conversation is resolved.
DAYS_RATED = 30
# How many scans compare each older day in full once: with one scan per minute, that takes four hours.
SCANS_PER_CYCLE = 240
# The most older days and conversations that a scan compares in full. With a longer history, a cycle takes longer.
DAYS_PER_SCAN = 8
CONVERSATIONS_PER_SCAN = 5_000
# How many conversations' own columns a scan compares: those of a million within ten scans.
OWN_COLUMNS_PER_SCAN = 100_000
# How many conversations' ratings a scan compares.
RATINGS_PER_SCAN = 50_000


@dataclass(frozen=True)
class ScanPosition:
    """Where the next scan continues.

    Attributes:
        message: The largest message id that a scan has seen.
        in_full: The last of the older days that was compared in full.
        own_columns: The last of the older days whose conversations' own columns were compared.
    """

    message: int | None = None
    in_full: datetime.date | None = None
    own_columns: datetime.date | None = None


@dataclass(frozen=True)
class LoadedDays:
    """What is loaded into the warehouse.

    Attributes:
        fingerprints: Returns the fingerprints of the loaded days. A day that it is given is looked at first: it is
            missing if rows of its tables were deleted or added by hand, and unknown if its files were changed.
        conversations: How many conversations each loaded day has.
        blocks: Where the last full comparison found each day's conversations.
        last_conversation: The largest id that it found.
        missing_messages: Returns the ids that are not loaded, of those that it is given.
    """

    fingerprints: Callable[[list[Day]], KnownFingerprints]
    conversations: Mapping[datetime.date, int] = field(default_factory=dict)
    blocks: DayBlocks = field(default_factory=DayBlocks)
    last_conversation: int = 0
    missing_messages: Callable[[list[int]], set[int]] = set


@dataclass(frozen=True)
class Changes:
    """The result of a scan.

    Attributes:
        days: The days whose rows differ from what is loaded, or that are not loaded, in order. Days before Chatwoot's
            first conversation that are not loaded do not count.
        compared: The days that were compared in full.
        compared_at: The instant of the compared snapshot.
        position: Where the next scan continues.
        ids_went_back: Whether an older state of the source was restored: blocks may belong to other days now.
        last_day: The last day that has begun in Chatwoot.
    """

    days: list[Day]
    compared: list[Day]
    compared_at: datetime.datetime
    position: ScanPosition
    ids_went_back: bool
    last_day: datetime.date


def find_changes(
    source: Snapshot,
    views: ViewOptions,
    days: list[Day],
    loaded: LoadedDays,
    *,
    recent: int,
    position: ScanPosition,
) -> Changes:
    """Compare the source with what is loaded.

    Args:
        source: The snapshot to compare.
        views: The options of its views.
        days: All partitions, in order, each adjacent to the next.
        loaded: What is loaded.
        recent: How many of the last days are compared in full.
        position: Where the last scan ended.
    """
    schema = views.schema
    current_definition = definition(views.timezone, views.mask)
    newest = source.read(latest_message(schema))
    latest, written_at = newest["latest"][0] or 0, newest["newest_at"][0]
    # By the database's clock or, if that is later, by the clock of the machine on which Chatwoot runs.
    present = max([source.taken_at, *([written_at.replace(tzinfo=datetime.timezone.utc)] if written_at else [])])
    days = begun_days(days, present)
    largest_id = source.read(next_ids(schema, 0, 0))["largest_id"][0] or 0
    ids_went_back = largest_id < loaded.last_conversation
    if ids_went_back:
        loaded = replace(loaded, blocks=DayBlocks())

    written = _days_of_new_messages(source, schema, days, loaded, position.message)
    older = days[:-recent]
    rotation = next_in_rotation(
        older, position.in_full, loaded.conversations,
        CONVERSATIONS_PER_SCAN, min(math.ceil(len(older) / SCANS_PER_CYCLE), DAYS_PER_SCAN),
    )  # fmt: skip
    own_columns = next_in_rotation(older, position.own_columns, loaded.conversations, OWN_COLUMNS_PER_SCAN, len(older))
    in_full = _in_order({*days[-recent:], *rotation})
    fingerprints = loaded.fingerprints(in_full)
    known = assume_empty_before_first(fingerprints, current_definition, days)

    def compare(among: list[Day], *groups: FingerprintGroup) -> set[Day]:
        among = [day for day in among if day.date in known]
        return differing_days(
            source, schema, current_definition, among, known, groups=groups, ranges=loaded.blocks.ranges(among)
        )

    changed = compare(in_full, *FingerprintGroup) | compare(
        _in_order({*own_columns} - {*in_full}), FingerprintGroup.CONVERSATIONS
    )
    changed |= compare(_in_order(_rated(older, loaded.conversations) - {*in_full}), FingerprintGroup.CSAT)
    missing = {day for day in days if day.date not in known}
    changed = add_later_days(changed | written | missing, days, fingerprints)
    return Changes(
        _in_order(changed),
        in_full,
        source.taken_at,
        ScanPosition(latest, _last(rotation), _last(own_columns)),
        ids_went_back,
        days[-1].date,
    )


def next_in_rotation(
    older: list[Day],
    after: datetime.date | None,
    conversations: Mapping[datetime.date, int],
    most_conversations: int,
    most_days: int,
) -> list[Day]:
    """Return the next days in rotation: the ones that follow `after`, or the first if none does.

    Args:
        older: The days in rotation, in order.
        after: The last of them that was compared.
        conversations: How many conversations each day has.
        most_conversations: How many the days may have together; there is one day in any case.
        most_days: How many days there may be.
    """
    following = [day for day in older if after is None or day.date > after] or older
    chosen: list[Day] = []
    total = 0
    for day in following[:most_days]:
        total += conversations.get(day.date, 0)
        if chosen and total > most_conversations:
            break
        chosen.append(day)
    return chosen


def _rated(older: list[Day], conversations: Mapping[datetime.date, int]) -> set[Day]:
    """Return the last of the older days, whose ratings may still change."""
    newest_first = older[: -DAYS_RATED - 1 : -1]
    return set(next_in_rotation(newest_first, None, conversations, RATINGS_PER_SCAN, DAYS_RATED))


def _days_of_new_messages(
    source: Snapshot, schema: str, days: list[Day], loaded: LoadedDays, since: int | None
) -> set[Day]:
    """Return the days that have messages with ids after `since` that are not loaded."""
    if since is None:
        return set()
    rows = source.read(written_since(schema, days, since - IDS_LOOKED_BACK))
    missing = loaded.missing_messages(rows["id"].to_list())
    return {days[bucket - 1] for id_, bucket in rows.iter_rows() if id_ in missing}


def _last(rotation: list[Day]) -> datetime.date | None:
    return rotation[-1].date if rotation else None


def _in_order(days: Iterable[Day]) -> list[Day]:
    return sorted(days, key=lambda day: day.date)
