"""Resolutions, openings and status changes: from events, from activity, and unrecorded."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from hypothesis import given

from chatwoot_assets.metrics import status
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_timeline as reference
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.rows import (
    NO_BOTS,
    ZONE,
    Row,
    activity,
    after,
    conversation,
    event,
    message,
    reply,
)

RESOLVED, REOPENED = "Conversa foi marcada como resolvida por Ana", "Conversa foi reaberta por Ana"


def make_history(*messages: Row, events: tuple[Row, ...] = (), **values: object) -> History:
    """Return the history of one conversation."""
    return History([conversation(**values)], list(messages), list(events), [], ZONE, NO_BOTS)


def find_resolutions(history: History) -> list[tuple[object, object]]:
    """Return the instants and users of the product's resolutions."""
    return history.to_batch().resolutions.select("occurred_at", "user_id").rows()


def find_openings(history: History) -> list[object]:
    """Return the instants of the product's openings."""
    batch = history.to_batch()
    return status.find_openings(batch.activity, batch.events)["occurred_at"].to_list()


def find_reopenings(history: History) -> list[object]:
    """Return the instants of the product's reopenings."""
    return history.to_batch().reopenings["occurred_at"].to_list()


def find_status_changes(history: History) -> list[tuple[object, ...]]:
    """Return the instants, statuses and estimates of the product's status changes."""
    return history.to_batch().status_changes.select("occurred_at", "status", "is_estimated").rows()


@given(histories())
@examples(150)
def test_resolutions_and_openings_of_any_history_equal_the_reference(history: History) -> None:
    parts = list(enumerate((history.select(number) for number in (1, 2, 3)), 1))
    batch = history.to_batch()
    openings = status.find_openings(batch.activity, batch.events)
    assert batch.resolutions.rows() == [(n, *row) for n, part in parts for row in reference.find_resolutions(part)]
    assert openings.rows() == [(n, row) for n, part in parts for row in reference.find_openings(part)]
    assert batch.reopenings.rows() == [(n, row) for n, part in parts for row in reference.find_reopenings(part)]


@given(histories())
@examples(250)
def test_status_changes_of_any_history_equal_the_reference(history: History) -> None:
    expected = [(n, *change) for n in (1, 2, 3) for change in reference.find_status_changes(history.select(n))]
    assert history.to_batch().status_changes.rows() == expected


@given(histories())
@examples(60)
def test_status_changes_are_in_order_and_end_at_the_current_status(history: History) -> None:
    changes = history.to_batch().status_changes
    last = dict(changes.group_by("conversation_id").agg(pl.col("status").last()).rows())
    assert all(last[row["id"]] == row["status"] for row in history.conversations if row["status"] is not None)
    for row in history.conversations:
        times = changes.filter(pl.col("conversation_id") == row["id"])["occurred_at"].to_list()
        assert times == sorted(times)
        assert times[0] == row["created_at"]


def test_event_and_its_activity_message_are_one_resolution() -> None:
    history = make_history(activity(1, 61, RESOLVED), events=(event(1, 60, "conversation_resolved", user_id=7),))
    assert find_resolutions(history) == [(after(60), 7)]


def test_event_repeated_by_a_retried_job_is_one_resolution() -> None:
    events = (event(1, 60, "conversation_resolved", user_id=7), event(2, 60, "conversation_resolved", user_id=8))
    assert find_resolutions(make_history(events=events)) == [(after(60), 7)]


def test_resolution_outlives_the_deleted_agent_and_event() -> None:
    assert find_resolutions(make_history(activity(1, 60, RESOLVED))) == [(after(60), None)]


def test_present_status_is_dated_by_the_conversation_where_nothing_else_tells() -> None:
    resolved = make_history(message(1, 10), status="resolved", status_changed_at=after(60))
    assert find_resolutions(resolved) == [(after(60), None)]
    told = (event(1, 59, "conversation_resolved", user_id=7),)
    assert find_resolutions(make_history(events=told, status="resolved", status_changed_at=after(60))) == [
        (after(59), 7)
    ]
    snoozed = make_history(message(1, 10), message(2, 90), status="snoozed", status_changed_at=after(60))
    assert snoozed.to_batch().status_changes.rows()[-1] == (1, after(60), "snoozed", False)
    undated = make_history(message(1, 10), message(2, 90), status="snoozed")
    assert undated.to_batch().status_changes.rows()[-1] == (1, after(90), "snoozed", True)


def test_each_of_several_resolutions_counts() -> None:
    history = make_history(activity(1, 10, RESOLVED), activity(2, 20, REOPENED), activity(3, 500, RESOLVED))
    assert find_resolutions(history) == [(after(10), None), (after(500), None)]


def test_activity_message_matches_an_event_up_to_a_minute_away() -> None:
    events = (event(1, 60, "conversation_resolved", user_id=7),)
    assert len(find_resolutions(make_history(activity(1, 120, RESOLVED), events=events))) == 1
    assert len(find_resolutions(make_history(activity(1, 121, RESOLVED), events=events))) == 2


def test_event_without_an_end_is_dated_by_its_creation() -> None:
    undated = event(1, None, "conversation_resolved")
    assert find_resolutions(make_history(events=(undated,))) == []
    assert find_resolutions(make_history(events=({**undated, "created_at": after(9)},))) == [(after(9), None)]


def test_first_opening_is_no_reopening() -> None:
    events = (event(1, 60, "conversation_opened", value=0.0),)
    assert find_openings(make_history(activity(1, 61, "A conversa foi aberta por Captain"), events=events)) == []


def test_opening_before_any_resolution_ends_none() -> None:
    history = make_history(activity(1, 60, REOPENED), activity(2, 90, RESOLVED))
    assert find_openings(history) == [after(60)]
    assert find_reopenings(history) == []


def test_two_openings_after_one_resolution_are_one_reopening() -> None:
    history = make_history(
        activity(1, 60, RESOLVED), activity(2, 90, REOPENED), activity(3, 900, "Conversation was reopened by Zé")
    )
    assert find_reopenings(history) == [after(90)]


def test_opening_at_the_instant_of_a_resolution_does_not_end_it() -> None:
    assert find_reopenings(make_history(activity(1, 60, RESOLVED), activity(2, 60, REOPENED))) == []


def test_status_changes_lead_from_open_to_the_current_status() -> None:
    history = make_history(
        activity(1, 60, "Conversa foi adiada por Ana"),
        activity(2, 90, REOPENED),
        activity(3, 99, RESOLVED),
        status="resolved",
    )
    assert find_status_changes(history) == [
        (after(0), "open", False),
        (after(60), "snoozed", False),
        (after(90), "open", False),
        (after(99), "resolved", False),
    ]


def test_conversation_served_by_a_bot_starts_as_pending() -> None:
    history = make_history(message(1, 0), events=(event(1, 30, "conversation_bot_handoff"),))
    assert find_status_changes(history) == [(after(0), "pending", False), (after(30), "open", False)]
    history = make_history(events=(event(1, 30, "conversation_resolved"), event(2, 30, "conversation_bot_resolved")))
    assert find_status_changes(history)[:2] == [(after(0), "pending", False), (after(30), "resolved", False)]
    assert find_status_changes(make_history(message(1, 5), status="pending")) == [(after(0), "pending", False)]


def test_unrecorded_change_is_estimated_at_the_last_message() -> None:
    history = make_history(message(1, 0), reply(2, 50, private=True), status="resolved")
    assert find_status_changes(history) == [(after(0), "open", False), (after(50), "resolved", True)]


def test_estimated_change_is_never_before_a_known_one() -> None:
    history = make_history(message(1, 10), events=(event(1, 70, "conversation_resolved"),))
    assert find_status_changes(history)[1:] == [(after(70), "resolved", False), (after(70), "open", True)]


def test_change_is_estimated_at_the_creation_without_messages() -> None:
    assert find_status_changes(make_history(status="snoozed")) == [
        (after(0), "open", False),
        (after(0), "snoozed", True),
    ]


def test_unknown_status_code_is_kept() -> None:
    assert find_status_changes(make_history(message(1, 5), status="unknown(7)"))[-1] == (after(5), "unknown(7)", True)


def test_unreadable_status_adds_no_change() -> None:
    assert find_status_changes(make_history(message(1, 5), status=None)) == [(after(0), "open", False)]


def test_change_before_the_conversation_counts_at_its_creation() -> None:
    history = make_history(activity(1, -5, "Conversa foi adiada por Ana"), status="snoozed")
    assert find_status_changes(history) == [(after(0), "open", False), (after(0), "snoozed", False)]


DAY = 86_400
BOT_INBOX = {10: after(-DAY)}


def make_bot_history(*messages: Row, events: tuple[Row, ...] = (), **values: object) -> History:
    """Return the history of one conversation in an inbox that has an active bot."""
    return History([conversation(**values)], list(messages), list(events), [], ZONE, NO_BOTS, (), BOT_INBOX)


def test_first_opening_proves_that_the_conversation_was_pending() -> None:
    opened = event(1, 3 * DAY, "conversation_opened", value=0.0)
    assert find_status_changes(make_history(message(1, 0), events=(opened,))) == [
        (after(0), "pending", False),
        (after(3 * DAY), "open", False),
    ]


def test_opening_after_a_snooze_or_a_resolution_proves_nothing() -> None:
    opened = event(1, 90, "conversation_opened", value=0.0)
    snoozed = make_history(activity(1, 60, "Conversa foi adiada por Ana"), events=(opened,))
    assert find_status_changes(snoozed)[0] == (after(0), "open", False)
    resolved = make_history(activity(1, 60, RESOLVED), events=({**opened, "value": 30.0},))
    assert find_status_changes(resolved)[0] == (after(0), "open", False)


def test_contact_makes_a_resolved_conversation_of_a_bot_pending() -> None:
    resolved = event(1, 60, "conversation_resolved")
    expected = [(after(60), "resolved", False), (after(DAY), "pending", False)]
    messages = message(1, 0), message(2, DAY), reply(3, DAY + 60), message(4, DAY + 90)
    by_inbox = make_bot_history(*messages, events=(resolved,), status="pending")
    assert find_status_changes(by_inbox)[-2:] == expected
    by_bot = reply(5, 30, sender_type="AgentBot", sender_id=2)
    assert find_status_changes(make_history(*messages, by_bot, events=(resolved,), status="pending"))[-2:] == expected
    by_event = (resolved, event(2, 60, "conversation_bot_resolved"))
    assert find_status_changes(make_history(*messages, events=by_event, status="pending"))[-2:] == expected


def test_opening_that_chatwoot_recorded_counts_in_the_inbox_of_a_bot_too() -> None:
    events = event(1, 60, "conversation_resolved"), event(2, DAY, "conversation_opened", value=DAY - 60.0)
    changes = find_status_changes(make_bot_history(message(1, 0), message(2, DAY), events=events))
    assert changes[-2:] == [(after(60), "resolved", False), (after(DAY), "open", False)]


def test_message_before_the_resolution_at_one_instant_reopens_nothing() -> None:
    history = make_bot_history(message(1, 60), events=(event(1, 60, "conversation_resolved"),), status="resolved")
    assert find_status_changes(history)[-1] == (after(60), "resolved", False)


def test_second_resolution_proves_that_the_contact_had_reopened() -> None:
    events = event(1, 60, "conversation_resolved"), event(2, 2 * DAY, "conversation_resolved")
    history = make_history(message(1, 0), message(2, DAY), events=events, status="resolved")
    assert find_status_changes(history)[1:] == [
        (after(60), "resolved", False),
        (after(DAY), "open", True),
        (after(2 * DAY), "resolved", False),
    ]


def test_unrecorded_reopening_is_estimated_at_the_message_of_the_contact() -> None:
    messages = message(1, 0), message(2, DAY), reply(3, 2 * DAY)
    history = make_history(*messages, events=(event(1, 60, "conversation_resolved"),))
    assert find_status_changes(history)[-1] == (after(DAY), "open", True)


def test_conversations_of_an_inbox_with_an_active_bot_start_as_pending() -> None:
    resolved = event(1, 60, "conversation_resolved")
    assert find_status_changes(make_bot_history(events=(resolved,), status="resolved"))[0][1] == "pending"
    assert find_status_changes(make_bot_history(activity(1, 60, "Conversa foi adiada por Ana")))[0][1] == "pending"


def test_bot_attached_later_changes_nothing_before() -> None:
    resolved, asked = event(1, 60, "conversation_resolved"), (message(1, 0), message(2, DAY), message(3, 3 * DAY))
    history = replace(make_bot_history(*asked, events=(resolved,)), active_bot_inboxes={10: after(2 * DAY)})
    assert find_status_changes(history)[:3] == [
        (after(0), "open", False),
        (after(60), "resolved", False),
        (after(3 * DAY), "pending", False),
    ]


def test_records_outweigh_the_bot_that_an_inbox_has_now() -> None:
    made_pending = activity(1, 60, "Conversation was marked as pending by Ana")
    assert find_status_changes(make_bot_history(made_pending, status="pending"))[0][1] == "open"
    assert find_status_changes(make_bot_history(message(1, 0))) == [(after(0), "open", False)]


def test_muted_contact_reopens_no_conversation() -> None:
    resolved = event(1, 60, "conversation_resolved")
    muted = activity(2, 61, "Ana has muted the conversation")
    asked = message(1, 0), muted, message(3, DAY), message(4, 2 * DAY)
    expected = [(after(0), "pending", False), (after(60), "resolved", False)]
    assert find_status_changes(make_bot_history(*asked, events=(resolved,), status="resolved")) == expected
    later = activity(5, 3 * DAY, "Ana reativou a conversa"), message(6, 4 * DAY)
    history = make_bot_history(*asked, *later, events=(resolved,), status="pending")
    assert find_status_changes(history) == [*expected, (after(4 * DAY), "pending", False)]


def test_message_after_the_last_change_that_chatwoot_keeps_reopened_nothing() -> None:
    resolved = event(1, 60, "conversation_resolved")
    asked = message(1, 0), message(2, DAY), message(3, 2 * DAY)
    history = make_bot_history(*asked, events=(resolved,), status="resolved", status_changed_at=after(60))
    assert find_status_changes(history) == [(after(0), "pending", False), (after(60), "resolved", False)]


def test_campaign_of_an_agent_begins_open_in_the_inbox_of_a_bot() -> None:
    resolved = event(1, 2 * DAY, "conversation_resolved")
    by_agent = reply(1, 0, campaign=True), message(2, DAY)
    changes = find_status_changes(make_bot_history(*by_agent, events=(resolved,), status="resolved"))
    assert changes == [(after(0), "open", False), (after(2 * DAY), "resolved", False)]
    by_nobody = reply(1, 0, campaign=True, sender_type=None, sender_id=None), message(2, DAY)
    changes = find_status_changes(make_bot_history(*by_nobody, events=(resolved,), status="resolved"))
    assert changes[0] == (after(0), "pending", False)
