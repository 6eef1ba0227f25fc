"""The waits of contacts: when they begin, what ends them, and those that nothing ended."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import reference_facts as retold_facts
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.reference_hours import open_seconds
from chatwoot_assets_tests.metrics.rows import NOBODY_ELSE, ZONE, Row, after, conversation, event, message, reply, said

RESOLVED = "Conversa foi marcada como resolvida por Ana"
OFFICE = "[[1, 540, 1080], [2, 540, 1080]]"


def compiled(held: History) -> pl.DataFrame:
    """Return the product's rows."""
    return compute_response_intervals(held.extracted())


def waits(
    *written: Row, events: tuple[Row, ...] = (), bots: frozenset[int] = NOBODY_ELSE, **values: object
) -> list[Row]:
    """Return the waits of one conversation."""
    held = History([conversation(**values)], list(written), list(events), [], ZONE, bots)
    return compiled(held).to_dicts()


def spans(
    *written: Row, events: tuple[Row, ...] = (), bots: frozenset[int] = NOBODY_ELSE
) -> list[tuple[object, object]]:
    """Return when the waits of one conversation started and ended."""
    return [(row["started_at"], row["ended_at"]) for row in waits(*written, events=events, bots=bots)]


@given(histories())
@examples(150)
def test_the_waits_of_any_history_are_those_that_plain_python_finds(held: History) -> None:
    expected = [row for number in (1, 2, 3) for row in retold_facts.intervals(held.only(number))]
    assert compiled(held).drop("business_seconds").to_dicts() == expected


@given(histories())
@examples(60)
def test_the_open_time_of_any_wait_is_that_of_its_inbox(held: History) -> None:
    inboxes = {row["id"]: (row["inbox_timezone"], row["working_hours"]) for row in held.conversations}
    for row in compiled(held).to_dicts():
        if row["seconds"] is None or row["seconds"] < 8 * 86400:
            expected = open_seconds(*inboxes[row["conversation_id"]], row["started_at"], row["ended_at"])
            assert row["business_seconds"] == expected


@given(histories())
@examples(60)
def test_a_conversation_s_waits_do_not_depend_on_what_it_is_computed_with(held: History) -> None:
    alone = pl.concat([compiled(held.only(number)) for number in (1, 2, 3)])
    assert compiled(held).equals(alone)


def test_a_wait_lasts_from_the_first_of_several_messages_to_the_reply() -> None:
    assert spans(message(1, 10), message(2, 20), reply(3, 60), reply(4, 70)) == [(after(10), after(60))]


def test_each_return_of_the_contact_is_a_wait_of_its_own() -> None:
    rows = waits(message(1, 0), reply(2, 60), message(3, 100), reply(4, 130, sender_id=8))
    assert [(row["interval_number"], row["seconds"], row["agent_id"]) for row in rows] == [(1, 60, 7), (2, 30, 8)]
    assert [row["is_first_response"] for row in rows] == [True, False]


def test_a_wait_that_was_never_answered_stays_open() -> None:
    (row,) = waits(message(1, 10), reply(2, 20, private=True), reply(3, 30, automated=True))
    assert (row["is_open"], row["ended_at"], row["seconds"], row["agent_id"]) == (True, None, None, None)
    assert (row["started_at"], row["resolved_at"], row["ended_date"]) == (after(10), None, None)


def test_a_resolution_ends_a_wait_unanswered() -> None:
    (row,) = waits(message(1, 10), said(2, 40, RESOLVED), reply(3, 50))
    assert (row["is_open"], row["resolved_at"], row["ended_at"]) == (True, after(40), None)


def test_after_a_resolution_the_contact_waits_anew() -> None:
    rows = waits(message(1, 10), said(2, 40, RESOLVED), message(3, 90), reply(4, 95))
    assert [(row["started_at"], row["ended_at"], row["resolved_at"]) for row in rows] == [
        (after(10), None, after(40)),
        (after(90), after(95), None),
    ]
    assert [row["is_first_response"] for row in rows] == [False, True]


def test_while_a_bot_served_nobody_waited_for_a_human() -> None:
    bot = reply(2, 15, sender_type="AgentBot")
    handed = (event(1, 100, "conversation_bot_handoff"),)
    assert spans(message(1, 10), bot, message(3, 90), reply(4, 160), events=handed) == [(after(100), after(160))]
    twice = (*handed, event(2, 120, "conversation_bot_handoff"))
    assert spans(message(1, 10), bot, message(3, 90), reply(4, 160), events=twice) == [(after(120), after(160))]


def test_a_bot_that_never_handed_over_ends_no_wait() -> None:
    assert spans(message(1, 10), reply(2, 15, sender_type="Captain::Assistant")) == [(after(10), None)]
    assert spans(message(1, 10), reply(2, 15), bots=frozenset({7})) == [(after(10), None)]


def test_a_handover_after_the_reply_moves_nothing() -> None:
    handed = (event(1, 90, "conversation_bot_handoff"),)
    assert spans(message(1, 10), reply(2, 60), events=handed) == [(after(10), after(60))]


def test_a_conversation_that_an_agent_began_has_no_wait_until_the_contact_writes() -> None:
    assert spans(reply(1, 0)) == []
    (row,) = waits(reply(1, 0), message(2, 50), reply(3, 80))
    assert (row["seconds"], row["is_first_response"]) == (30, False)


def test_at_one_instant_the_smaller_id_comes_first() -> None:
    assert spans(message(1, 10), reply(2, 10)) == [(after(10), after(10))]
    assert spans(reply(1, 10), message(2, 10)) == [(after(10), None)]


def test_at_one_instant_a_message_comes_before_a_resolution() -> None:
    ended = (event(1, 10, "conversation_resolved"),)
    (row,) = waits(message(1, 10), reply(2, 20), events=ended)
    assert (row["started_at"], row["resolved_at"], row["ended_at"]) == (after(10), after(10), None)
    (row,) = waits(message(1, 5), reply(2, 10), events=ended)
    assert (row["ended_at"], row["resolved_at"]) == (after(10), None)


def test_at_one_instant_a_handover_comes_after_a_message_and_before_a_resolution() -> None:
    handed = event(1, 40, "conversation_bot_handoff")
    (row,) = waits(message(1, 10), events=(handed, event(2, 40, "conversation_resolved")))
    assert (row["started_at"], row["resolved_at"]) == (after(40), after(40))
    assert spans(message(1, 10), reply(2, 40), events=(handed,)) == [(after(10), after(40))]


def test_a_reply_from_the_channel_s_own_application_has_no_agent() -> None:
    echo = reply(2, 60, sender_type=None, sender_id=None, external_echo=True)
    (row,) = waits(message(1, 0), echo)
    assert (row["ended_at"], row["agent_id"], row["is_open"]) == (after(60), None, False)


def test_days_are_those_of_the_reporting_time_zone() -> None:
    night = 14 * 3600  # 2025-03-11 02:00 UTC, still the 10th in São Paulo
    (row,) = waits(message(1, night), reply(2, night + 2 * 3600))
    assert [str(row[name]) for name in ("started_date", "ended_date")] == ["2025-03-10", "2025-03-11"]


def test_an_inbox_without_opening_hours_has_no_business_seconds_and_one_that_is_closed_has_none_of_them() -> None:
    night = 14 * 3600
    asked = message(1, night), reply(2, night + 60)
    (row,) = waits(*asked, inbox_timezone=ZONE, working_hours=None)
    assert row["business_seconds"] is None
    (row,) = waits(*asked, inbox_timezone=ZONE, working_hours=OFFICE)
    assert row["business_seconds"] == 0


def test_percentiles_come_from_the_waits_themselves() -> None:
    lasted = (10, 20, 30, 40, 1000)
    steps = [
        (message(2 * place, 5000 * place), reply(2 * place + 1, 5000 * place + length))
        for place, length in enumerate(lasted, 1)
    ]
    held = History([conversation()], [row for pair in steps for row in pair], [], [], ZONE, NOBODY_ELSE)
    seconds = compiled(held)["seconds"]
    assert seconds.median() == 30
    assert seconds.mean() == pytest.approx(220)


def test_messages_of_a_conversation_that_is_not_in_the_group_are_left_out() -> None:
    assert waits(message(1, 0, conversation_id=2)) == []
