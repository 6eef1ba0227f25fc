"""Which days changed in Chatwoot since they were loaded: by comparing states, not by following a cursor.

A cursor on `updated_at` misses what does not move it, what is deleted, and what is committed late with an
older timestamp. Here the source's fingerprints are compared with those of the loaded days. What is asked of
the source is chosen by what it costs: everything of a recent window, of where a message was written since the
last pass, and of a few older days, in turn; of all others their conversations' own columns, of some months
their ratings. A full comparison asks everything; of messages and events their versions first, and what they hold only
of the days in which one was written since they were compared last.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from chatwoot_assets.extract.dataset import FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import VERSION_QUERIES
from chatwoot_assets.extract.fingerprints import KnownFingerprints, definition, differing_days
from chatwoot_assets.extract.queries import latest_message, written_since
from chatwoot_assets.extract.row_versions import KnownVersions, differing_by_versions
from chatwoot_assets.partitions import Day
from chatwoot_assets.source.snapshot import Snapshot

# Ids are given before a transaction commits: what is committed a little late has an older id.
IDS_LOOKED_BACK = 100
# A contact may rate for 14 days after a conversation is resolved; of so many days ratings are always compared.
DAYS_RATED = 30
# So many passes compare each older day in full once: four hours of them, where one is made every minute.
SCANS_PER_CYCLE = 240
# But at most so many days in one, so that they are looked up by index: a longer history takes longer.
DAYS_PER_SCAN = 8


@dataclass(frozen=True)
class Changes:
    """What a pass found.

    Attributes:
        days: the days whose rows differ from what is loaded, or that are not loaded, in order.
        compared: the days that were compared in full.
        latest_message: the largest message id there was, for the next pass.
        last_in_turn: the last of the older days whose turn it was, for the next pass; None where there is none.
        compared_at: the instant of the snapshot that was compared.
        versions: of days that do not differ the versions of their rows, where these were not known.
    """

    days: list[Day]
    compared: list[Day]
    latest_message: int
    rotation_cursor: datetime.date | None
    compared_at: datetime.datetime
    versions: KnownVersions = field(default_factory=dict)


def find_changes(
    source: Snapshot,
    schema: str,
    timezone: str,
    days: list[Day],
    loaded: KnownFingerprints,
    *,
    recent: int | None = None,
    since_message: int | None = None,
    rotation_after: datetime.date | None = None,
    versions: KnownVersions | None = None,
) -> Changes:
    """Compare the source with what is loaded.

    Args:
        source: the snapshot to compare.
        schema: the views' schema.
        timezone: the reporting time zone.
        days: all partitions, in order, each adjacent to the next.
        loaded: the fingerprints of the loaded days.
        recent: so many of the last days are compared in full; all where it is None.
        since_message: what the last pass returned as `latest_message`; used for the days before.
        turn_after: what the last pass returned as `rotation_cursor`.
        versions: of loaded days the versions of their rows, as passes over everything returned them.
    """
    defined = definition(timezone)

    def differing(among: list[Day], *groups: FingerprintGroup) -> set[Day]:
        return differing_days(source, schema, defined, among, loaded, groups=groups)

    latest = source.read(latest_message(schema))["latest"][0] or 0
    if recent is None:
        changed = differing(days, *(group for group in FingerprintGroup if group not in VERSION_QUERIES))
        written, found = differing_by_versions(source, schema, defined, days, loaded, versions or {})
        return Changes(_in_order(changed | written), days, latest, None, source.taken_at, found)
    older = days[:-recent]
    turn = next_in_rotation(older, rotation_after)
    whole = {*days[-recent:], *turn}
    if older and since_message is not None:
        query = written_since(schema, older, since_message - IDS_LOOKED_BACK)
        whole.update(older[bucket - 1] for (bucket,) in source.read(query).iter_rows())
    compared = _in_order(whole)
    elsewhere = {
        FingerprintGroup.CONVERSATIONS: days,
        FingerprintGroup.CSAT: _in_order(whole.union(older[-DAYS_RATED:])),
    }
    changed = differing(compared, *(group for group in FingerprintGroup if group not in elsewhere))
    for group, among in elsewhere.items():
        changed |= differing(among, group)
    return Changes(_in_order(changed), compared, latest, turn[-1].date if turn else None, source.taken_at)


def next_in_rotation(older: list[Day], after: datetime.date | None) -> list[Day]:
    """Return the days whose turn it is: a few that follow `after`, or the first where none does.

    Args:
        older: the days that take turns, in order.
        after: the last of them that had its turn.
    """
    following = [day for day in older if after is None or day.date > after] or older
    return following[: min(math.ceil(len(older) / SCANS_PER_CYCLE), DAYS_PER_SCAN)]


def _in_order(days: Iterable[Day]) -> list[Day]:
    return sorted(days, key=lambda day: day.date)
