"""Freshness: what is stale is flagged, what is not known is said so, and what was loaded is served meanwhile."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import pytest

from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.jobs import CHECK_FRESHNESS
from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets_tests.conftest import DAYS_AGO
from chatwoot_assets_tests.defs.checks.running import outcome, outcomes, run_checks, value
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.source_writer import SourceWriter

EXPECTED, EQUAL, LAG = "expected_day_is_loaded", "days_equal_chatwoot_as_of_last_pass", "lag_is_within_limits"
FAILED = "no_partition_left_failed"
GONE = "postgresql://127.0.0.1:1/chatwoot"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


def _pass(project: Project, *, recent: int | None = None) -> None:
    scan_for_changes(project.settings, project.resources["chatwoot"], project.resources["warehouse"], recent=recent)


def _age(project: Project, hours: float) -> None:
    """Make all that was recorded of Chatwoot so much older."""
    by = datetime.timedelta(hours=hours)
    with project.target() as connection:
        connection.execute("UPDATE source_comparison SET compared_at = compared_at - %s", [by])
        connection.execute("UPDATE differing_day SET since = since - %s", [by])
        connection.execute("UPDATE partition_state SET snapshot_at = snapshot_at - 2 * %s::interval", [by])


def _day(project: Project, number: int) -> datetime.date:
    return project.settings.partitions_start_date + datetime.timedelta(days=number - 1)


def test_all_is_well_after_a_pass_that_found_everything_equal(recent: Project) -> None:
    _pass(recent)
    results = run_checks(recent, CHECK_FRESHNESS)
    assert outcomes(results) == dict.fromkeys((EXPECTED, EQUAL, LAG, FAILED), "passed")
    assert value(results[LAG], "lag_seconds") == 0


def test_what_was_never_compared_is_unknown_and_not_called_fresh(recent: Project) -> None:
    results = run_checks(recent, CHECK_FRESHNESS)
    assert outcomes(results) == {EXPECTED: "passed", EQUAL: "WARN", LAG: "WARN", FAILED: "passed"}
    assert "never compared" in str(results[EQUAL].description)


def test_a_day_that_is_not_loaded_when_it_should_be_is_an_error(recent: Project) -> None:
    with recent.target() as connection:
        connection.execute("DELETE FROM partition_state")
    result = run_checks(recent, CHECK_FRESHNESS)[EXPECTED]
    assert outcome(result) == "ERROR"
    assert "is not loaded" in str(result.description)


@pytest.mark.parametrize(("hours", "expected"), [(0, "passed"), (3, "WARN"), (27, "ERROR")])
def test_a_day_that_differs_warns_after_two_hours_and_fails_after_a_day(
    recent: Project, hours: int, expected: str
) -> None:
    with recent.source() as connection:
        connection.execute("UPDATE conversations SET status = 1 WHERE id = 2")
    _pass(recent)
    _age(recent, hours)
    _pass(recent, recent=7)  # sees it again; it differs since the first time
    result = run_checks(recent, CHECK_FRESHNESS)[EQUAL]
    assert outcome(result) == expected
    assert value(result, "which_days") == str(_day(recent, 2))
    recent.load(_day(recent, 2))
    result = run_checks(recent, CHECK_FRESHNESS)[EQUAL]
    assert (outcome(result), value(result, "differing_days")) == ("passed", 0)


def test_a_difference_that_comes_back_after_it_was_repaired_is_a_new_one(recent: Project) -> None:
    for status in (1, 0):
        with recent.source() as connection:
            connection.execute("UPDATE conversations SET status = %s WHERE id = 2", [status])
        _pass(recent)
        if status:
            _age(recent, 30)
            recent.load(_day(recent, 2))
    assert outcome(run_checks(recent, CHECK_FRESHNESS)[EQUAL]) == "passed"


@pytest.mark.parametrize(("hours", "expected"), [(0.5, "passed"), (3, "WARN"), (27, "ERROR")])
def test_chatwoots_newest_message_may_be_ahead_by_the_limits(recent: Project, hours: float, expected: str) -> None:
    _pass(recent)
    _age(recent, hours)
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    with recent.source() as connection:
        SourceWriter(connection).message(20, str(now), id=900)
    assert outcome(run_checks(recent, CHECK_FRESHNESS)[LAG]) == expected


def test_a_message_dated_in_the_future_is_no_lag(recent: Project) -> None:
    with recent.source() as connection:
        SourceWriter(connection).message(20, "2099-01-01", id=900)
    recent.load(_day(recent, 20))
    _pass(recent)
    assert outcome(run_checks(recent, CHECK_FRESHNESS)[LAG]) == "passed"


@pytest.mark.parametrize(("hours", "expected"), [(0, "WARN"), (27, "ERROR")])
def test_while_chatwoot_is_down_the_checks_say_since_when_nothing_is_known(
    recent: Project, hours: int, expected: str
) -> None:
    _pass(recent)
    _age(recent, hours)
    before = recent.conversations()
    gone = replace(recent, source_url=GONE)
    with pytest.raises(SourceError):
        _pass(gone)
    results = run_checks(gone, CHECK_FRESHNESS)
    assert outcome(results[LAG]) == expected
    assert str(results[LAG].description).startswith("unknown since 20")
    assert "refused" in str(results[LAG].description)
    assert outcome(results[EQUAL]) == ("passed" if hours == 0 else "ERROR")
    assert recent.conversations() == before


def test_partitions_whose_last_run_failed_are_named_until_one_repairs_them(
    recent: Project, instance: dg.DagsterInstance
) -> None:
    gone = replace(recent, source_url="postgresql://nobody@/no_such_database?host=/nowhere")
    job_fails = gone.load(_day(recent, 3), _day(recent, 4), instance=instance, raise_on_error=False)
    assert not job_fails.success
    result = run_checks(recent, CHECK_FRESHNESS, instance)[FAILED]
    assert outcome(result) == "ERROR"
    assert value(result, "which_days") == f"{_day(recent, 3)}, {_day(recent, 4)}"
    recent.load(_day(recent, 3), _day(recent, 4), instance=instance)
    assert outcome(run_checks(recent, CHECK_FRESHNESS, instance)[FAILED]) == "passed"


def test_a_source_that_refuses_is_not_named_with_a_password(recent: Project) -> None:
    secret = ChatwootDatabase(url="postgresql://reader:hunter22@127.0.0.1:1/chatwoot")
    with pytest.raises(SourceError):
        scan_for_changes(recent.settings, secret, recent.resources["warehouse"])
    with recent.target() as connection:
        assert "hunter22" not in str(connection.execute("SELECT failure FROM source_comparison").fetchall())


def test_partitions_before_today_count(recent: Project) -> None:
    assert DAYS_AGO > 7  # the passes above see older days too
    _pass(recent, recent=7)
    with recent.target() as connection:
        # The last seven, and the one whose turn it was.
        assert connection.execute("SELECT days FROM source_comparison").fetchone() == (8,)
