"""The rows of conversation_facts, including cases that Chatwoot's own reports get wrong."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from chatwoot_assets.metrics.backlog_changes import DAYS
from chatwoot_assets.metrics.conversation_facts import compute_conversation_facts
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_facts as reference
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.reference_hours import count_open_seconds
from chatwoot_assets_tests.metrics.rows import (
    NO_BOTS,
    ZONE,
    Row,
    activity,
    after,
    conversation,
    event,
    message,
    rating,
    reply,
)

RESOLVED, REOPENED = "Conversa foi marcada como resolvida por Ana", "Conversa foi reaberta por Ana"
OFFICE = "[[1, 540, 1080], [2, 540, 1080]]"
IN_HOURS = [
    "first_response_business_seconds",
    "sum_wait_business_seconds",
    "first_resolution_business_seconds",
    "last_resolution_business_seconds",
]


def compute(history: History) -> pl.DataFrame:
    """Return the product's rows. The days in the backlog are tested in `test_backlog_changes.py`."""
    batch = history.to_batch()
    return compute_conversation_facts(batch, compute_response_intervals(batch))


def compute_row(*messages: Row, events: tuple[Row, ...] = (), csat: tuple[Row, ...] = (), **values: object) -> Row:
    """Return the product's row of one conversation."""
    history = History([conversation(**values)], list(messages), list(events), list(csat), ZONE, NO_BOTS)
    (row,) = compute(history).to_dicts()
    return row


@given(histories())
@examples(150)
def test_facts_of_any_history_equal_the_reference(history: History) -> None:
    for number, row in enumerate(compute(history).drop(IN_HOURS, *DAYS.values()).to_dicts(), 1):
        expected = reference.compute_facts(history.select(number))
        assert row.pop("sum_wait_seconds") == pytest.approx(expected.pop("sum_wait_seconds"))
        assert row == expected


@given(histories())
@examples(60)
def test_resolution_times_count_in_opening_hours_too(history: History) -> None:
    for source, row in zip(history.conversations, compute(history).to_dicts(), strict=True):
        for name in ("first", "last"):
            resolved_at = row[f"{name}_resolved_at"]
            if resolved_at is None or abs(resolved_at - source["created_at"]).days < 8:
                hours = source["inbox_timezone"], source["working_hours"]
                expected = count_open_seconds(*hours, source["created_at"], resolved_at)
                assert row[f"{name}_resolution_business_seconds"] == expected


@given(histories())
@examples(60)
def test_facts_do_not_depend_on_other_conversations(history: History) -> None:
    alone = pl.concat([compute(history.select(number)) for number in (1, 2, 3)])
    assert compute(history).equals(alone)


def test_conversation_without_a_reply_is_counted_as_unreplied() -> None:
    row = compute_row(message(1, 0))
    assert (row["human_replies"], row["touch"], row["waits_open"], row["needs_reply"]) == (0, "none", 1, True)
    assert (row["first_response_seconds"], row["waiting_since"]) == (None, after(0))


def test_open_conversation_with_a_resolution_was_reopened_once() -> None:
    silent = compute_row(message(1, 0), activity(2, 60, RESOLVED))
    assert (silent["resolutions"], silent["reopens"]) == (1, 1)
    reported = compute_row(message(1, 0), activity(2, 60, RESOLVED), activity(3, 90, REOPENED))
    assert (reported["resolutions"], reported["reopens"]) == (1, 1)


def test_conversation_resolved_three_times_was_reopened_twice() -> None:
    row = compute_row(*(activity(number, 100 * number, RESOLVED) for number in (1, 2, 3)), status="resolved")
    assert (row["resolutions"], row["reopens"]) == (3, 2)
    assert (row["first_resolution_seconds"], row["last_resolution_seconds"]) == (100, 300)


def test_conversation_that_returned_to_its_agent_was_reassigned() -> None:
    moves = ("Atribuído a Ana", "Assigned to Bia by Ana", "Ana self-assigned this conversation")
    row = compute_row(*(activity(number, number, text) for number, text in enumerate(moves, 1)), assignee_id=7)
    assert (row["assignments"], row["reassignments"], row["returned_to_agent"]) == (3, 2, True)


def test_conversation_that_moved_on_did_not_return() -> None:
    moves = ("Atribuído a Ana", "Assigned to Bia by Ana", "Assigned to Zé by Bia")
    row = compute_row(*(activity(number, number, text) for number, text in enumerate(moves, 1)), assignee_id=7)
    assert (row["assignments"], row["reassignments"], row["returned_to_agent"]) == (3, 2, False)


def test_assigning_the_same_agent_again_is_no_reassignment() -> None:
    moves = ("Atribuído a Ana", "Conversation unassigned by Zé", "Assigned to Ana by Zé", "Assigned to sales by Zé")
    rows = (activity(number, number, text) for number, text in enumerate(moves, 1))
    row = compute_row(*rows, assignee_id=7, team_name="sales")
    assert (row["assignments"], row["reassignments"], row["returned_to_agent"]) == (2, 0, False)


def test_agent_whose_name_has_no_capital_letter_is_an_agent() -> None:
    moves = ("Assigned to Ana by Cida", "Assigned to bruno lima by Cida", "Assigned to Ana by Cida")
    messages = [activity(number, number, text) for number, text in enumerate(moves, 1)]
    names = [{"account_id": 1, "name": "bruno lima", "is_team": False}]
    history = History([conversation(assignee_id=7)], messages, [], [], ZONE, NO_BOTS, names)
    (row,) = compute(history).to_dicts()
    assert (row["assignments"], row["reassignments"], row["returned_to_agent"]) == (3, 2, True)


def test_assignments_are_null_where_a_name_may_be_a_teams() -> None:
    moves = ("Assigned to Ana by Cida", "Assigned to bruno lima by Cida")
    messages = [activity(number, number, text) for number, text in enumerate(moves, 1)]
    for assignee in (7, None):
        row = compute_row(*messages, assignee_id=assignee)
        assert [row[name] for name in ("assignments", "reassignments", "returned_to_agent")] == [None, None, None]


def test_unrecorded_assignments_are_null_instead_of_0() -> None:
    counts = ("assignments", "reassignments", "returned_to_agent")
    assert [compute_row(message(1, 0), assignee_id=7)[name] for name in counts] == [None, None, None]
    assert [compute_row(message(1, 0))[name] for name in counts] == [0, 0, False]


def test_unrecorded_resolutions_are_null_instead_of_0() -> None:
    row = compute_row(message(1, 0), status="resolved")
    assert (row["resolutions"], row["reopens"], row["last_resolved_at"]) == (None, None, None)
    row = compute_row(message(1, 0))
    assert (row["resolutions"], row["reopens"]) == (0, 0)


def test_duplicated_event_counts_once() -> None:
    events = (event(1, 60, "conversation_resolved"), event(2, 60, "conversation_resolved"))
    row = compute_row(message(1, 0), events=events, status="resolved")
    assert (row["resolutions"], row["reopens"], row["last_resolution_seconds"]) == (1, 0, 60)


def test_only_status_resolved_is_resolved() -> None:
    resolved = {
        status: compute_row(status=status)["is_resolved"] for status in ("open", "resolved", "snoozed", "unknown(4)")
    }
    assert resolved == {"open": False, "resolved": True, "snoozed": False, "unknown(4)": False}


def test_only_open_conversations_need_a_reply() -> None:
    row = compute_row(message(1, 5), status="snoozed")
    assert (row["needs_reply"], row["waiting_since"]) == (False, after(5))


def test_wait_ended_by_a_resolution_needs_no_reply() -> None:
    row = compute_row(message(1, 0), activity(2, 60, RESOLVED), activity(3, 90, REOPENED))
    assert (row["waits_open"], row["waiting_since"], row["needs_reply"]) == (1, None, False)


def test_labels_stay_one_list_in_one_row() -> None:
    assert compute_row(labels=["a", "b", "c"])["labels"] == ["a", "b", "c"]


def test_waits_add_up_and_include_the_first_response() -> None:
    row = compute_row(message(1, 0), reply(2, 60), message(3, 100), reply(4, 130), reply(5, 140))
    assert (row["first_response_seconds"], row["waits_answered"], row["sum_wait_seconds"]) == (60, 2, 90)
    assert (row["human_replies"], row["touch"]) == (3, "multi")


def test_deleted_agent_does_not_rewrite_the_first_response() -> None:
    day = 86_400
    lost = reply(2, 300, sender_type=None, sender_id=None)
    history = message(1, 0), lost, message(3, day), reply(4, day + 600)
    row = compute_row(*history, first_response_seconds=300.0)
    assert (row["first_response_seconds"], row["human_replies"], row["sum_wait_seconds"]) == (300, 2, 900)


def test_touch_counts_human_replies() -> None:
    assert compute_row(reply(1, 0))["touch"] == "one"
    assert compute_row(reply(1, 0), reply(2, 1), reply(3, 2, private=True))["touch"] == "two"


def test_business_time_is_null_without_hours_and_0_without_waits() -> None:
    messages = message(1, 0), reply(2, 60), activity(3, 90, RESOLVED)
    assert [compute_row(*messages, inbox_timezone=ZONE)[name] for name in IN_HOURS] == [None] * 4
    office: Row = {"inbox_timezone": ZONE, "working_hours": OFFICE}
    assert [compute_row(*messages, **office)[name] for name in IN_HOURS] == [60, 60, 90, 90]
    assert [compute_row(**office)[name] for name in IN_HOURS] == [None, 0, None, None]


def test_bot_facts_come_from_events() -> None:
    row = compute_row(events=(event(1, 9, "conversation_bot_handoff"), event(2, 9, "conversation_bot_handoff")))
    assert (row["bot_handed_off"], row["bot_resolved"]) == (True, False)
    assert compute_row(events=(event(1, 9, "conversation_bot_resolved"),))["bot_resolved"]


def test_messages_of_bots_are_counted() -> None:
    by_user = History(
        [conversation()], [reply(1, 0), reply(2, 5, sender_type="AgentBot")], [], [], ZONE, frozenset({7})
    )
    (row,) = compute(by_user).to_dicts()
    assert row["bot_messages"] == 2
    assert compute_row(message(1, 0), reply(2, 10))["bot_messages"] == 0


@pytest.mark.parametrize(
    ("resumed", "is_reopened"), [(9, False), (10, True), (9 + 7 * 86_400, True), (10 + 7 * 86_400, False)]
)
def test_conversation_that_a_bot_resolved_is_watched_for_7_days(resumed: int, is_reopened: bool) -> None:
    by_bot = event(1, 9, "conversation_resolved"), event(2, 9, "conversation_bot_resolved")
    row = compute_row(events=(*by_bot, event(3, resumed, "conversation_opened")))
    assert row["bot_reopened"] is is_reopened


def test_contact_who_writes_again_reopens_what_a_bot_resolved() -> None:
    by_bot = event(1, 9, "conversation_resolved"), event(2, 9, "conversation_bot_resolved")
    assert compute_row(message(1, 0), message(2, 600), events=by_bot, status="pending")["bot_reopened"]
    assert not compute_row(message(1, 0), events=by_bot, status="resolved")["bot_reopened"]


def test_last_sender_is_the_last_one_visible_to_the_contact() -> None:
    hidden = reply(3, 20, private=True), activity(4, 30, REOPENED)
    assert compute_row(message(1, 0), reply(2, 10), *hidden)["last_sender"] == "agent"
    assert compute_row(reply(1, 0, sender_type="AgentBot"))["last_sender"] == "bot"
    assert compute_row(*hidden)["last_sender"] is None


def test_deleted_survey_was_not_offered() -> None:
    survey = {"message_type": "template", "content_type": "input_csat", "sender_type": None}
    offered = compute_row(message(1, 0, **survey))
    assert (offered["csat_offered"], offered["csat_answered"], offered["csat_responses"]) == (True, False, 0)
    assert not compute_row(message(1, 0, **survey, deleted=True))["csat_offered"]
    answered = compute_row(csat=(rating(4),))
    assert (answered["csat_offered"], answered["csat_answered"], answered["rating"]) == (True, True, 4)
    assert answered["rated_at"] == after(100)


def test_outgoing_messages_include_notes_as_in_chatwoot() -> None:
    row = compute_row(message(1, 0), reply(2, 1), reply(3, 2, private=True), activity(4, 3, REOPENED), message(5, None))
    assert (row["incoming_messages"], row["outgoing_messages"], row["private_notes"]) == (1, 2, 1)


def test_resolution_date_is_in_the_reporting_time_zone() -> None:
    row = compute_row(activity(1, 14 * 3600, RESOLVED), status="resolved")
    assert str(row["last_resolved_date"]) == "2025-03-10"  # 02:00 UTC on the 11th
