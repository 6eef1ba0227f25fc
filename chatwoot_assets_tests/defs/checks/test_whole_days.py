"""Checks of whole days: rows are those of the extracts, sums add up, and a run checks its own days."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets_tests.defs.checks.quality_results import (
    CODES,
    EXTRACT,
    MESSAGES,
    METRICS,
    NEXT_DAY,
    OUTSIDE,
    RANGE,
    SUMMARY,
    by_name,
    damage,
    failed,
    run_checks,
    value,
)
from chatwoot_assets_tests.project import Project


def test_a_missing_or_additional_row_is_found_by_its_extract(copied: Project) -> None:
    damage(copied, "DELETE FROM conversas_analytics WHERE id = 2")
    assert failed(run_checks(copied)) == dict.fromkeys((EXTRACT, SUMMARY, METRICS), "2025-03-10")
    damage(copied, "UPDATE conversas_analytics SET conversation_date = '2025-03-10', day_of_week = 1 WHERE id = 11")
    # Its messages still have its old day.
    expected = dict.fromkeys((EXTRACT, SUMMARY, METRICS), "2025-03-11") | {MESSAGES: "2025-03-10"}
    assert failed(run_checks(copied)) == expected


def test_a_day_that_lost_all_its_rows_is_found(copied: Project) -> None:
    damage(copied, "DELETE FROM conversas_analytics WHERE conversation_date = '2025-03-11'")
    results = run_checks(copied)
    assert failed(results) == dict.fromkeys((EXTRACT, SUMMARY, METRICS), "2025-03-11")
    assert value(results[EXTRACT], "failing_rows") == 3


def test_a_missing_extract_is_found(with_extracts: Project) -> None:
    Path(with_extracts.store.path(Dataset.CONVERSATIONS, with_extracts.day("2025-03-11"))).unlink()
    results = run_checks(with_extracts)
    assert failed(results) == {EXTRACT: "2025-03-11"}
    assert value(results[EXTRACT], "failing_rows") == 3


CHANGED = "UPDATE daily_summary SET {} WHERE conversation_date = '2025-03-11'"
SUMMARY_BROKEN = {
    "a row gone": "DELETE FROM daily_summary WHERE conversation_date = '2025-03-11'",
    "a row too many": "INSERT INTO daily_summary SELECT (jsonb_populate_record(d, '{\"status\": \"snoozed\"}')).*"
    " FROM daily_summary AS d WHERE conversation_date = '2025-03-11'",
    **{
        f"another {column}": CHANGED.format(f"{column} = {column} + 1")
        for column in (
            "total_conversations", "responded_conversations", "sum_first_response_seconds", "avg_response_time",
            "total_rated", "sum_rating", "avg_rating",
        )
    },
    "no avg_rating": CHANGED.format("avg_rating = NULL"),
    "no avg_response_time": CHANGED.format("avg_response_time = NULL"),
    "another first response": "UPDATE conversas_analytics SET first_response_seconds = 1 WHERE id = 12",
}  # fmt: skip


@pytest.mark.parametrize("statement", SUMMARY_BROKEN.values(), ids=SUMMARY_BROKEN.keys())
def test_a_summary_that_does_not_add_up_is_found(copied: Project, statement: str) -> None:
    damage(copied, statement)
    assert failed(run_checks(copied)) == {SUMMARY: "2025-03-11"}


def test_a_changed_rating_is_found_by_every_check_that_counts_it(copied: Project) -> None:
    damage(copied, "UPDATE conversas_analytics SET rating = 1 WHERE id = 12")
    assert failed(run_checks(copied)) == dict.fromkeys((SUMMARY, METRICS), "2025-03-11")


def test_conversations_outside_the_partitions_cause_a_warning(copied: Project) -> None:
    settings = replace(copied.settings, partitions_start_date=NEXT_DAY)
    with copied.writing() as writer:
        writer.conversation("2999-01-01 00:00:00", id=99)
    try:
        result = run_checks(replace(copied, settings=settings))[OUTSIDE]
    finally:
        with copied.source() as connection:
            connection.execute("DELETE FROM conversations WHERE id = 99")
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert [value(result, name) for name in ("before_first_partition", "after_today", "oldest_day")] == [
        3,
        1,
        "2025-03-10",
    ]
    assert "PARTITIONS_START_DATE" in str(result.description)


def test_a_run_of_some_days_checks_these_days_only(with_extracts: Project) -> None:
    damage(with_extracts, "UPDATE conversas_analytics SET conversation_hour = 24")
    assert failed(run_checks(with_extracts))[RANGE] == "2025-03-10, 2025-03-11"
    results = by_name(with_extracts.load(NEXT_DAY, NEXT_DAY + datetime.timedelta(days=1), force=True))
    assert failed(results) == {}
    assert failed(run_checks(with_extracts))[RANGE] == "2025-03-10"


def test_a_run_of_some_days_names_its_failing_days(with_extracts: Project) -> None:
    with with_extracts.source() as connection:
        connection.execute("UPDATE conversations SET status = 7 WHERE id IN (1, 12, 13)")
    try:
        results = by_name(with_extracts.load(NEXT_DAY, NEXT_DAY + datetime.timedelta(days=1)))
    finally:
        with with_extracts.source() as connection:
            connection.execute("UPDATE conversations SET status = 0")
    assert failed(results) == {CODES: "2025-03-11"}
    assert value(results[CODES], "failing_rows") == 2
