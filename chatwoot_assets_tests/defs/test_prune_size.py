"""The size of Dagster's database while a busy desk is pruned every day."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import psycopg
import pytest

from chatwoot_assets.defs.prune import prune
from chatwoot_assets_tests.dagster_private import FreshnessState
from chatwoot_assets_tests.defs.runs_of_a_desk import UTC, Desk, open_desk

# As many assets and checks as this project has.
ASSETS, CHECKS = 18, 15
LOADED_DAYS = 730
# The days whose conversations still change.
CHANGING_DAYS = 60
SIMULATED_DAYS = 60
RUNS_PER_DAY = 2

_SIZE = """
SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@pytest.mark.slow
def test_sixty_days_of_a_busy_desk_are_no_larger_than_thirty(dagster_url: str, tmp_path: Path) -> None:
    sizes: dict[int, int] = {}
    with open_desk(dagster_url, str(tmp_path), ASSETS, CHECKS) as desk:
        start = datetime.datetime(2025, 3, 1, tzinfo=UTC)
        desk.refresh(start, _days_until(start, LOADED_DAYS))
        chance = random.Random(1)  # noqa: S311 - a test that repeats
        for number in range(1, SIMULATED_DAYS + 1):
            today = start + datetime.timedelta(days=number)
            _be_busy(desk, today, chance, number)
            prune(desk.instance, desk.own, 2, now=today + datetime.timedelta(hours=23))
            sizes[number] = _size(dagster_url) if number in (30, SIMULATED_DAYS) else 0
    assert sizes[SIMULATED_DAYS] < 1.1 * sizes[30]


def _be_busy(desk: Desk, today: datetime.datetime, chance: random.Random, number: int) -> None:
    """Leave a day's runs: some refresh today, yesterday and older days, and now and then one fails or checks."""
    history = _days_until(today, CHANGING_DAYS)
    for run in range(RUNS_PER_DAY):
        desk.refresh(today + datetime.timedelta(hours=5 * run), sorted({*history[-2:], *chance.sample(history, 15)}))
    if number % 5 == 0:
        desk.refresh(today + datetime.timedelta(hours=21), history[-1:], fails=True)
    if number % 2 == 0:
        desk.check(today + datetime.timedelta(hours=22))
        desk.change_freshness(today, chance.choice(list(FreshnessState)))


def _days_until(last: datetime.datetime, count: int) -> list[str]:
    return [str((last - datetime.timedelta(days=days)).date()) for days in reversed(range(count))]


def _size(url: str) -> int:
    """Return the bytes of Dagster's tables and indexes, without the space that VACUUM has made free."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM FULL")
        row = connection.execute(_SIZE).fetchone()
    assert row is not None
    return int(row[0])
