"""The full comparison: compare every row of Chatwoot with what is loaded, in chunks, and resume after interruptions.

A pass goes through the conversations by id. Each chunk is read in a snapshot of its own, by statements of a few
seconds. Its result and position are stored in the warehouse, where the next call resumes if this one is killed. When a
pass has seen all conversations, the sums of all blocks make the days' fingerprints, which are compared with those that
are loaded.
"""

from __future__ import annotations

import datetime
import time
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass, replace

import psycopg

from chatwoot_assets.change_detection.loaded import add_later_days, assume_empty_before_first, read_loaded
from chatwoot_assets.errors import SourceError, StatementTimeoutError, WarehouseError
from chatwoot_assets.extract.blocks import Blocks, merge, read_blocks
from chatwoot_assets.extract.dataset import Dataset, FingerprintGroup
from chatwoot_assets.extract.fingerprint_columns import groups_of
from chatwoot_assets.extract.fingerprints import definition, fingerprint
from chatwoot_assets.extract.queries import IDS_PER_BLOCK, IdRange, next_ids
from chatwoot_assets.partitions import Day, all_days, begun_days
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import Snapshot, snapshot
from chatwoot_assets.warehouse.conversation_blocks import delete_blocks_from, known_blocks, replace_blocks
from chatwoot_assets.warehouse.locks import try_lock_comparison, unlock_comparison
from chatwoot_assets.warehouse.partition_state import loaded_snapshots
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets.warehouse.source_comparison import (
    FULL,
    read_position,
    record_comparison,
    record_failure,
    record_position,
)

# How long a chunk should take: the next one is made larger or smaller accordingly. It is no bound.
SECONDS_PER_CHUNK = 2.0
# A statement that takes longer is ended, and its chunk is read in two halves.
SECONDS_PER_STATEMENT = 5
FIRST_CHUNK, LARGEST_CHUNK = 10_000, 50_000


@dataclass(frozen=True)
class ComparisonProgress:
    """How far a pass has come.

    Attributes:
        next_id: The id from which the pass continues.
        end_id: The id at which it will end, as far as is known.
        since: The instant, by Chatwoot's clock, of the pass's first snapshot.
        until: The instant of its latest snapshot.
        compared: The days that were compared, once the pass is finished; None before. A day that was loaded during the
            pass was not.
        differing: The days that differ, once the pass is finished; None before.
    """

    next_id: int
    end_id: int
    since: datetime.datetime
    until: datetime.datetime
    compared: list[Day] | None = None
    differing: list[Day] | None = None


def compare_all(
    settings: Settings, chatwoot: ChatwootDatabase, warehouse: Warehouse
) -> Generator[ComparisonProgress, None, None]:
    """Compare everything with Chatwoot: begin a pass, or continue the one that was interrupted.

    Args:
        settings: The settings.
        chatwoot: The source.
        warehouse: The local database.

    Yields:
        The progress after each chunk; the last one has the days that differ, which are recorded as such.

    Raises:
        SourceError: The source cannot be compared now, which is recorded, too.
        WarehouseError: The local database cannot be used, or another full comparison is going on.
    """
    migrate(warehouse)
    with warehouse.connect() as connection:
        if not try_lock_comparison(connection):
            raise WarehouseError("another full comparison is going on", transient=True)
        try:
            yield from _Pass(settings, chatwoot, connection).run()
        except SourceError as error:
            record_failure(connection, FULL, str(error))
            raise
        finally:
            # Explicitly, because the server may notice only later that the session has ended.
            unlock_comparison(connection)


@dataclass
class _Position:
    """Where a pass continues, as it is stored in source_comparison.

    Attributes:
        definition: The definition of the hashes; sums by another definition cannot be compared.
        last_conversation: The largest id that was compared.
        next_id, since, until: As in `ComparisonProgress`.
    """

    definition: str
    next_id: int = 0
    last_conversation: int = 0
    since: str = ""
    until: str = ""

    def advance(self, next_id: int, since: datetime.datetime, until: datetime.datetime) -> None:
        """Move on to an id, after the conversations before it were compared from one instant to another."""
        self.next_id = next_id
        self.since = self.since or since.isoformat()
        self.until = until.isoformat()


class _Pass:
    """One pass over all conversations.

    The position in source_comparison has, for an unfinished pass, its `_Position` (`pass`); for the last finished one,
    the id at which it ended (`end_id`) and its largest id (`last_conversation`).
    """

    def __init__(self, settings: Settings, chatwoot: ChatwootDatabase, connection: psycopg.Connection) -> None:
        self._settings = settings
        self._chatwoot = chatwoot
        self._limited = replace(
            chatwoot, statement_timeout_seconds=min(SECONDS_PER_STATEMENT, chatwoot.statement_timeout_seconds)
        )
        self._connection = connection
        self._stored = read_position(connection, FULL)
        self._position = _Position(definition(settings.reporting_timezone.key, settings.mask))
        interrupted = self._stored.get("pass")
        if interrupted and interrupted["definition"] == self._position.definition:
            self._position = _Position(**interrupted)
        self._end_id = 0

    def run(self) -> Iterator[ComparisonProgress]:
        """Read the chunks that are left, and compare."""
        limit = FIRST_CHUNK
        with snapshot(self._limited) as source:
            while True:
                started = time.monotonic()
                if self._read_chunk(source, limit) < limit:
                    break
                yield self._progress()
                pace = SECONDS_PER_CHUNK / max(time.monotonic() - started, 0.001)
                limit = round(min(max(limit * min(max(pace, 0.25), 2), IDS_PER_BLOCK), LARGEST_CHUNK))
                source.renew()
        yield self._finish()

    def _read_chunk(self, source: Snapshot, limit: int) -> int:
        """Read the next conversations, at most about `limit`; record them, and return how many there were."""
        first = self._position.next_id
        check_views(source, self._settings.view_options)
        last_id, count, largest_id = source.read(next_ids(self._settings.views_schema, first, limit)).row(0)
        ids = _whole_blocks(first, last_id, is_last=count < limit) if count else (first, first)
        compared_at = source.taken_at
        blocks = self._read_range(source, ids) if count else {}
        self._end_id = max(largest_id or 0, ids[1] - 1) + 1
        self._position.last_conversation = last_id or self._position.last_conversation
        self._position.advance(ids[1], compared_at, source.taken_at)
        with self._connection.transaction():
            replace_blocks(self._connection, self._position.definition, *_numbers(ids), blocks)
            record_position(self._connection, FULL, {**self._stored, "pass": asdict(self._position)})
        return int(count)

    def _read_range(self, source: Snapshot, ids: IdRange) -> Blocks:
        """Read a range of ids, in two halves if a statement takes too long, each of them in a snapshot of its own."""
        try:
            return self._read_blocks(source, ids)
        except StatementTimeoutError:
            source.renew()
        first, end = ids
        if end - first == 1:
            # One conversation cannot be halved: it gets the usual statement_timeout.
            with snapshot(self._chatwoot) as patient:
                return self._read_blocks(patient, ids)
        middle = (first + end) // 2
        half = self._read_range(source, (first, middle))
        source.renew()
        return merge([half, self._read_range(source, (middle, end))])

    def _read_blocks(self, source: Snapshot, ids: IdRange) -> Blocks:
        known = known_blocks(self._connection, self._position.definition, *_numbers(ids))
        return read_blocks(source, self._settings.views_schema, all_days(self._settings), ids, known)

    def _finish(self) -> ComparisonProgress:
        """Compare the sums of all blocks with what is loaded, and record the result."""
        _, end = _numbers((0, self._position.next_id))
        since = datetime.datetime.fromisoformat(self._position.since)
        with self._connection.transaction():
            delete_blocks_from(self._connection, end)
            blocks = known_blocks(self._connection, self._position.definition, 0, end)
            compared, differing = self._compare(blocks, since)
            record_comparison(self._connection, FULL, since, compared, differing)
            finished = {"end_id": self._position.next_id, "last_conversation": self._position.last_conversation}
            record_position(self._connection, FULL, finished)
        return self._progress(compared, differing)

    def _compare(self, blocks: Blocks, since: datetime.datetime) -> tuple[list[Day], list[Day]]:
        """Return the days that were compared, and those of them that differ.

        A day that was loaded during the pass was not compared: its blocks may have been read before or after it.
        """
        until = datetime.datetime.fromisoformat(self._position.until)
        days = begun_days(all_days(self._settings), until)
        loaded = read_loaded(self._connection, self._settings, days)
        known = assume_empty_before_first(loaded, self._position.definition, days)
        snapshots = loaded_snapshots(self._connection)
        totals, read_at = _sum_by_day(blocks)
        compared = [
            day for day in days if day.date not in snapshots or snapshots[day.date] < read_at.get(day.date, since)
        ]
        differing = {day for day in compared if known.get(day.date) != self._fingerprints(totals.get(day.date, {}))}
        differing = add_later_days(differing, compared, loaded) if compared else differing
        return compared, sorted(differing, key=lambda day: day.date)

    def _fingerprints(self, totals: Mapping[FingerprintGroup, int]) -> dict[Dataset, str]:
        return {
            dataset: fingerprint(self._position.definition, *(totals.get(group, 0) for group in groups_of(dataset)))
            for dataset in Dataset
        }

    def _progress(self, compared: list[Day] | None = None, differing: list[Day] | None = None) -> ComparisonProgress:
        since, until = map(datetime.datetime.fromisoformat, (self._position.since, self._position.until))
        return ComparisonProgress(self._position.next_id, self._end_id, since, until, compared, differing)


def _whole_blocks(first: int, last_id: int, *, is_last: bool) -> IdRange:
    """Return the ids of a chunk from its first to its last conversation.

    It begins and ends with a block. Unless it is the last chunk, the block of its last conversation may have more.
    """
    end = (last_id // IDS_PER_BLOCK + is_last) * IDS_PER_BLOCK
    return first, max(end, first + IDS_PER_BLOCK)


def _numbers(ids: IdRange) -> tuple[int, int]:
    """Return the numbers of the blocks in which a range of ids is, without the second."""
    return ids[0] // IDS_PER_BLOCK, -(-ids[1] // IDS_PER_BLOCK)


def _sum_by_day(
    blocks: Blocks,
) -> tuple[dict[datetime.date, dict[FingerprintGroup, int]], dict[datetime.date, datetime.datetime]]:
    """Return the sums of each day's hashes, and the earliest instant at which one of its blocks was read."""
    sums: dict[datetime.date, dict[FingerprintGroup, int]] = defaultdict(lambda: defaultdict(int))
    read_at: dict[datetime.date, datetime.datetime] = {}
    for block in blocks.values():
        for date, totals in block.totals.items():
            read_at[date] = min(read_at.get(date, block.compared_at), block.compared_at)
            for group, total in totals.items():
                sums[date][group] += total
    return sums, read_at
