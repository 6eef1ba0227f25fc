"""Each quality check passes on loaded rows, and fails after damage of its kind."""

from __future__ import annotations

import datetime
import functools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import psycopg
import pytest

from chatwoot_assets.conversations.daily_summary import replace_summary
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.checks.quality import build_quality_checks
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import QUIET, Project

DAY = datetime.date(2025, 3, 10)
NEXT_DAY = DAY + datetime.timedelta(days=1)
SECRETS = ("Zebedeu Quaresma", "+5511987654321", "minha senha é abacaxi")

KEYS, RANGE, CODES = "keys_are_unique_and_present", "values_are_in_range", "codes_are_known"
SUMMARY, METRICS = "summary_adds_up", "metrics_add_up"
MESSAGES, JSON = "messages_are_complete", "json_is_within_limits"
FOLLOW, ACTIVITY = "first_responses_follow", "activity_is_understood"
ATTRIBUTES, IMPORTS = "attributes_fit_their_types", "imports_are_left_out"
EXTRACT, OUTSIDE = "rows_equal_extract", "partitions_hold_every_conversation"

Results = dict[str, dg.AssetCheckEvaluation]


@pytest.fixture(scope="module")
def loaded(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two days of three conversations each, loaded: 1 to 3, and 11 to 13."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path_factory.mktemp("checks"))
    with project.writing() as writer:
        writer.contact(7, SECRETS[0], phone_number=SECRETS[1])
        for first, date in ((1, DAY), (11, NEXT_DAY)):
            at = f"{date} 15:00:00"
            for id_ in range(first, first + 3):
                writer.conversation(at, id=id_, contact_id=7, first_reply_created_at=f"{date} 15:01:00")
                writer.message(id_, at, SECRETS[2], id=id_)
                writer.rating(id_, at, 4, id=id_, feedback_message=SECRETS[2])
    project.load(DAY, NEXT_DAY)
    return project


@pytest.fixture
def project(loaded: Project, postgres: Postgres) -> Iterator[Project]:
    """A copy of the loaded target, for damage; the source and the extracts are shared."""
    url = loaded.target_url
    original, copy = (u.partition("@/")[2].partition("?")[0] for u in (url, f"{url}_".replace("?", "_copy?", 1)))
    with psycopg.connect(postgres.server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"'.encode())
    yield replace(loaded, target_url=url.replace("?", "_copy?", 1))
    with psycopg.connect(postgres.server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{copy}" WITH (FORCE)'.encode())


@pytest.fixture
def with_extracts(project: Project, tmp_path: Path) -> Project:
    """The same with a copy of the extracts, which may be damaged or replaced."""
    shutil.copytree(project.settings.extracts_url, tmp_path / "extracts")
    return replace(project, settings=replace(project.settings, extracts_url=str(tmp_path / "extracts")))


@functools.lru_cache
def _checks_only(settings: Settings) -> dg.JobDefinition:
    job = dg.define_asset_job("checks", selection=dg.AssetSelection.checks(*build_quality_checks(settings)))
    return dg.Definitions.merge(build_defs(settings), dg.Definitions(jobs=[job])).resolve_job_def("checks")


def _checks(project: Project) -> Results:
    """Run all quality checks, and no asset, on every loaded day."""
    job = _checks_only(project.settings)
    return _by_name(job.execute_in_process(resources=project.resources, run_config=QUIET, raise_on_error=False))


def _by_name(result: dg.ExecuteInProcessResult) -> Results:
    results = {evaluation.check_name: evaluation for evaluation in result.get_asset_check_evaluations()}
    assert set(results) == {
        *(KEYS, RANGE, CODES, MESSAGES, JSON, SUMMARY, METRICS, EXTRACT, OUTSIDE, FOLLOW, ACTIVITY, ATTRIBUTES),
        IMPORTS,
    }
    for evaluation in results.values():
        text = repr(evaluation)
        assert not [secret for secret in SECRETS if secret in text]
    return results


def _failed(results: Results) -> dict[str, object]:
    """Return the failed checks with the days that they name."""
    return {name: _value(result, "which_days") for name, result in results.items() if not result.passed}


def _value(result: dg.AssetCheckEvaluation, name: str) -> object:
    return result.metadata[name].value if name in result.metadata else None


def _damage(project: Project, statement: str) -> None:
    with project.target() as connection:
        connection.execute(statement.encode())


def test_all_checks_pass_on_days_that_were_just_loaded(project: Project) -> None:
    results = _checks(project)
    assert _failed(results) == {}
    assert {_value(result, "failing_rows") for result in results.values()} == {0, None}


def test_all_checks_pass_before_anything_is_loaded(project: Project, postgres: Postgres) -> None:
    assert _failed(_checks(replace(project, target_url=postgres.new_database()))) == {}


UPDATE = "UPDATE conversas_analytics SET {} WHERE id = 2"
LOOSE = "ALTER TABLE conversas_analytics ALTER {} DROP NOT NULL; "
NO_KEY = "ALTER TABLE conversas_analytics DROP CONSTRAINT conversas_analytics_pkey; "
AGAIN = "INSERT INTO conversas_analytics SELECT * FROM conversas_analytics WHERE id = 2"

KEYS_BROKEN = {
    "an id twice in a day": (NO_KEY + AGAIN, 2),
    "no inbox": (LOOSE.format("inbox_id") + UPDATE.format("inbox_id = NULL"), 1),
    "no account": (LOOSE.format("account_id") + UPDATE.format("account_id = NULL"), 1),
    "no status": (LOOSE.format("status") + UPDATE.format("status = NULL"), 1),
    "no id": (NO_KEY + LOOSE.format("id") + UPDATE.format("id = NULL"), 1),
}


@pytest.mark.parametrize(("statement", "rows"), KEYS_BROKEN.values(), ids=KEYS_BROKEN.keys())
def test_a_broken_key_is_found(project: Project, statement: str, rows: int) -> None:
    _damage(project, statement)
    result = _checks(project)[KEYS]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.ERROR
    assert (_value(result, "which_days"), _value(result, "failing_days")) == ("2025-03-10", 1)
    assert _value(result, "failing_rows") == rows


def test_an_id_in_two_days_is_found_in_both(project: Project) -> None:
    _damage(project, NO_KEY)
    _damage(project, "UPDATE conversas_analytics SET id = 2 WHERE id = 12")
    assert _failed(_checks(project))[KEYS] == "2025-03-10, 2025-03-11"


OUT_OF_RANGE = {
    "hour 24": "conversation_hour = 24",
    "hour -1": "conversation_hour = -1",
    "another day's weekday": "day_of_week = 2",
    "weekday 7": "day_of_week = 7",
    "resolved flag of an open conversation": "is_resolved = true",
    "a code of another status": "status_code = 3",
    "a word of another priority": "priority = 'high', priority_code = 0",
    "a priority without its code": "priority = 'high', priority_code = NULL",
    "assigned to nobody": "is_assigned = true",
    "fewer messages than were sent": "t_messages = 0",
    "more from contacts than all": "contact_msg_count = 2",
    "a negative duration": "duration_seconds = -1",
    "a first message after the last": "first_message_at = last_message_at + interval '1 s'",
    "a first message without a last": "last_message_at = NULL",
    "a time without responses": "csat_responses = 0",
}


@pytest.mark.parametrize("change", OUT_OF_RANGE.values(), ids=OUT_OF_RANGE.keys())
def test_an_impossible_value_is_found(project: Project, change: str) -> None:
    _damage(project, UPDATE.format(change))
    result = _checks(project)[RANGE]
    assert not result.passed
    assert (_value(result, "which_days"), _value(result, "failing_rows")) == ("2025-03-10", 1)


INCOMPLETE = {
    "a message is missing": "DELETE FROM messages WHERE id = 2",
    "a message too many": "INSERT INTO messages SELECT (jsonb_populate_record(m, '{\"id\": 99}')).* FROM messages AS m"
    " WHERE id = 2",
    "another day": "UPDATE messages SET conversation_date = '2025-03-11' WHERE id = 2",
    "another account": "UPDATE messages SET account_id = 9 WHERE id = 2",
    "another inbox": "UPDATE messages SET inbox_id = 9 WHERE id = 2",
    "another count": UPDATE.format("t_messages = 2"),
}


@pytest.mark.parametrize("statement", INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_incomplete_messages_are_found(project: Project, statement: str) -> None:
    _damage(project, statement)
    assert _failed(_checks(project)) == {MESSAGES: "2025-03-10"}


def test_conversation_beyond_the_json_limit_is_named(project: Project) -> None:
    _damage(
        project,
        "INSERT INTO messages SELECT (jsonb_populate_record(m, jsonb_build_object('id', 1000 + n,"
        " 'content', repeat('x', 150000)))).* FROM messages AS m, generate_series(1, 1900) AS n WHERE m.id = 2;"
        "UPDATE conversas_analytics SET t_messages = 1901 WHERE id = 2",
    )
    results = _checks(project)
    assert _failed(results) == {JSON: "2025-03-10"}
    assert results[JSON].severity == dg.AssetCheckSeverity.WARN
    query = "SELECT message_compiled FROM vw_messages_compiled WHERE conversation_id = %s"
    with project.target() as connection:
        assert connection.execute(query, [1]).fetchone()
        with pytest.raises(psycopg.errors.ProgramLimitExceeded):
            connection.execute(query, [2])


def test_a_reply_dated_before_its_conversation_counts_in_no_average(project: Project) -> None:
    _damage(project, "UPDATE conversas_analytics SET first_response_seconds = -184901400 WHERE id = 2")
    with project.target() as connection:
        replace_summary(connection, [DAY])
        (row,) = connection.execute(
            "SELECT responded_conversations, sum_first_response_seconds, avg_response_time FROM daily_summary"
            " WHERE conversation_date = '2025-03-10'"
        ).fetchall()
    assert row == (2, 120, 60)
    results = _checks(project)
    assert _failed(results) == {FOLLOW: "2025-03-10"}
    assert results[FOLLOW].severity == dg.AssetCheckSeverity.WARN


def test_sentences_that_no_language_explains_are_counted(project: Project) -> None:
    _damage(
        project,
        "UPDATE messages SET message_type = 'activity', content = 'Die Konversation wurde von Ana geschlossen'"
        " WHERE id IN (2, 3)",
    )
    results = _checks(project)
    assert _failed(results) == {ACTIVITY: "2025-03-10"}
    assert (_value(results[ACTIVITY], "failing_rows"), results[ACTIVITY].severity) == (2, dg.AssetCheckSeverity.WARN)
    assert "Konversation" not in repr(results)


UNKNOWN = {
    "an unknown status": "status = 'unknown(7)'",
    "an unknown priority": "priority = 'unknown(9)'",
    "rating 9": "rating = 9",
    "rating 0": "rating = 0",
    "a rating without a time": "rated_at = NULL",
}


@pytest.mark.parametrize("change", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_an_unknown_code_causes_a_warning(project: Project, change: str) -> None:
    _damage(project, UPDATE.format(change))
    result = _checks(project)[CODES]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert (_value(result, "which_days"), _value(result, "failing_rows")) == ("2025-03-10", 1)


def test_a_missing_or_additional_row_is_found_by_its_extract(project: Project) -> None:
    _damage(project, "DELETE FROM conversas_analytics WHERE id = 2")
    assert _failed(_checks(project)) == dict.fromkeys((EXTRACT, SUMMARY, METRICS), "2025-03-10")
    _damage(project, "UPDATE conversas_analytics SET conversation_date = '2025-03-10', day_of_week = 1 WHERE id = 11")
    # Its messages still have its old day.
    expected = dict.fromkeys((EXTRACT, SUMMARY, METRICS), "2025-03-11") | {MESSAGES: "2025-03-10"}
    assert _failed(_checks(project)) == expected


def test_a_day_that_lost_all_its_rows_is_found(project: Project) -> None:
    _damage(project, "DELETE FROM conversas_analytics WHERE conversation_date = '2025-03-11'")
    results = _checks(project)
    assert _failed(results) == dict.fromkeys((EXTRACT, SUMMARY, METRICS), "2025-03-11")
    assert _value(results[EXTRACT], "failing_rows") == 3


def test_a_missing_extract_is_found(with_extracts: Project) -> None:
    Path(with_extracts.store.path(Dataset.CONVERSATIONS, with_extracts.day("2025-03-11"))).unlink()
    results = _checks(with_extracts)
    assert _failed(results) == {EXTRACT: "2025-03-11"}
    assert _value(results[EXTRACT], "failing_rows") == 3


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
def test_a_summary_that_does_not_add_up_is_found(project: Project, statement: str) -> None:
    _damage(project, statement)
    assert _failed(_checks(project)) == {SUMMARY: "2025-03-11"}


def test_a_changed_rating_is_found_by_every_check_that_counts_it(project: Project) -> None:
    _damage(project, "UPDATE conversas_analytics SET rating = 1 WHERE id = 12")
    assert _failed(_checks(project)) == dict.fromkeys((SUMMARY, METRICS), "2025-03-11")


def test_twenty_failing_days_are_named_and_all_are_counted(project: Project) -> None:
    _damage(
        project,
        "INSERT INTO partition_state SELECT d, 1, 0, 0, now(), now(), 'run'"
        " FROM generate_series(date '2024-01-01', '2024-01-30', '1 day') AS d;"
        "INSERT INTO conversas_analytics SELECT (jsonb_populate_record(c, jsonb_build_object("
        " 'id', 1000 + n, 'conversation_date', date '2024-01-01' + n, 'conversation_hour', 24))).*"
        " FROM conversas_analytics AS c, generate_series(0, 29) AS n WHERE c.id = 1",
    )
    result = _checks(project)[RANGE]
    assert (_value(result, "failing_days"), _value(result, "failing_rows")) == (30, 30)
    days = ", ".join(f"2024-01-{day:02}" for day in range(1, 21))
    assert _value(result, "which_days") == f"{days} and 10 more"


def test_conversations_outside_the_partitions_cause_a_warning(project: Project) -> None:
    settings = replace(project.settings, partitions_start_date=NEXT_DAY)
    with project.writing() as writer:
        writer.conversation("2999-01-01 00:00:00", id=99)
    try:
        result = _checks(replace(project, settings=settings))[OUTSIDE]
    finally:
        with project.source() as connection:
            connection.execute("DELETE FROM conversations WHERE id = 99")
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert [_value(result, name) for name in ("before_first_partition", "after_today", "oldest_day")] == [
        3,
        1,
        "2025-03-10",
    ]
    assert "PARTITIONS_START_DATE" in str(result.description)


def test_a_run_of_some_days_checks_these_days_only(with_extracts: Project) -> None:
    _damage(with_extracts, "UPDATE conversas_analytics SET conversation_hour = 24")
    assert _failed(_checks(with_extracts))[RANGE] == "2025-03-10, 2025-03-11"
    results = _by_name(with_extracts.load(NEXT_DAY, NEXT_DAY + datetime.timedelta(days=1), force=True))
    assert _failed(results) == {}
    assert _failed(_checks(with_extracts))[RANGE] == "2025-03-10"


def test_a_run_of_some_days_names_its_failing_days(with_extracts: Project) -> None:
    with with_extracts.source() as connection:
        connection.execute("UPDATE conversations SET status = 7 WHERE id IN (1, 12, 13)")
    try:
        results = _by_name(with_extracts.load(NEXT_DAY, NEXT_DAY + datetime.timedelta(days=1)))
    finally:
        with with_extracts.source() as connection:
            connection.execute("UPDATE conversations SET status = 0")
    assert _failed(results) == {CODES: "2025-03-11"}
    assert _value(results[CODES], "failing_rows") == 2


def test_attribute_of_another_type_is_found(project: Project) -> None:
    _damage(
        project, """UPDATE conversas_analytics SET custom_attributes = '{"valor": null, "motivo": "x"}' WHERE id = 2"""
    )
    result = _checks(project)[ATTRIBUTES]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert result.metadata["failing_rows"].value == 1


def test_conversations_written_long_after_their_dates_are_found_unless_left_out(project: Project) -> None:
    _damage(
        project,
        "UPDATE conversas_analytics SET id = id + 1000000, conversation_date = conversation_date - 3 WHERE id = 2;"
        " UPDATE conversation_facts SET conversation_id = conversation_id + 1000000 WHERE conversation_id = 2;"
        " UPDATE conversation_facts SET is_imported = TRUE WHERE conversation_id = 1;"
        " INSERT INTO partition_state SELECT (s).* FROM (SELECT jsonb_populate_record(p,"
        " jsonb_build_object('conversation_date', p.conversation_date - 3)) AS s FROM partition_state AS p"
        " WHERE conversation_date = (SELECT conversation_date + 3 FROM conversas_analytics WHERE id = 1000002)) AS r",
    )
    result = _checks(project)[IMPORTS]
    assert not result.passed
    assert "set IMPORTED_BEFORE" in (result.description or "")
    counts = {key: value.value for key, value in result.metadata.items() if key.endswith("conversations")}
    assert counts == {"left_out_conversations": 1, "out_of_order_conversations": 1}
