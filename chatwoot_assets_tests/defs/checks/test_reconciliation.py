"""Reconciliation: differing days are named, a wrong value in a loaded row is found, and no value is shown."""

from __future__ import annotations

import datetime

import pytest
from psycopg import sql

from chatwoot_assets.change_detection import full_comparison
from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.defs.jobs import RECONCILE
from chatwoot_assets.extract import blocks, queries
from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets_tests.defs.checks.running import outcome, outcomes, run_checks, value
from chatwoot_assets_tests.project import Project

DAYS, ROWS = "every_day_equals_chatwoot", "sampled_rows_equal_chatwoot"


def _day(project: Project, number: int) -> str:
    return str(project.settings.partitions_start_date + datetime.timedelta(days=number - 1))


def test_days_that_were_just_loaded_are_equal(recent: Project) -> None:
    results = run_checks(recent, RECONCILE)
    assert outcomes(results) == {DAYS: "passed", ROWS: "passed"}
    assert value(results[DAYS], "days") == 21
    # Today has no conversation, and may be among the ten sampled days.
    assert value(results[ROWS], "rows_compared") in (9, 10)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messages SET content = 'segredo' WHERE id = 5",
        "DELETE FROM messages WHERE id = 5",
        "UPDATE csat_survey_responses SET rating = 1 WHERE id = 5",
        "UPDATE conversations SET assignee_id = 3 WHERE id = 5",
        "DELETE FROM conversations WHERE id = 5",
    ],
)
def test_days_that_changed_since_their_load_are_named(recent: Project, statement: str) -> None:
    with recent.source() as connection:
        connection.execute(statement.encode())
    results = run_checks(recent, RECONCILE)
    assert outcomes(results) == {DAYS: "ERROR", ROWS: "passed"}
    assert value(results[DAYS], "which_days") == _day(recent, 5)


def test_a_day_that_was_never_loaded_differs(recent: Project) -> None:
    with recent.target() as connection:
        connection.execute("DELETE FROM partition_state WHERE conversation_date = %s", [_day(recent, 9)])
    assert value(run_checks(recent, RECONCILE)[DAYS], "which_days") == _day(recent, 9)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("conversas_analytics SET status = 'segredo'", "status"),
        ("conversas_analytics SET t_messages = 7", "t_messages"),
        ("conversas_analytics SET created_at = created_at + interval '1 microsecond'", "created_at"),
        ("conversas_analytics SET rated_at = NULL", "rated_at"),
        ("conversas_analytics SET duration_seconds = duration_seconds + 1", "duration_seconds"),
        ("messages SET content = 'segredo'", "message_compiled"),
        ("messages SET created_at = created_at + interval '1 microsecond'", "message_compiled"),
    ],
)
def test_a_wrong_value_in_a_loaded_row_is_found_by_its_column(recent: Project, change: str, column: str) -> None:
    with recent.target() as connection:
        connection.execute(f"UPDATE {change}".encode())
    results = run_checks(recent, RECONCILE)
    assert outcomes(results) == {DAYS: "passed", ROWS: "ERROR"}
    assert value(results[ROWS], "differing_columns") == column
    assert "segredo" not in repr(results)


def test_a_load_does_not_reconcile(recent: Project) -> None:
    result = recent.load(recent.settings.partitions_start_date, force=True)
    names = {evaluation.check_name for evaluation in result.get_asset_check_evaluations()}
    assert "summary_adds_up" in names
    assert not names & {DAYS, ROWS, "lag_is_within_limits"}


def test_no_row_is_sampled_when_no_day_is_loaded(project: Project) -> None:
    result = run_checks(project, RECONCILE)[ROWS]
    assert (outcome(result), value(result, "rows_compared")) == ("passed", 0)


def test_no_statement_reads_all_days(recent: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    run_checks(recent, RECONCILE)
    read, statements = Snapshot.read, list[str]()

    def recording(self: Snapshot, query: sql.Composable, **options: bool) -> object:
        statements.append(query.as_string())
        return read(self, query, **options)

    monkeypatch.setattr(Snapshot, "read", recording)
    assert outcomes(run_checks(recent, RECONCILE)) == {DAYS: "passed", ROWS: "passed"}
    # Rows are found by ids everywhere, and not by their days alone.
    by_day = [statement for statement in statements if "created_at >=" in statement]
    assert by_day
    assert all(
        '"id" >= ' in statement or '"conversation_id" >= ' in statement or "ANY(" in statement for statement in by_day
    )


def test_old_part_of_an_interrupted_comparison_does_not_pass(recent: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (queries, blocks, full_comparison):
        monkeypatch.setattr(module, "IDS_PER_BLOCK", 1)
    monkeypatch.setattr(full_comparison, "FIRST_CHUNK", 2)
    interrupted = compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"])
    next(interrupted)
    interrupted.close()
    long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    with recent.target() as connection:
        connection.execute(
            "UPDATE source_comparison SET position = jsonb_set(position, '{pass,since}', to_jsonb(%s::text))",
            [long_ago.isoformat()],
        )
    result = run_checks(recent, RECONCILE)[DAYS]
    assert (outcome(result), value(result, "compared_from")) == ("WARN", long_ago.timestamp())
    assert outcome(run_checks(recent, RECONCILE)[DAYS]) == "passed"
