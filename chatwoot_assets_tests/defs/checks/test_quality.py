"""Each quality check passes on loaded rows, and fails after damage of its kind."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import psycopg
import pytest

from chatwoot_assets.conversations.daily_summary import replace_summary
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.defs.checks.quality_results import (
    ACTIVITY,
    ATTRIBUTES,
    CODES,
    DAY,
    FOLLOW,
    IMPORTS,
    JSON,
    KEYS,
    MESSAGES,
    RANGE,
    damage,
    failed,
    run_checks,
    value,
)
from chatwoot_assets_tests.project import Project


def test_all_checks_pass_on_days_that_were_just_loaded(copied: Project) -> None:
    results = run_checks(copied)
    assert failed(results) == {}
    assert {value(result, "failing_rows") for result in results.values()} == {0, None}


def test_all_checks_pass_before_anything_is_loaded(copied: Project, postgres: Postgres) -> None:
    assert failed(run_checks(replace(copied, target_url=postgres.new_database()))) == {}


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
def test_a_broken_key_is_found(copied: Project, statement: str, rows: int) -> None:
    damage(copied, statement)
    result = run_checks(copied)[KEYS]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.ERROR
    assert (value(result, "which_days"), value(result, "failing_days")) == ("2025-03-10", 1)
    assert value(result, "failing_rows") == rows


def test_an_id_in_two_days_is_found_in_both(copied: Project) -> None:
    damage(copied, NO_KEY)
    damage(copied, "UPDATE conversas_analytics SET id = 2 WHERE id = 12")
    assert failed(run_checks(copied))[KEYS] == "2025-03-10, 2025-03-11"


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
def test_an_impossible_value_is_found(copied: Project, change: str) -> None:
    damage(copied, UPDATE.format(change))
    result = run_checks(copied)[RANGE]
    assert not result.passed
    assert (value(result, "which_days"), value(result, "failing_rows")) == ("2025-03-10", 1)


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
def test_incomplete_messages_are_found(copied: Project, statement: str) -> None:
    damage(copied, statement)
    assert failed(run_checks(copied)) == {MESSAGES: "2025-03-10"}


def test_conversation_beyond_the_json_limit_is_named(copied: Project) -> None:
    damage(
        copied,
        "INSERT INTO messages SELECT (jsonb_populate_record(m, jsonb_build_object('id', 1000 + n,"
        " 'content', repeat('x', 150000)))).* FROM messages AS m, generate_series(1, 1900) AS n WHERE m.id = 2;"
        "UPDATE conversas_analytics SET t_messages = 1901 WHERE id = 2",
    )
    results = run_checks(copied)
    assert failed(results) == {JSON: "2025-03-10"}
    assert results[JSON].severity == dg.AssetCheckSeverity.WARN
    query = "SELECT message_compiled FROM vw_messages_compiled WHERE conversation_id = %s"
    with copied.target() as connection:
        assert connection.execute(query, [1]).fetchone()
        with pytest.raises(psycopg.errors.ProgramLimitExceeded):
            connection.execute(query, [2])


def test_a_reply_dated_before_its_conversation_counts_in_no_average(copied: Project) -> None:
    damage(copied, "UPDATE conversas_analytics SET first_response_seconds = -184901400 WHERE id = 2")
    with copied.target() as connection:
        replace_summary(connection, [DAY])
        (row,) = connection.execute(
            "SELECT responded_conversations, sum_first_response_seconds, avg_response_time FROM daily_summary"
            " WHERE conversation_date = '2025-03-10'"
        ).fetchall()
    assert row == (2, 120, 60)
    results = run_checks(copied)
    assert failed(results) == {FOLLOW: "2025-03-10"}
    assert results[FOLLOW].severity == dg.AssetCheckSeverity.WARN


def test_sentences_that_no_language_explains_are_counted(copied: Project) -> None:
    damage(
        copied,
        "UPDATE messages SET message_type = 'activity', content = 'Die Konversation wurde von Ana geschlossen'"
        " WHERE id IN (2, 3)",
    )
    results = run_checks(copied)
    assert failed(results) == {ACTIVITY: "2025-03-10"}
    assert (value(results[ACTIVITY], "failing_rows"), results[ACTIVITY].severity) == (2, dg.AssetCheckSeverity.WARN)
    assert "Konversation" not in repr(results)


UNKNOWN = {
    "an unknown status": "status = 'unknown(7)'",
    "an unknown priority": "priority = 'unknown(9)'",
    "rating 9": "rating = 9",
    "rating 0": "rating = 0",
    "a rating without a time": "rated_at = NULL",
}


@pytest.mark.parametrize("change", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_an_unknown_code_causes_a_warning(copied: Project, change: str) -> None:
    damage(copied, UPDATE.format(change))
    result = run_checks(copied)[CODES]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert (value(result, "which_days"), value(result, "failing_rows")) == ("2025-03-10", 1)


def test_twenty_failing_days_are_named_and_all_are_counted(copied: Project) -> None:
    damage(
        copied,
        "INSERT INTO partition_state SELECT d, 1, 0, 0, now(), now(), 'run'"
        " FROM generate_series(date '2024-01-01', '2024-01-30', '1 day') AS d;"
        "INSERT INTO conversas_analytics SELECT (jsonb_populate_record(c, jsonb_build_object("
        " 'id', 1000 + n, 'conversation_date', date '2024-01-01' + n, 'conversation_hour', 24))).*"
        " FROM conversas_analytics AS c, generate_series(0, 29) AS n WHERE c.id = 1",
    )
    result = run_checks(copied)[RANGE]
    assert (value(result, "failing_days"), value(result, "failing_rows")) == (30, 30)
    days = ", ".join(f"2024-01-{day:02}" for day in range(1, 21))
    assert value(result, "which_days") == f"{days} and 10 more"


def test_attribute_of_another_type_is_found(copied: Project) -> None:
    damage(
        copied, """UPDATE conversas_analytics SET custom_attributes = '{"valor": null, "motivo": "x"}' WHERE id = 2"""
    )
    result = run_checks(copied)[ATTRIBUTES]
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert result.metadata["failing_rows"].value == 1


# Conversation 2 gets an id like those of three days later.
_WRITTEN_LATER = (
    "UPDATE conversas_analytics SET id = id + 1000000, conversation_date = conversation_date - 3 WHERE id = 2;"
    " UPDATE conversation_facts SET conversation_id = conversation_id + 1000000 WHERE conversation_id = 2;"
    " INSERT INTO partition_state SELECT (s).* FROM (SELECT jsonb_populate_record(p,"
    " jsonb_build_object('conversation_date', p.conversation_date - 3)) AS s FROM partition_state AS p"
    " WHERE conversation_date = (SELECT conversation_date + 3 FROM conversas_analytics WHERE id = 1000002)) AS r;"
)


def test_conversations_written_long_after_their_dates_are_found_unless_left_out(copied: Project) -> None:
    damage(copied, _WRITTEN_LATER)
    damage(copied, "UPDATE conversation_facts SET is_imported = TRUE WHERE conversation_id = 1")
    result = run_checks(copied)[IMPORTS]
    assert not result.passed
    assert "set IMPORTED_BEFORE" in (result.description or "")
    counts = {key: value.value for key, value in result.metadata.items() if key.endswith("conversations")}
    assert counts == {"left_out_conversations": 1, "late_conversations": 0, "out_of_order_conversations": 1}


def test_old_messages_in_a_conversation_that_existed_already_are_counted(copied: Project) -> None:
    damage(
        copied,
        "INSERT INTO messages (conversation_id, conversation_date, id, account_id, inbox_id, created_at, message_type,"
        " content_type, sender_type, sender_id, private, marks, deleted)"
        " SELECT c.id, c.conversation_date, 9000000 + n, 1, 1, c.created_at - interval '2 days', 'outgoing',"
        " 'text', 'User', CASE WHEN n <= 3 THEN 71 ELSE 72 END, FALSE, 0, FALSE"
        " FROM conversas_analytics AS c, generate_series(1, 4) AS n WHERE c.id = 1",
    )
    result = run_checks(copied)[IMPORTS]
    assert result.passed, "they are left out by themselves"
    assert [value(result, f"late_{key}") for key in ("conversations", "messages", "percent_by_one_user")] == [1, 4, 75]


def test_share_of_one_user_tells_an_importer_from_a_team(copied: Project) -> None:
    damage(copied, _WRITTEN_LATER)
    damage(
        copied,
        "INSERT INTO messages (conversation_id, conversation_date, id, account_id, inbox_id, created_at, message_type,"
        " content_type, sender_type, sender_id, private, marks, deleted)"
        " SELECT c.id, c.conversation_date, 9000000 + n, 1, 1, c.created_at,"
        " CASE WHEN n > 8 THEN 'incoming' ELSE 'outgoing' END, 'text',"
        " CASE WHEN n > 8 THEN 'Contact' ELSE 'User' END, CASE WHEN n <= 6 THEN 71 ELSE 72 END, FALSE, 0, FALSE"
        " FROM conversas_analytics AS c, generate_series(1, 20) AS n WHERE c.id = 1000002",
    )
    result = run_checks(copied)[IMPORTS]
    assert value(result, "out_of_order_percent_by_one_user") == 75
    assert "One user wrote 75 %" in (result.description or "")
