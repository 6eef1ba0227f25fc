"""The oracle itself is right: each expected value here was computed by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.adversarial_texts import CONTENT_ATTRIBUTES, ESCAPES_REFUSED_BY_JSONB
from chatwoot_assets_tests.oracle import expected_conversations
from chatwoot_assets_tests.oracle_summaries import expected_daily_summary, expected_mvw_daily_summary
from chatwoot_assets_tests.oracle_values import SourceTime, is_deleted
from chatwoot_assets_tests.source_writer import SourceWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLES = Path(__file__).parents[1] / "sql" / "sample" / "tables.sql"
_SAO_PAULO = "America/Sao_Paulo"


@pytest.fixture(scope="module")
def empty_source(postgres: Any) -> Iterator[psycopg.Connection[Any]]:  # noqa: ANN401 (a fixture)
    with psycopg.connect(postgres.new_database(), autocommit=True) as connection:
        connection.execute(_TABLES.read_bytes())
        yield connection


@pytest.fixture
def source(empty_source: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """A source without rows; what a test writes is rolled back."""
    with empty_source.transaction(force_rollback=True):
        yield empty_source


@pytest.fixture
def writer(source: psycopg.Connection[Any]) -> SourceWriter:
    writer = SourceWriter(source)
    writer.account(1, "First")
    writer.account(2, "Second")
    writer.inbox(10, "Support")
    writer.inbox(11, "Support")
    writer.inbox(20, "Support", account_id=2)
    writer.contact(1, "Ana", email="ana@example.com", phone_number="+5511999990000")
    writer.user(1, "Bia", display_name="B.")
    return writer


def test_conversation_has_every_column_of_the_contract(source: psycopg.Connection[Any], writer: SourceWriter) -> None:
    columns = {
        "status": 1,
        "priority": 3,
        "assignee_id": 1,
        "team_id": 4,
        "updated_at": "2025-03-11 08:00:00",
    }
    id_ = writer.conversation("2025-03-10 23:59:58.25", first_reply_created_at="2025-03-11 00:00:00.5", **columns)
    writer.message(id_, "2025-03-10 23:59:59.5", "hi", id=7, content_attributes='"{\\"deleted\\":true}"')
    writer.message(id_, "2025-03-11 00:00:00.5", "hello", id=8, sender_type="User", sender_id=1, message_type=1)
    writer.message(
        id_, "2025-03-11 00:01:00", None, id=9, sender_type=None, sender_id=None, message_type=2, private=True
    )
    writer.rating(id_, "2025-03-12 00:00:00", 4, feedback_message="ok")

    assert expected_conversations(source, _SAO_PAULO) == {
        id_: {
            "id": id_,
            "display_id": 1,
            "account_id": 1,
            "inbox_id": 10,
            "contact_id": 1,
            "assignee_id": 1,
            "team_id": 4,
            "status": "resolved",
            "status_code": 1,
            "priority": "urgent",
            "priority_code": 3,
            "created_at": datetime(2025, 3, 10, 23, 59, 58, 250000, tzinfo=timezone.utc),
            "updated_at": datetime(2025, 3, 11, 8, tzinfo=timezone.utc),
            "contact_name": "Ana",
            "contact_email": "ana@example.com",
            "contact_phone": "+5511999990000",
            "inbox_name": "Support",
            "inbox_type": "Channel::WebWidget",
            "assignee_name": "Bia",
            "message_compiled": [
                _message(7, "2025-03-10T23:59:59.500000Z", "incoming", "Contact", 1, "hi", deleted=True),
                _message(8, "2025-03-11T00:00:00.500000Z", "outgoing", "User", 1, "hello"),
                _message(9, "2025-03-11T00:01:00.000000Z", "activity", None, None, None, private=True),
            ],
            "t_messages": 3,
            "client_sender_id": 1,
            "client_phone": "+5511999990000",
            "rating": 4,
            "feedback_message": "ok",
            "rated_at": datetime(2025, 3, 12, tzinfo=timezone.utc),
            "csat_responses": 1,
            "first_response_seconds": 2.25,
            "is_resolved": True,
            "is_assigned": True,
            "conversation_date": date(2025, 3, 10),
            "conversation_hour": 20,
            "day_of_week": 1,
            "user_msg_count": 1,
            "contact_msg_count": 1,
            "first_message_at": datetime(2025, 3, 10, 23, 59, 59, 500000, tzinfo=timezone.utc),
            "last_message_at": datetime(2025, 3, 11, 0, 0, 0, 500000, tzinfo=timezone.utc),
            "duration_seconds": 1.0,
            "custom_attributes": {},
            "contact_attributes": {},
        }
    }


def test_conversation_alone_has_nulls_zeros_and_an_empty_array(
    source: psycopg.Connection[Any], writer: SourceWriter
) -> None:
    id_ = writer.conversation("2025-03-09 12:00:00", contact_id=None, inbox_id=404, status=7)
    row = expected_conversations(source, "UTC")[id_]
    nulls = {column for column, value in row.items() if value is None}
    assert nulls == {
        *("contact_id", "contact_name", "contact_email", "contact_phone", "client_phone", "client_sender_id"),
        *("inbox_name", "inbox_type", "assignee_id", "assignee_name", "team_id", "priority", "priority_code"),
        *("rating", "feedback_message", "rated_at", "first_response_seconds"),
        *("first_message_at", "last_message_at", "duration_seconds"),
    }
    assert (row["message_compiled"], row["t_messages"], row["csat_responses"]) == ([], 0, 0)
    assert (row["status"], row["is_resolved"], row["is_assigned"]) == ("unknown(7)", False, False)
    assert row["day_of_week"] == 0  # a Sunday


@pytest.mark.parametrize(
    ("created_at", "day", "hour"),
    [
        ("2018-02-18 01:00:00", date(2018, 2, 17), 23),  # the first time of two
        ("2018-02-18 02:59:59.999999", date(2018, 2, 17), 23),  # the second
        ("2018-02-18 03:00:00", date(2018, 2, 18), 0),
        ("2018-11-04 02:59:59.999999", date(2018, 11, 3), 23),
        ("2018-11-04 03:00:00", date(2018, 11, 4), 1),  # midnight did not happen
        ("2018-11-05 01:59:59.999999", date(2018, 11, 4), 23),
        ("2024-03-01 02:59:59.999999", date(2024, 2, 29), 23),
        ("2025-03-11 02:59:59.999999", date(2025, 3, 10), 23),
        ("2025-03-11 03:00:00", date(2025, 3, 11), 0),
    ],
)
def test_conversation_belongs_to_the_day_of_sao_paulos_wall_clock(
    source: psycopg.Connection[Any], writer: SourceWriter, created_at: str, day: date, hour: int
) -> None:
    id_ = writer.conversation(created_at)
    row = expected_conversations(source, _SAO_PAULO, day)[id_]
    assert (row["conversation_date"], row["conversation_hour"]) == (day, hour)
    assert expected_conversations(source, _SAO_PAULO, day - timedelta(days=1)) == {}
    assert expected_conversations(source, _SAO_PAULO, day + timedelta(days=1)) == {}


def test_messages_of_one_instant_are_ordered_by_id_after_unreadable_times(
    source: psycopg.Connection[Any], writer: SourceWriter
) -> None:
    id_ = writer.conversation("2025-03-10 10:00:00")
    for message, at in (
        (3, "infinity"),
        (5, "2025-03-10 10:00:01"),
        (9, "-infinity"),
        (4, "2025-03-10 10:00:01"),
    ):
        writer.message(id_, at, id=message, sender_id=100 + message)
    writer.message(id_, "4713-01-01 00:00:00 BC", id=8)
    row = expected_conversations(source, "UTC")[id_]
    assert [message["id"] for message in row["message_compiled"]] == [3, 8, 9, 4, 5]
    at = "2025-03-10T10:00:01.000000Z"
    assert [message["created_at"] for message in row["message_compiled"]] == [None, None, None, at, at]
    assert (row["client_sender_id"], row["t_messages"], row["contact_msg_count"]) == (105, 5, 5)
    assert row["first_message_at"] == row["last_message_at"] == datetime(2025, 3, 10, 10, 0, 1, tzinfo=timezone.utc)
    assert row["duration_seconds"] == 0.0


def test_latest_of_ratings_in_one_instant_has_the_largest_id(
    source: psycopg.Connection[Any], writer: SourceWriter
) -> None:
    id_ = writer.conversation("2025-03-10 10:00:00")
    for rating_id, at, rating in ((7, "10:00:05", 1), (6, "10:00:05", 2), (8, "10:00:04.999999", 3)):
        writer.rating(id_, f"2025-03-10 {at}", rating, id=rating_id)
    row = expected_conversations(source, "UTC")[id_]
    assert (row["rating"], row["csat_responses"]) == (1, 3)
    writer.rating(id_, "infinity", 4, id=1)
    row = expected_conversations(source, "UTC")[id_]
    assert (row["rating"], row["csat_responses"]) == (1, 4)  # an unreadable time is the earliest


def test_averages_are_weighted_by_the_conversations_with_a_value(
    source: psycopg.Connection[Any], writer: SourceWriter
) -> None:
    for inbox, account, seconds, rating in (
        (10, 1, 10, 5), (11, 1, 1, 2), (11, 1, 1, None), (11, 1, None, 1), (20, 2, -2, None),
    ):  # fmt: skip
        reply = None if seconds is None else f"2025-03-10 12:00:{30 + seconds}"
        id_ = writer.conversation(
            "2025-03-10 12:00:30", inbox_id=inbox, account_id=account, first_reply_created_at=reply
        )
        if rating is not None:
            writer.rating(id_, "2025-03-11 00:00:00", rating)
    rows = expected_conversations(source, "UTC")
    day = date(2025, 3, 10)
    columns = (
        *("total_conversations", "responded_conversations", "sum_first_response_seconds"),
        *("avg_response_time", "total_rated", "sum_rating", "avg_rating"),
    )
    assert expected_daily_summary(rows) == {
        key: {"inbox_name": "Support", **dict(zip(columns, values, strict=True))}
        for key, values in {
            (day, 1, 10, "open"): (1, 1, 10.0, 10.0, 1, 5, 5.0),
            (day, 1, 11, "open"): (3, 2, 2.0, 1.0, 2, 3, 1.5),
            (day, 2, 20, "open"): (1, 0, 0.0, None, 0, 0, None),
        }.items()
    }
    assert expected_mvw_daily_summary(rows) == {
        (day, "Support", "open"): {
            "total_conversations": 5,
            "avg_response_time": 4.0,  # (10 + 1 + 1) / 3: a negative one counts nowhere
            "total_rated": 3,
            "avg_rating": 8 / 3,
        }
    }


@pytest.mark.parametrize(("text", "deleted"), [*CONTENT_ATTRIBUTES, *ESCAPES_REFUSED_BY_JSONB])
def test_deleted_is_read_from_the_object_itself(text: str | None, deleted: bool | None) -> None:
    assert is_deleted(text) is deleted


def test_timestamps_outside_the_calendar_sort_first() -> None:
    unreadable = ["-infinity", "4713-01-01 00:00:00 BC", "0001-12-31 23:59:59.999999 BC", "10000-01-01 00:00:00"]
    unreadable += ["294276-12-31 23:59:59.999999", "infinity"]
    readable = ["0001-01-01 00:00:00", "2025-03-10 00:00:00", "2025-03-10 00:00:00.000001", "2025-03-10 00:00:00.1"]
    readable += ["9999-12-31 23:59:59.999999"]
    assert [SourceTime.read(text).moment for text in unreadable] == [None] * 6
    times = [SourceTime.read(text) for text in readable]
    assert all(SourceTime.read(text).order[0] < time.order[0] for text in unreadable for time in times)
    assert sorted(times, key=lambda time: time.order) == times
    assert times[3].moment == datetime(2025, 3, 10, 0, 0, 0, 100_000, tzinfo=timezone.utc)


def test_adversarial_rows_have_conversations_on_each_listed_day_but_one(
    source: psycopg.Connection[Any],
) -> None:
    days = insert_adversarial_rows(source)
    for zone, listed in (("UTC", days.utc), (_SAO_PAULO, days.sao_paulo)):
        rows = expected_conversations(source, zone)
        used = {row["conversation_date"] for id_, row in rows.items() if id_ not in days.outside}
        assert set(listed) - used == {date(2025, 3, 13)}
        assert used <= set(listed)


def _message(
    id_: int,
    created_at: str,
    message_type: str,
    sender_type: str | None,
    sender_id: int | None,
    content: str | None,
    **flags: bool,
) -> dict[str, Any]:
    row = {"id": id_, "created_at": created_at, "message_type": message_type, "sender_type": sender_type}
    return {**row, "sender_id": sender_id, "private": False, "deleted": False, "content": content, **flags}
