"""Rows of a source database, each with something that pipelines get wrong.

Only rows that are legal in Chatwoot's tables belong here. `oracle` computes what the product must make of them; the
texts are in `adversarial_texts`, the times in `adversarial_times`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatwoot_assets_tests.adversarial_attributes import insert_attributes
from chatwoot_assets_tests.adversarial_texts import (
    CONTENT_ATTRIBUTES,
    ESCAPES_REFUSED_BY_JSONB,
    LARGE_TEXT,
    TEXTS,
)
from chatwoot_assets_tests.adversarial_times import (
    BOUNDARIES,
    CREATED_OUTSIDE,
    DAYS_OF_SAO_PAULO,
    DAYS_OF_UTC,
    ODD_TIMES,
    AdversarialDays,
)
from chatwoot_assets_tests.source_writer import SourceWriter

if TYPE_CHECKING:
    import psycopg

LARGEST_INT4 = 2**31 - 1
LARGEST_INT8 = 2**63 - 1
NOT_A_DOUBLE = 2**53 + 1  # the first whole number that a double cannot hold
DANGLING = 987_654

# The conversation whose messages have JSON that jsonb refuses, for tests that look at it alone.
ESCAPES_CONVERSATION = 900_001


def insert_adversarial_rows(connection: psycopg.Connection[Any]) -> AdversarialDays:
    """Fill a database that has the schema of sql/sample/tables.sql and no rows yet.

    The statements run in the caller's transaction, if the connection is in one.
    """
    with connection.transaction():
        writer = SourceWriter(connection)
        _names(writer)
        for topic in (
            _days,
            _message_shapes,
            _senders,
            _references,
            _codes,
            _ratings,
            _odd_times,
            _large_ids,
            _contexts,
            _events,
        ):
            topic(writer)
        _texts(writer)
        _content_attributes(writer)
        _same_inbox_names(writer)
        outside = tuple(
            writer.conversation(created_at, updated_at="2025-03-10 12:00:00") for created_at in CREATED_OUTSIDE
        )
        for conversation in outside:
            writer.message(conversation, "2025-03-10 12:00:00")
            writer.rating(conversation, "2025-03-10 12:00:00", 3)
        insert_attributes(writer)
    return AdversarialDays(DAYS_OF_UTC, DAYS_OF_SAO_PAULO, outside)


def _names(writer: SourceWriter) -> None:
    writer.account(1, "First")
    writer.account(2, "Second")
    writer.inbox(10, "Support")
    writer.inbox(11, "Support", channel_type="Channel::Whatsapp")
    writer.inbox(12, "support")
    writer.inbox(13, "Support ", channel_type=None)
    writer.inbox(14, "Odd times")
    writer.inbox(20, "Support", account_id=2)
    writer.contact(1, "Ana", email="ana@example.com", phone_number="+5511999990000")
    writer.contact(2, None, email=None, phone_number=None)
    writer.contact(3, "", email="", phone_number="")
    writer.user(1, "Bia", display_name="B.", email="bia@example.com")
    writer.user(2, "Root", type="SuperAdmin")
    writer.team(1, "sales")


def _days(writer: SourceWriter) -> None:
    for number, created_at in enumerate(BOUNDARIES):
        conversation = writer.conversation(created_at, status=number % 4, first_reply_created_at=created_at)
        writer.message(conversation, created_at)
    # Messages that are written later belong to the conversation's day, too.
    late = writer.conversation("2025-03-12 12:00:00", first_reply_created_at="2025-07-01 00:00:00.000001")
    writer.message(late, "2025-07-01 00:00:00.000001", sender_type="User", message_type=1)
    writer.message(late, "2025-03-12 11:59:59.999999", "before its conversation")
    writer.rating(late, "2025-08-01 09:00:00.123456", 5)
    writer.conversation("2025-03-14 15:00:00")


def _message_shapes(writer: SourceWriter) -> None:
    at = "2025-03-10 10:00:00"
    writer.conversation(at)  # no messages
    private = writer.conversation(at)
    writer.message(private, "2025-03-10 10:01:00", private=True, sender_type="User", message_type=1)
    writer.message(private, "2025-03-10 10:02:00", private=True)
    activity = writer.conversation(at)
    writer.message(activity, "2025-03-10 10:01:00", message_type=2, sender_type=None, sender_id=None)
    ties = writer.conversation(at)
    for id_ in (5_010, 5_002, 5_009, 5_001):  # 5010 comes last, although it is written first
        writer.message(ties, "2025-03-10 10:05:00.5", str(id_), id=id_, sender_id=id_)
    writer.message(ties, "2025-03-10 10:05:00.499999", "largest id, earliest", id=5_011, sender_id=5_011)
    lonely = writer.conversation(at)
    writer.message(lonely, "2025-03-10 10:06:00.000001")
    mixed = writer.conversation(at)
    writer.message(mixed, "2025-03-10 10:00:01", sender_type="User", sender_id=1, message_type=1)
    writer.message(mixed, "2025-03-10 10:00:02.25", sender_id=77)
    writer.message(mixed, "2025-03-10 10:00:03", sender_id=78, private=True)  # from a contact, too
    # Rows that outlive their conversation appear nowhere.
    writer.message(DANGLING, at)
    writer.rating(DANGLING, at, 1)


def _senders(writer: SourceWriter) -> None:
    conversation = writer.conversation("2025-03-10 11:00:00")
    senders = [
        ("User", 1), ("User", 2), ("User", DANGLING), ("User", None), ("AgentBot", 1),
        ("Captain::Assistant", 3), (None, None), (None, 5), ("", 6), ("contact", 7), ("Contact", DANGLING),
    ]  # fmt: skip
    for second, (sender_type, sender_id) in enumerate(senders, start=10):
        writer.message(
            conversation,
            f"2025-03-10 11:00:{second}",
            sender_type=sender_type,
            sender_id=sender_id,
            message_type=1,
        )
    nameless = writer.conversation("2025-03-10 11:00:00")
    writer.message(nameless, "2025-03-10 11:00:01", sender_id=1)
    writer.message(nameless, "2025-03-10 11:00:02", sender_id=None)  # the last one, so that the client is unknown


def _references(writer: SourceWriter) -> None:
    at = "2025-03-10 12:00:00"
    for contact in (None, 2, 3, DANGLING):
        writer.message(writer.conversation(at, contact_id=contact), at, sender_id=contact)
    writer.conversation(at, inbox_id=DANGLING)
    writer.conversation(at, inbox_id=DANGLING + 1, first_reply_created_at="2025-03-10 12:00:30")
    writer.conversation(at, inbox_id=13, assignee_id=DANGLING, team_id=DANGLING)
    writer.conversation(at, assignee_id=1, team_id=1)
    writer.conversation(at, account_id=2, inbox_id=20, assignee_id=2, team_id=LARGEST_INT8)
    writer.conversation(at, contact_id=None, inbox_id=DANGLING, assignee_id=DANGLING, team_id=None)


def _codes(writer: SourceWriter) -> None:
    at = "2025-03-10 13:00:00"
    for priority in (None, 0, 1, 2, 3, 4, 9):
        writer.conversation(at, priority=priority)
    for status in (0, 1, 2, 3, 4, 7):
        writer.conversation(at, status=status)
    conversation = writer.conversation(at, status=7, priority=9)
    for message_type in (0, 1, 2, 3, 4, 42):
        writer.message(conversation, at, message_type=message_type, content_type=99, status=99)


def _ratings(writer: SourceWriter) -> None:
    at = "2025-03-10 14:00:00"
    for rating in (0, 1, 5, 6, -1):
        writer.rating(writer.conversation(at), "2025-03-10 14:30:00", rating, feedback_message=f"gave {rating}")
    for feedback in (None, "", "two\nlines\r\n\n", LARGE_TEXT):
        writer.rating(writer.conversation(at), "2025-03-10 14:30:00", 4, feedback_message=feedback)
    tied = writer.conversation(at)
    for id_, rating in ((903, 3), (LARGEST_INT8, 1), (901, 5)):
        writer.rating(tied, "2025-03-10 14:30:00.000001", rating, id=id_)
    changed = writer.conversation(at)
    writer.rating(changed, "2025-03-10 14:30:00.000002", 2, id=904, feedback_message=None)
    writer.rating(changed, "2025-03-10 14:30:00.000001", 5, id=905, feedback_message="earlier, larger id")


def _odd_times(writer: SourceWriter) -> None:
    at = "2025-03-10 15:00:00"
    for time in (
        *ODD_TIMES,
        "2025-03-10 14:59:59.999999",
        at,
        "2025-03-10 15:00:00.000001",
        "2025-03-10 14:00:00",
    ):
        writer.conversation(at, inbox_id=14, first_reply_created_at=time)
        writer.conversation(at, inbox_id=14, updated_at=time)
        alone = writer.conversation(at, inbox_id=14)
        writer.message(alone, time, sender_id=8)
        writer.rating(alone, time, 4)
        between = writer.conversation(at, inbox_id=14)
        for moment, sender_id in (("2025-03-10 15:00:05", 6), (time, 7), ("2025-03-10 15:00:07.5", 8)):
            writer.message(between, moment, sender_id=sender_id)
            writer.rating(between, moment, sender_id - 5)
    every = writer.conversation(at, inbox_id=14, updated_at="infinity", first_reply_created_at="-infinity")
    for time in ODD_TIMES * 2:
        writer.message(every, time)


def _large_ids(writer: SourceWriter) -> None:
    at = "2025-03-10 16:00:00"
    conversation = writer.conversation(at, id=LARGEST_INT4, contact_id=NOT_A_DOUBLE, team_id=LARGEST_INT8)
    writer.message(conversation, at, id=LARGEST_INT4, sender_id=NOT_A_DOUBLE)
    writer.message(conversation, at, id=LARGEST_INT4 - 1, sender_id=LARGEST_INT8, sender_type="User")
    writer.rating(conversation, at, 5, contact_id=NOT_A_DOUBLE, message_id=LARGEST_INT4)


def _contexts(writer: SourceWriter) -> None:
    at = "2025-03-10 17:00:00"
    for id_, name in ((1, "vip"), (2, "Ação"), (3, None), (4, 'a "b", {c}')):
        writer.tag(id_, name)
    writer.label(writer.conversation(at, waiting_since="infinity"), 3)
    labelled = writer.conversation(at, team_id=1, waiting_since="2025-03-10 17:05:00.000001")
    for tag in (4, 2, 1, 1, DANGLING):  # nothing prevents a label from being there twice
        writer.label(labelled, tag)
    # Not labels of the conversation, although with its number.
    writer.label(labelled, 2, taggable_type="Contact")
    writer.label(labelled, 2, context="others")
    for id_, columns in ((15, {"timezone": "America/Sao_Paulo"}), (16, {"timezone": None}), (17, {})):
        writer.inbox(id_, f"Hours {id_}", **{"working_hours_enabled": id_ != 17, **columns})
        writer.opens(id_, 1, 9 * 60, 12 * 60)
        writer.conversation(at, inbox_id=id_)
    writer.opens(15, 1, 13 * 60 + 30, 18 * 60)
    writer.opens(15, 0, 0, 0, closed_all_day=True)
    writer.opens(15, 6, 0, 0, open_all_day=True)
    writer.opens(15, 2, 18 * 60, 9 * 60)  # closes before it opens
    writer.opens(15, 3, 0, 0, open_hour=None)


def _events(writer: SourceWriter) -> None:
    conversation = writer.conversation("2025-03-10 18:00:00")
    for time in (*ODD_TIMES, "2025-03-10 18:00:05"):
        writer.event(conversation, "2025-03-10 18:00:00", "reply_time", 5.0, created_at=time, user_id=1)
        writer.event(conversation, time, "conversation_resolved", 0.1, created_at="2025-03-10 18:00:00")
    for name, value in ((None, 0.0), ("", -1.5), ("another", 1e300)):
        columns = {"account_id": None, "inbox_id": None, "event_start_time": None, "value_in_business_hours": None}
        writer.event(conversation, "2025-03-10 18:00:00", name, value, **columns)
    writer.event(None, "2025-03-10 18:00:00", "first_response")
    writer.event(DANGLING, "2025-03-10 18:00:00", "first_response")


def _texts(writer: SourceWriter) -> None:
    at = "2025-03-11 12:00:00"
    every = writer.conversation(at)
    for number, text in enumerate(TEXTS.values(), start=100):
        writer.contact(number, text, email=f"{number}{text}", phone_number=text)
        writer.inbox(number, text, channel_type=text)
        writer.user(number, text)
        conversation = writer.conversation(at, contact_id=number, inbox_id=number, assignee_id=number)
        writer.message(conversation, at, text, sender_id=number)
        writer.rating(conversation, at, 3, feedback_message=text)
        writer.message(every, at, text)
    for content in (None, "", LARGE_TEXT):
        writer.message(every, at, content)
    writer.message(every, at, "an unknown kind of sender", sender_type='Odd"\\\n\u2028')


def _content_attributes(writer: SourceWriter) -> None:
    at = "2025-03-12 12:00:00"
    conversation = writer.conversation(at)
    for text, _ in CONTENT_ATTRIBUTES:
        writer.message(conversation, at, content_attributes=text)
    conversation = writer.conversation(at, id=ESCAPES_CONVERSATION)
    for text, _ in ESCAPES_REFUSED_BY_JSONB:
        writer.message(conversation, at, content_attributes=text)


def _same_inbox_names(writer: SourceWriter) -> None:
    """Write inboxes with one name and different numbers of rows, where an average of averages is wrong."""
    at = "2025-03-14 12:00:00"
    for inbox, account, replies in (
        (10, 1, ["12:00:10"]),
        (11, 1, ["12:00:01"] * 3 + [None]),
        (20, 2, ["12:01:00"]),
    ):
        for reply in replies:
            replied_at = reply and f"2025-03-14 {reply}"
            conversation = writer.conversation(
                at, inbox_id=inbox, account_id=account, first_reply_created_at=replied_at
            )
            if reply != "12:01:00":
                writer.rating(conversation, at, 5 if inbox == 10 else 2)
    writer.conversation(at, inbox_id=12)
    writer.conversation(at, inbox_id=13)
    writer.conversation(at, inbox_id=10, status=1)
