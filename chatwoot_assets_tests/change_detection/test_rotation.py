"""The rotation: each scan compares a few older days in full, until all were compared."""

from __future__ import annotations

import datetime
import math
import zoneinfo
from dataclasses import replace

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.change_detection import changes
from chatwoot_assets.partitions import Day, day, today
from chatwoot_assets.warehouse.source_comparison import RECENT, record_position
from chatwoot_assets_tests.change_detection.scanning import change, nth_date, position, tick
from chatwoot_assets_tests.conftest import DAYS_AGO
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.source_writer import SourceWriter


@pytest.fixture
def settled(recent: Project) -> Project:
    """The recent days, with a message so late that no older day is looked at because of its last messages."""
    with recent.source() as connection:
        SourceWriter(connection).message(20, "2020-01-01 12:00", id=6_000)
    recent.load(datetime.date.fromisoformat(nth_date(recent, 20)))
    return recent


def _scans_until_requested(project: Project, instance: dg.DagsterInstance) -> tuple[int, list[str]]:
    """Scan until a scan requests something; return its number, and the first day of each range."""
    for number in range(1, DAYS_AGO + 2):
        requested, _ = tick(project, instance)
        if requested:
            return number, [first for first, _ in requested]
    return 0, []


def test_edit_of_an_old_message_is_found_within_a_rotation(settled: Project, instance: dg.DagsterInstance) -> None:
    change(settled, "UPDATE messages SET content = 'olá' WHERE id = 5")
    assert _scans_until_requested(settled, instance) == (5, [nth_date(settled, 5)])


def test_renamed_contact_is_found_on_recent_days_first_then_in_rotation(
    settled: Project, instance: dg.DagsterInstance
) -> None:
    tick(settled, instance)
    change(settled, "UPDATE contacts SET name = 'Clara' WHERE id = 1")
    requested, _ = tick(settled, instance)
    # The last of the three recent days has no conversation yet.
    assert requested == [(nth_date(settled, 2), nth_date(settled, 2)), (nth_date(settled, 19), nth_date(settled, 20))]
    assert (nth_date(settled, 2), nth_date(settled, 3)) in tick(settled, instance)[0]


def test_failed_scan_does_not_advance_the_rotation(settled: Project, instance: dg.DagsterInstance) -> None:
    change(settled, "UPDATE messages SET content = 'olá' WHERE id = 2")
    tick(settled, instance)
    tick(replace(settled, source_url="postgresql://127.0.0.1:1/chatwoot"), instance)
    assert _scans_until_requested(settled, instance) == (1, [nth_date(settled, 2)])


def test_rotation_goes_from_the_last_older_day_to_the_first(settled: Project, instance: dg.DagsterInstance) -> None:
    tick(settled, instance)
    with settled.target() as connection:
        record_position(connection, RECENT, {**position(settled), "in_full": nth_date(settled, 17)})
    for expected in (18, 1):
        tick(settled, instance)
        assert position(settled)["in_full"] == nth_date(settled, expected)


def test_rotation_is_empty_if_all_days_are_recent(settled: Project, instance: dg.DagsterInstance) -> None:
    start = today(settled.settings.reporting_timezone)
    young = replace(settled, settings=replace(settled.settings, partitions_start_date=start))
    assert tick(young, instance)[0] == []
    assert position(young) == {
        "message": 6_000, "in_full": None, "own_columns": None
    }  # fmt: skip


_FIRST, _LONGEST = datetime.date(2020, 1, 1), 3_000
_HISTORY = [day(_FIRST + datetime.timedelta(days=number), zoneinfo.ZoneInfo("UTC")) for number in range(_LONGEST)]


@given(
    older=st.integers(1, _LONGEST - 3), start=st.none() | st.sampled_from(_HISTORY), growth=st.integers(0, 3),
    grows_after=st.integers(0, 300), per_day=st.integers(0, 20_000),
)  # fmt: skip
def test_rotation_reaches_every_older_day_with_a_few_days_per_scan(
    older: int, start: Day | None, growth: int, grows_after: int, per_day: int
) -> None:
    after = start.date if start else None
    sizes = {day.date: per_day for day in _HISTORY}
    days_per_scan = max(1, min(8, 5_000 // max(per_day, 1)))
    reached: set[Day] = set()
    for number in range(2 * math.ceil(older / days_per_scan)):
        among = _HISTORY[: older + (growth if number >= grows_after else 0)]
        rotation = changes.next_in_rotation(among, after, sizes, 5_000, 8)
        assert 1 <= len(rotation) <= days_per_scan
        reached.update(rotation)
        after = rotation[-1].date
    assert reached.issuperset(_HISTORY[:older])
