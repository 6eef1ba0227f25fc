"""Human replies by Chatwoot's rule, and messages that are none."""

from __future__ import annotations

from hypothesis import given

from chatwoot_assets.metrics.replies import find_reply_times, mark_replies
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_timeline as reference
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.rows import (
    NO_BOTS,
    Row,
    activity,
    conversation,
    conversation_frame,
    event,
    event_frame,
    message,
    message_frame,
    reply,
)


def mark(
    *rows: Row,
    bots: frozenset[int] = NO_BOTS,
    events: tuple[Row, ...] = (),
    first_response_seconds: float | None = None,
) -> list[Row]:
    """Return the messages of one conversation with the product's marks."""
    conversations = conversation_frame(conversation(first_response_seconds=first_response_seconds))
    return mark_replies(message_frame(rows), bots, find_reply_times(conversations, event_frame(events))).to_dicts()


def without_lateness(messages: list[Row]) -> list[Row]:
    """Return the messages as extracted: which of them are late is decided after they are marked."""
    return [{name: value for name, value in row.items() if name != "is_late"} for row in messages]


def is_human(row: Row, bots: frozenset[int] = NO_BOTS) -> bool:
    """Return whether the product marks a message as a human's reply."""
    (marked,) = mark(row, bots=bots)
    return bool(marked["is_human_reply"])


@given(histories())
@examples(60)
def test_marks_of_any_history_equal_the_reference(history: History) -> None:
    conversations, messages, events, _ = history.frames()
    expected = [
        {
            **row,
            "is_incoming": row["message_type"] == "incoming" and not row["private"],
            "is_question": row["message_type"] == "incoming" and not row["private"] and not row["reaction"],
            "is_human_reply": reference.is_human_reply(row, history),
            "is_note": row["private"] and row["message_type"] != "activity",
            "sender_kind": reference.find_sender_kind(row, history),
        }
        for row in without_lateness(reference.sort_messages(history))
    ]
    marked = mark_replies(messages, history.bots, find_reply_times(conversations, events))
    assert marked.to_dicts() == expected


def test_public_message_of_a_user_is_a_human_reply() -> None:
    assert is_human(reply(1, 0))


def test_reply_from_the_app_of_the_channel_is_a_human_reply() -> None:
    assert is_human(reply(1, 0, sender_type=None, sender_id=None, external_echo=True))


def test_deleted_reply_is_still_a_human_reply() -> None:
    assert is_human(reply(1, 0, deleted=True))


def test_other_outgoing_messages_are_no_human_replies() -> None:
    assert not is_human(reply(1, 0, private=True))
    assert not is_human(reply(1, 0, sender_type="AgentBot"))
    assert not is_human(reply(1, 0, sender_type="Captain::Assistant"))
    assert not is_human(reply(1, 0, automated=True))
    assert not is_human(reply(1, 0, campaign=True))
    assert not is_human(reply(1, 0, reaction=True))
    assert not is_human(reply(1, 0, message_type="template"))
    assert not is_human(reply(1, 0, message_type="unknown(9)"))
    assert not is_human(reply(1, 0, sender_type=None, sender_id=None))
    assert not is_human(message(1, 0))


def test_reply_of_a_deleted_agent_is_proven_by_what_chatwoot_recorded() -> None:
    lost = reply(1, 300.000001, sender_type=None, sender_id=None)
    (row,) = mark(lost, first_response_seconds=300.000001)
    assert (row["is_human_reply"], row["sender_kind"]) == (True, "agent")
    for name in ("first_response", "reply_time"):
        assert mark(lost, events=(event(1, 300.000001, name),))[0]["is_human_reply"]


def test_message_without_a_sender_at_another_time_stays_unproven() -> None:
    lost = reply(1, 300, sender_type=None, sender_id=None)
    others = event(1, 301, "reply_time"), event(2, 300, "conversation_resolved"), event(3, 300, "first_response")
    (row,) = mark(lost, events=(others[0], others[1], {**others[2], "conversation_id": 2}), first_response_seconds=299)
    assert (row["is_human_reply"], row["sender_kind"]) == (False, "system")


def test_note_template_and_automation_are_never_proven_replies() -> None:
    without_sender = {"sender_type": None, "sender_id": None}
    for values in ({"private": True}, {"message_type": "template"}, {"automated": True}, {"campaign": True}):
        (row,) = mark(reply(1, 300, **without_sender, **values), first_response_seconds=300)
        assert not row["is_human_reply"]
    assert not mark(reply(1, 300, sender_type="AgentBot", sender_id=2), first_response_seconds=300)[0]["is_human_reply"]


def test_bot_that_posts_as_a_user_is_recognised_by_its_id() -> None:
    bots = frozenset({7})
    assert not is_human(reply(1, 0), bots)
    assert is_human(reply(1, 0, sender_id=8), bots)
    assert [row["sender_kind"] for row in mark(reply(1, 0), reply(2, 1, sender_id=8), bots=bots)] == ["bot", "agent"]


def test_contact_with_the_id_of_a_bot_is_no_bot() -> None:
    (row,) = mark(message(1, 0, sender_id=7), bots=frozenset({7}))
    assert row["sender_kind"] == "contact"


def test_messages_at_one_instant_are_sorted_by_id() -> None:
    assert [row["id"] for row in mark(reply(3, 5), message(2, 5), message(4, 1))] == [4, 2, 3]


def test_message_without_a_readable_time_is_left_out() -> None:
    assert [row["id"] for row in mark(message(1, None), message(2, 0))] == [2]


def test_unreadable_flags_count_as_not_set() -> None:
    unreadable = dict.fromkeys(("private", "automated", "campaign", "external_echo", "reaction", "deleted"))
    assert is_human(reply(1, 0, **unreadable))
    assert not is_human(reply(1, 0, sender_type=None, sender_id=None, **unreadable))


def test_messages_hidden_from_the_contact_have_no_sender_kind() -> None:
    rows = mark(reply(1, 0, private=True), activity(2, 1, "Conversa foi reaberta por Ana"))
    assert [row["sender_kind"] for row in rows] == [None, None]
    assert [row["is_note"] for row in rows] == [True, False]
