"""Freshness: stale days are flagged, unknown ones are reported as unknown, and loaded data stay available."""

from __future__ import annotations

import datetime
from dataclasses import replace

import dagster as dg
import pytest

from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.change_detection.scan import scan_for_changes
from chatwoot_assets.defs.jobs import CHECK_FRESHNESS
from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets_tests.conftest import DAYS_AGO
from chatwoot_assets_tests.defs.checks.running import outcome, outcomes, run_checks, value
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.source_writer import SourceWriter

EXPECTED, EQUAL, LAG = "expected_day_is_loaded", "days_equal_chatwoot_as_of_last_scan", "lag_is_within_limits"
FAILED = "no_partition_left_failed"
GONE = "postgresql://127.0.0.1:1/chatwoot"


def _scan(project: Project, *, recent: int | None = None) -> None:
    """Scan the recent days, or compare everything."""
    resources = project.resources["chatwoot"], project.resources["warehouse"]
    if recent is None:
        list(compare_all(project.settings, *resources))
    else:
        scan_for_changes(project.settings, *resources, recent=recent)


def _age(project: Project, hours: float) -> None:
    """Make all records of scans and loads older."""
    age = datetime.timedelta(hours=hours)
    with project.target() as connection:
        connection.execute("UPDATE source_comparison SET compared_at = compared_at - %s", [age])
        connection.execute("UPDATE differing_day SET since = since - %s", [age])
        connection.execute("UPDATE partition_state SET snapshot_at = snapshot_at - 2 * %s::interval", [age])


def _day(project: Project, number: int) -> datetime.date:
    return project.settings.partitions_start_date + datetime.timedelta(days=number - 1)


def test_all_checks_pass_after_a_scan_that_found_no_difference(recent: Project) -> None:
    _scan(recent)
    results = run_checks(recent, CHECK_FRESHNESS)
    assert outcomes(results) == dict.fromkeys((EXPECTED, EQUAL, LAG, FAILED), "passed")
    assert value(results[LAG], "lag_seconds") == 0


def test_days_that_were_never_compared_are_unknown_and_not_fresh(recent: Project) -> None:
    results = run_checks(recent, CHECK_FRESHNESS)
    assert outcomes(results) == {EXPECTED: "passed", EQUAL: "WARN", LAG: "WARN", FAILED: "passed"}
    assert "never compared" in str(results[EQUAL].description)


def test_an_expected_day_that_is_not_loaded_is_an_error(recent: Project) -> None:
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
    _scan(recent)
    _age(recent, hours)
    _scan(recent, recent=7)  # it still differs, since the first scan
    result = run_checks(recent, CHECK_FRESHNESS)[EQUAL]
    assert outcome(result) == expected
    assert value(result, "which_days") == str(_day(recent, 2))
    recent.load(_day(recent, 2))
    result = run_checks(recent, CHECK_FRESHNESS)[EQUAL]
    assert (outcome(result), value(result, "differing_days")) == ("passed", 0)


def test_a_difference_that_returns_after_its_repair_is_a_new_one(recent: Project) -> None:
    for status in (1, 0):
        with recent.source() as connection:
            connection.execute("UPDATE conversations SET status = %s WHERE id = 2", [status])
        _scan(recent)
        if status:
            _age(recent, 30)
            recent.load(_day(recent, 2))
    assert outcome(run_checks(recent, CHECK_FRESHNESS)[EQUAL]) == "passed"


@pytest.mark.parametrize(("hours", "expected"), [(0.5, "passed"), (3, "WARN"), (27, "ERROR")])
def test_the_lag_of_chatwoots_newest_message_is_judged_by_the_limits(
    recent: Project, hours: float, expected: str
) -> None:
    _scan(recent)
    _age(recent, hours)
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    with recent.source() as connection:
        SourceWriter(connection).message(20, str(now), id=900)
    assert outcome(run_checks(recent, CHECK_FRESHNESS)[LAG]) == expected


def test_a_message_dated_in_the_future_causes_no_lag(recent: Project) -> None:
    with recent.source() as connection:
        SourceWriter(connection).message(20, "2099-01-01", id=900)
    recent.load(_day(recent, 20))
    _scan(recent)
    assert outcome(run_checks(recent, CHECK_FRESHNESS)[LAG]) == "passed"


@pytest.mark.parametrize(("hours", "expected"), [(0, "WARN"), (27, "ERROR")])
def test_the_checks_report_since_when_chatwoot_is_down(recent: Project, hours: int, expected: str) -> None:
    _scan(recent)
    _age(recent, hours)
    before = recent.conversations()
    gone = replace(recent, source_url=GONE)
    with pytest.raises(SourceError):
        _scan(gone)
    results = run_checks(gone, CHECK_FRESHNESS)
    assert outcome(results[LAG]) == expected
    assert str(results[LAG].description).startswith("unknown since 20")
    assert "refused" in str(results[LAG].description)
    assert outcome(results[EQUAL]) == ("passed" if hours == 0 else "ERROR")
    assert recent.conversations() == before


def test_failed_partitions_are_named_until_a_run_repairs_them(recent: Project, instance: dg.DagsterInstance) -> None:
    gone = replace(recent, source_url="postgresql://nobody@/no_such_database?host=/nowhere")
    with recent.writing() as writer:
        for number in (3, 4):
            writer.conversation(f"{_day(recent, number)} 12:00")
    _scan(recent)
    failed = gone.load(_day(recent, 3), _day(recent, 4), instance=instance, raise_on_error=False)
    assert not failed.success
    result = run_checks(recent, CHECK_FRESHNESS, instance)[FAILED]
    assert outcome(result) == "ERROR"
    assert value(result, "which_days") == f"{_day(recent, 3)}, {_day(recent, 4)}"
    recent.load(_day(recent, 3), _day(recent, 4), instance=instance)
    assert outcome(run_checks(recent, CHECK_FRESHNESS, instance)[FAILED]) == "passed"


def test_the_recorded_failure_of_a_source_has_no_password(recent: Project) -> None:
    secret = ChatwootDatabase(url="postgresql://reader:hunter22@127.0.0.1:1/chatwoot")
    with pytest.raises(SourceError):
        scan_for_changes(recent.settings, secret, recent.resources["warehouse"], recent=3)
    with recent.target() as connection:
        assert "hunter22" not in str(connection.execute("SELECT failure FROM source_comparison").fetchall())


def test_a_scan_of_recent_days_counts_the_days_that_it_compares(recent: Project) -> None:
    assert DAYS_AGO > 7  # the scans above compare older days too
    _scan(recent, recent=7)
    with recent.target() as connection:
        # The last seven days and one older day in rotation.
        assert connection.execute("SELECT days FROM source_comparison").fetchone() == (8,)
