"""Who wrote what: human replies by Chatwoot's rule, and all that is none."""

from __future__ import annotations

from hypothesis import given

from chatwoot_assets.metrics.replies import mark_replies
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference as retold
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.rows import NOBODY_ELSE, Row, message, messages, reply, said


def marked(*written: Row, bots: frozenset[int] = NOBODY_ELSE) -> list[Row]:
    """Return what the product makes of messages."""
    return mark_replies(messages(written), bots).to_dicts()


def human(row: Row, bots: frozenset[int] = NOBODY_ELSE) -> bool:
    """Return whether a message is a human's reply."""
    (found,) = marked(row, bots=bots)
    return bool(found["is_human_reply"])


@given(histories())
@examples(60)
def test_messages_are_marked_as_plain_python_marks_them(history: History) -> None:
    _, written, _, _ = history.frames()
    expected = [
        {
            **row,
            "is_incoming": row["message_type"] == "incoming" and not row["private"],
            "is_human_reply": retold.is_human(row, history.bots),
            "is_note": row["private"] and row["message_type"] != "activity",
            "sender_kind": retold.kind(row, history.bots),
        }
        for row in retold.in_order(history)
    ]
    assert mark_replies(written, history.bots).to_dicts() == expected


def test_a_user_s_public_message_is_a_human_reply() -> None:
    assert human(reply(1, 0))


def test_a_reply_from_the_channel_s_own_application_is_a_human_reply() -> None:
    assert human(reply(1, 0, sender_type=None, sender_id=None, external_echo=True))


def test_a_deleted_reply_stays_a_reply() -> None:
    assert human(reply(1, 0, deleted=True))


def test_notes_bots_automations_campaigns_templates_and_messages_of_nobody_are_no_human_replies() -> None:
    assert not human(reply(1, 0, private=True))
    assert not human(reply(1, 0, sender_type="AgentBot"))
    assert not human(reply(1, 0, sender_type="Captain::Assistant"))
    assert not human(reply(1, 0, automated=True))
    assert not human(reply(1, 0, campaign=True))
    assert not human(reply(1, 0, message_type="template"))
    assert not human(reply(1, 0, message_type="unknown(9)"))
    assert not human(reply(1, 0, sender_type=None, sender_id=None))
    assert not human(message(1, 0))


def test_a_bot_that_posts_with_a_user_s_token_is_known_by_its_id() -> None:
    bots = frozenset({7})
    assert not human(reply(1, 0), bots)
    assert human(reply(1, 0, sender_id=8), bots)
    assert [row["sender_kind"] for row in marked(reply(1, 0), reply(2, 1, sender_id=8), bots=bots)] == ["bot", "agent"]


def test_a_contact_with_the_id_of_a_bot_is_no_bot() -> None:
    (row,) = marked(message(1, 0, sender_id=7), bots=frozenset({7}))
    assert row["sender_kind"] == "contact"


def test_messages_at_one_instant_are_in_the_order_of_their_ids() -> None:
    assert [row["id"] for row in marked(reply(3, 5), message(2, 5), message(4, 1))] == [4, 2, 3]


def test_a_message_whose_time_could_not_be_read_is_left_out() -> None:
    assert [row["id"] for row in marked(message(1, None), message(2, 0))] == [2]


def test_marks_that_could_not_be_read_count_as_not_set() -> None:
    unread = dict.fromkeys(("private", "automated", "campaign", "external_echo", "deleted"))
    assert human(reply(1, 0, **unread))
    assert not human(reply(1, 0, sender_type=None, sender_id=None, **unread))


def test_what_nobody_outside_sees_has_no_sender() -> None:
    rows = marked(reply(1, 0, private=True), said(2, 1, "Conversa foi reaberta por Ana"))
    assert [row["sender_kind"] for row in rows] == [None, None]
    assert [row["is_note"] for row in rows] == [True, False]
