"""One row a conversation; among the cases those in which other packages and Chatwoot's own reports are wrong."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from chatwoot_assets.metrics.conversation_facts import compute_conversation_facts
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_facts as retold_facts
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.reference_hours import open_seconds
from chatwoot_assets_tests.metrics.rows import (
    NOBODY_ELSE,
    ZONE,
    Row,
    after,
    conversation,
    event,
    message,
    rated,
    reply,
    said,
)

RESOLVED, REOPENED = "Conversa foi marcada como resolvida por Ana", "Conversa foi reaberta por Ana"
OFFICE = "[[1, 540, 1080], [2, 540, 1080]]"
IN_HOURS = [
    "first_response_business_seconds",
    "sum_wait_business_seconds",
    "first_resolution_business_seconds",
    "last_resolution_business_seconds",
]


def compiled(held: History) -> pl.DataFrame:
    """Return the product's rows."""
    extracted = held.extracted()
    return compute_conversation_facts(extracted, compute_response_intervals(extracted))


def fact(*written: Row, events: tuple[Row, ...] = (), csat: tuple[Row, ...] = (), **values: object) -> Row:
    """Return the row of one conversation."""
    held = History([conversation(**values)], list(written), list(events), list(csat), ZONE, NOBODY_ELSE)
    (row,) = compiled(held).to_dicts()
    return row


@given(histories())
@examples(150)
def test_the_facts_of_any_history_are_what_plain_python_counts(held: History) -> None:
    for number, row in enumerate(compiled(held).drop(IN_HOURS).to_dicts(), 1):
        expected = retold_facts.facts(held.only(number))
        assert row.pop("sum_wait_seconds") == pytest.approx(expected.pop("sum_wait_seconds"))
        assert row == expected


@given(histories())
@examples(60)
def test_resolutions_are_counted_in_the_inbox_s_hours_too(held: History) -> None:
    for row, found in zip(held.conversations, compiled(held).to_dicts(), strict=True):
        for which in ("first", "last"):
            at = found[f"{which}_resolved_at"]
            if at is None or abs(at - row["created_at"]).days < 8:
                expected = open_seconds(row["inbox_timezone"], row["working_hours"], row["created_at"], at)
                assert found[f"{which}_resolution_business_seconds"] == expected


@given(histories())
@examples(60)
def test_a_conversation_s_facts_do_not_depend_on_what_it_is_computed_with(held: History) -> None:
    alone = pl.concat([compiled(held.only(number)) for number in (1, 2, 3)])
    assert compiled(held).equals(alone)


def test_a_conversation_without_a_reply_is_counted_as_unreplied() -> None:
    row = fact(message(1, 0))
    assert (row["human_replies"], row["touch"], row["waits_open"], row["needs_reply"]) == (0, "none", 1, True)
    assert (row["first_response_seconds"], row["waiting_since"]) == (None, after(0))


def test_a_conversation_that_was_reopened_and_is_still_open_was_reopened_once() -> None:
    silently = fact(message(1, 0), said(2, 60, RESOLVED))
    assert (silently["resolutions"], silently["reopens"]) == (1, 1)
    told = fact(message(1, 0), said(2, 60, RESOLVED), said(3, 90, REOPENED))
    assert (told["resolutions"], told["reopens"]) == (1, 1)


def test_a_conversation_that_was_resolved_thrice_was_reopened_twice() -> None:
    row = fact(*(said(place, 100 * place, RESOLVED) for place in (1, 2, 3)), status="resolved")
    assert (row["resolutions"], row["reopens"]) == (3, 2)
    assert (row["first_resolution_seconds"], row["last_resolution_seconds"]) == (100, 300)


def test_a_conversation_that_returned_to_its_first_agent_was_reassigned() -> None:
    moves = ("Atribuído a Ana", "Assigned to Bia by Ana", "Ana self-assigned this conversation")
    row = fact(*(said(place, place, text) for place, text in enumerate(moves, 1)), assignee_id=7)
    assert (row["assignments"], row["reassignments"], row["returned_to_agent"]) == (3, 2, True)


def test_a_conversation_that_only_moved_on_did_not_return() -> None:
    moves = ("Atribuído a Ana", "Assigned to Bia by Ana", "Assigned to Zé by Bia")
    row = fact(*(said(place, place, text) for place, text in enumerate(moves, 1)), assignee_id=7)
    assert (row["assignments"], row["reassignments"], row["returned_to_agent"]) == (3, 2, False)


def test_assigning_the_same_agent_again_is_no_reassignment() -> None:
    again = ("Atribuído a Ana", "Conversation unassigned by Zé", "Assigned to Ana by Zé", "Assigned to sales by Zé")
    row = fact(*(said(place, place, text) for place, text in enumerate(again, 1)), assignee_id=7)
    assert (row["assignments"], row["reassignments"], row["returned_to_agent"]) == (2, 0, False)


def test_assignments_that_nobody_wrote_down_are_unknown_and_not_none() -> None:
    counts = ("assignments", "reassignments", "returned_to_agent")
    assert [fact(message(1, 0), assignee_id=7)[name] for name in counts] == [None, None, None]
    assert [fact(message(1, 0))[name] for name in counts] == [0, 0, False]


def test_resolutions_that_nobody_wrote_down_are_unknown_and_not_none() -> None:
    row = fact(message(1, 0), status="resolved")
    assert (row["resolutions"], row["reopens"], row["last_resolved_at"]) == (None, None, None)
    row = fact(message(1, 0))
    assert (row["resolutions"], row["reopens"]) == (0, 0)


def test_an_event_that_was_written_twice_counts_once() -> None:
    ended = (event(1, 60, "conversation_resolved"), event(2, 60, "conversation_resolved"))
    row = fact(message(1, 0), events=ended, status="resolved")
    assert (row["resolutions"], row["reopens"], row["last_resolution_seconds"]) == (1, 0, 60)


def test_resolved_is_what_has_the_status_resolved_and_nothing_else() -> None:
    found = {status: fact(status=status)["is_resolved"] for status in ("open", "resolved", "snoozed", "unknown(4)")}
    assert found == {"open": False, "resolved": True, "snoozed": False, "unknown(4)": False}


def test_only_an_open_conversation_needs_a_reply_though_others_may_wait() -> None:
    row = fact(message(1, 5), status="snoozed")
    assert (row["needs_reply"], row["waiting_since"]) == (False, after(5))


def test_a_wait_that_a_resolution_ended_needs_no_reply() -> None:
    row = fact(message(1, 0), said(2, 60, RESOLVED), said(3, 90, REOPENED))
    assert (row["waits_open"], row["waiting_since"], row["needs_reply"]) == (1, None, False)


def test_labels_stay_one_list_in_one_row() -> None:
    assert fact(labels=["a", "b", "c"])["labels"] == ["a", "b", "c"]


def test_waits_add_up_and_the_first_response_is_one_of_them() -> None:
    row = fact(message(1, 0), reply(2, 60), message(3, 100), reply(4, 130), reply(5, 140))
    assert (row["first_response_seconds"], row["waits_answered"], row["sum_wait_seconds"]) == (60, 2, 90)
    assert (row["human_replies"], row["touch"]) == (3, "multi")


def test_one_reply_is_one_touch_and_two_are_two() -> None:
    assert fact(reply(1, 0))["touch"] == "one"
    assert fact(reply(1, 0), reply(2, 1), reply(3, 2, private=True))["touch"] == "two"


def test_without_opening_hours_what_is_counted_in_them_is_null_and_with_them_it_is_0_where_nobody_waited() -> None:
    written = message(1, 0), reply(2, 60), said(3, 90, RESOLVED)
    assert [fact(*written, inbox_timezone=ZONE)[name] for name in IN_HOURS] == [None] * 4
    office = {"inbox_timezone": ZONE, "working_hours": OFFICE}
    assert [fact(*written, **office)[name] for name in IN_HOURS] == [60, 60, 90, 90]
    assert [fact(**office)[name] for name in IN_HOURS] == [None, 0, None, None]


def test_what_bots_did_is_known_from_their_events() -> None:
    row = fact(events=(event(1, 9, "conversation_bot_handoff"), event(2, 9, "conversation_bot_handoff")))
    assert (row["bot_handed_off"], row["bot_resolved"]) == (True, False)
    assert fact(events=(event(1, 9, "conversation_bot_resolved"),))["bot_resolved"]


def test_the_last_sender_is_the_last_whom_the_contact_could_see() -> None:
    hidden = reply(3, 20, private=True), said(4, 30, REOPENED)
    assert fact(message(1, 0), reply(2, 10), *hidden)["last_sender"] == "agent"
    assert fact(reply(1, 0, sender_type="AgentBot"))["last_sender"] == "bot"
    assert fact(*hidden)["last_sender"] is None


def test_a_survey_was_offered_unless_it_was_deleted_or_never_sent() -> None:
    survey = {"message_type": "template", "content_type": "input_csat", "sender_type": None}
    offered = fact(message(1, 0, **survey))
    assert (offered["csat_offered"], offered["csat_answered"], offered["csat_responses"]) == (True, False, 0)
    assert not fact(message(1, 0, **survey, deleted=True))["csat_offered"]
    answered = fact(csat=(rated(4),))
    assert (answered["csat_offered"], answered["csat_answered"], answered["rating"]) == (True, True, 4)
    assert answered["rated_at"] == after(100)


def test_messages_are_counted_as_chatwoot_counts_them_with_private_notes_among_the_outgoing() -> None:
    row = fact(message(1, 0), reply(2, 1), reply(3, 2, private=True), said(4, 3, REOPENED), message(5, None))
    assert (row["incoming_messages"], row["outgoing_messages"], row["private_notes"]) == (1, 2, 1)


def test_the_day_of_a_resolution_is_one_of_the_reporting_time_zone() -> None:
    row = fact(said(1, 14 * 3600, RESOLVED), status="resolved")
    assert str(row["last_resolved_date"]) == "2025-03-10"  # 02:00 UTC on the 11th
