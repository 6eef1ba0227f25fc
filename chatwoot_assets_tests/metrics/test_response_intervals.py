"""The waits of contacts: when they start, what ends them, and waits without an end."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_facts as reference
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.reference_hours import count_open_seconds
from chatwoot_assets_tests.metrics.rows import NO_BOTS, ZONE, Row, activity, after, conversation, event, message, reply

RESOLVED = "Conversa foi marcada como resolvida por Ana"
OFFICE = "[[1, 540, 1080], [2, 540, 1080]]"


def compute(history: History) -> pl.DataFrame:
    """Return the product's rows."""
    return compute_response_intervals(history.to_batch())


def compute_waits(
    *messages: Row, events: tuple[Row, ...] = (), bots: frozenset[int] = NO_BOTS, **values: object
) -> list[Row]:
    """Return the waits of one conversation."""
    history = History([conversation(**values)], list(messages), list(events), [], ZONE, bots)
    return compute(history).to_dicts()


def compute_spans(
    *messages: Row, events: tuple[Row, ...] = (), bots: frozenset[int] = NO_BOTS
) -> list[tuple[object, object]]:
    """Return when the waits of one conversation started and ended."""
    return [(row["started_at"], row["ended_at"]) for row in compute_waits(*messages, events=events, bots=bots)]


@given(histories())
@examples(150)
def test_waits_of_any_history_equal_the_reference(history: History) -> None:
    expected = [row for number in (1, 2, 3) for row in reference.compute_intervals(history.select(number))]
    assert compute(history).drop("business_seconds").to_dicts() == expected


@given(histories())
@examples(60)
def test_open_time_of_any_wait_is_that_of_its_inbox(history: History) -> None:
    inboxes = {row["id"]: (row["inbox_timezone"], row["working_hours"]) for row in history.conversations}
    for row in compute(history).to_dicts():
        if row["seconds"] is None or row["seconds"] < 8 * 86400:
            expected = count_open_seconds(*inboxes[row["conversation_id"]], row["started_at"], row["ended_at"])
            assert row["business_seconds"] == expected


@given(histories())
@examples(60)
def test_waits_do_not_depend_on_other_conversations(history: History) -> None:
    alone = pl.concat([compute(history.select(number)) for number in (1, 2, 3)])
    assert compute(history).equals(alone)


def test_wait_lasts_from_the_first_message_to_the_reply() -> None:
    assert compute_spans(message(1, 10), message(2, 20), reply(3, 60), reply(4, 70)) == [(after(10), after(60))]


def test_each_return_of_the_contact_is_a_separate_wait() -> None:
    rows = compute_waits(message(1, 0), reply(2, 60), message(3, 100), reply(4, 130, sender_id=8))
    assert [(row["interval_number"], row["seconds"], row["agent_id"]) for row in rows] == [(1, 60, 7), (2, 30, 8)]
    assert [row["is_first_response"] for row in rows] == [True, False]


def test_unanswered_wait_stays_open() -> None:
    (row,) = compute_waits(message(1, 10), reply(2, 20, private=True), reply(3, 30, automated=True))
    assert (row["is_open"], row["ended_at"], row["seconds"], row["agent_id"]) == (True, None, None, None)
    assert (row["started_at"], row["resolved_at"], row["ended_date"]) == (after(10), None, None)


def test_resolution_ends_a_wait_unanswered() -> None:
    (row,) = compute_waits(message(1, 10), activity(2, 40, RESOLVED), reply(3, 50))
    assert (row["is_open"], row["resolved_at"], row["ended_at"]) == (True, after(40), None)


def test_message_after_a_resolution_starts_a_new_wait() -> None:
    rows = compute_waits(message(1, 10), activity(2, 40, RESOLVED), message(3, 90), reply(4, 95))
    assert [(row["started_at"], row["ended_at"], row["resolved_at"]) for row in rows] == [
        (after(10), None, after(40)),
        (after(90), after(95), None),
    ]
    assert [row["is_first_response"] for row in rows] == [False, True]


def test_wait_starts_with_the_last_handoff_of_a_bot() -> None:
    bot = reply(2, 15, sender_type="AgentBot")
    handoff = (event(1, 100, "conversation_bot_handoff"),)
    assert compute_spans(message(1, 10), bot, message(3, 90), reply(4, 160), events=handoff) == [
        (after(100), after(160))
    ]
    twice = (*handoff, event(2, 120, "conversation_bot_handoff"))
    assert compute_spans(message(1, 10), bot, message(3, 90), reply(4, 160), events=twice) == [(after(120), after(160))]


def test_bot_reply_without_a_handoff_ends_no_wait() -> None:
    assert compute_spans(message(1, 10), reply(2, 15, sender_type="Captain::Assistant")) == [(after(10), None)]
    assert compute_spans(message(1, 10), reply(2, 15), bots=frozenset({7})) == [(after(10), None)]


def test_handoff_after_the_reply_moves_no_wait() -> None:
    handoff = (event(1, 90, "conversation_bot_handoff"),)
    assert compute_spans(message(1, 10), reply(2, 60), events=handoff) == [(after(10), after(60))]


def test_conversation_started_by_an_agent_has_no_first_response() -> None:
    assert compute_spans(reply(1, 0)) == []
    (row,) = compute_waits(reply(1, 0), message(2, 50), reply(3, 80))
    assert (row["seconds"], row["is_first_response"]) == (30, False)


def test_message_with_the_smaller_id_comes_first_at_one_instant() -> None:
    assert compute_spans(message(1, 10), reply(2, 10)) == [(after(10), after(10))]
    assert compute_spans(reply(1, 10), message(2, 10)) == [(after(10), None)]


def test_message_comes_before_a_resolution_at_one_instant() -> None:
    resolution = (event(1, 10, "conversation_resolved"),)
    (row,) = compute_waits(message(1, 10), reply(2, 20), events=resolution)
    assert (row["started_at"], row["resolved_at"], row["ended_at"]) == (after(10), after(10), None)
    (row,) = compute_waits(message(1, 5), reply(2, 10), events=resolution)
    assert (row["ended_at"], row["resolved_at"]) == (after(10), None)


def test_handoff_comes_between_message_and_resolution_at_one_instant() -> None:
    handoff = event(1, 40, "conversation_bot_handoff")
    (row,) = compute_waits(message(1, 10), events=(handoff, event(2, 40, "conversation_resolved")))
    assert (row["started_at"], row["resolved_at"]) == (after(40), after(40))
    assert compute_spans(message(1, 10), reply(2, 40), events=(handoff,)) == [(after(10), after(40))]


def test_reply_from_the_app_of_the_channel_has_no_agent() -> None:
    echo = reply(2, 60, sender_type=None, sender_id=None, external_echo=True)
    (row,) = compute_waits(message(1, 0), echo)
    assert (row["ended_at"], row["agent_id"], row["is_open"]) == (after(60), None, False)


def test_reaction_neither_ends_nor_begins_a_wait() -> None:
    thumb = reply(2, 60, reaction=True)
    (row,) = compute_waits(message(1, 0), thumb, reply(3, 3_600), message(4, 2 * 3_600, reaction=True))
    assert (row["seconds"], row["is_first_response"]) == (3_600, True)


def test_dates_are_in_the_reporting_time_zone() -> None:
    night = 14 * 3600  # 2025-03-11 02:00 UTC, still the 10th in São Paulo
    (row,) = compute_waits(message(1, night), reply(2, night + 2 * 3600))
    assert [str(row[name]) for name in ("started_date", "ended_date")] == ["2025-03-10", "2025-03-11"]


def test_business_seconds_are_null_without_hours_and_0_when_closed() -> None:
    night = 14 * 3600
    messages = message(1, night), reply(2, night + 60)
    (row,) = compute_waits(*messages, inbox_timezone=ZONE, working_hours=None)
    assert row["business_seconds"] is None
    (row,) = compute_waits(*messages, inbox_timezone=ZONE, working_hours=OFFICE)
    assert row["business_seconds"] == 0


def test_percentiles_come_from_individual_waits() -> None:
    lengths = (10, 20, 30, 40, 1000)
    steps = [
        (message(2 * number, 5000 * number), reply(2 * number + 1, 5000 * number + length))
        for number, length in enumerate(lengths, 1)
    ]
    history = History([conversation()], [row for pair in steps for row in pair], [], [], ZONE, NO_BOTS)
    seconds = compute(history)["seconds"]
    assert seconds.median() == 30
    assert seconds.mean() == pytest.approx(220)


def test_messages_without_their_conversation_are_left_out() -> None:
    assert compute_waits(message(1, 0, conversation_id=2)) == []


@given(histories())
@examples(60)
def test_no_wait_is_negative_whatever_chatwoot_recorded(history: History) -> None:
    # Histories have first replies before the conversation, as imported ones do.
    waits = compute(history)
    assert waits.filter((pl.col("seconds") < 0) | (pl.col("business_seconds") < 0)).is_empty()
