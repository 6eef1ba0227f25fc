"""What happened on each day, without a database: every number equals a recount in plain Python."""

from __future__ import annotations

import datetime

import polars as pl
from hypothesis import given

from chatwoot_assets.metrics.daily_by_group import GROUP_COLUMNS, MEASURES, compute_daily_by_group
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.reference_daily import daily
from chatwoot_assets_tests.metrics.scenarios import NOON, History, Row, histories, history

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def _daily(story: History) -> dict[str, pl.DataFrame]:
    return compute_daily_by_group(*story.extracted())


def _rows(story: History, table: str) -> list[Row]:
    """Return the rows of a table, without the measures that are 0."""
    return [
        {name: value for name, value in row.items() if name not in MEASURES or value}
        for row in _daily(story)[table].to_dicts()
    ]


def _sums(story: History, table: str = "daily_by_inbox") -> Row:
    """Return the sum of every measure that is not 0."""
    sums = _daily(story)[table].select(pl.col(MEASURES).sum()).to_dicts()[0]
    return {name: value for name, value in sums.items() if value}


@given(histories())
@examples(250)
def test_every_measure_of_any_history_is_what_python_counts(story: History) -> None:
    expected = daily(story)
    for table, frame in _daily(story).items():
        found = {}
        for row in frame.to_dicts():
            key = tuple(row[name] for name in ("conversation_date", "event_date", "account_id", GROUP_COLUMNS[table]))
            found[key] = {name: row[name] for name in MEASURES if row[name]}
            assert None not in row.values()
        assert len(found) == frame.height
        assert found == expected[table]


@given(histories())
@examples(50)
def test_the_order_of_the_rows_read_does_not_matter(story: History) -> None:
    again = compute_daily_by_group(*story.extracted(shuffled=True))
    assert all(frame.equals(again[table]) for table, frame in _daily(story).items())


@given(histories())
@examples(50)
def test_agents_inboxes_teams_and_every_conversation_add_up_to_the_same(story: History) -> None:
    frames = _daily(story)
    totals = [
        frames["daily_by_agent"], frames["daily_by_inbox"], frames["daily_by_team"],
        frames["daily_by_label"].filter(pl.col("label") == ""),
    ]  # fmt: skip
    microseconds = (pl.col(pl.Float64) * 1e6).round()
    days = [
        frame.group_by("event_date").agg(pl.col(MEASURES).sum()).sort("event_date").with_columns(microseconds)
        for frame in totals
    ]
    assert all(day.equals(days[0]) for day in days)


def test_no_conversation_at_all_makes_no_row_and_the_same_columns() -> None:
    empty, one = _daily(history([])), _daily(history([{}]))
    for table, column in GROUP_COLUMNS.items():
        assert empty[table].is_empty()
        assert empty[table].schema == one[table].schema
        assert one[table].columns == ["conversation_date", "event_date", "account_id", column, *MEASURES]


def test_a_conversation_with_three_labels_counts_once_in_each_and_once_in_all() -> None:
    story = history([{"labels": ["a", "b", "c"]}, {}])
    created = {row["label"]: row["created"] for row in _rows(story, "daily_by_label")}
    assert created == {"": 2, "a": 1, "b": 1, "c": 1}
    assert _sums(story, "daily_by_inbox") == {"created": 2}


def test_a_label_that_is_there_twice_or_has_no_letters_counts_a_conversation_once() -> None:
    created = {row["label"]: row["created"] for row in _rows(history([{"labels": ["", "a", "a"]}]), "daily_by_label")}
    assert created == {"": 1, "a": 1}


def test_what_happens_later_is_dated_when_it_happens_not_when_the_conversation_began() -> None:
    story = history(
        [{}],
        messages=[{"conversation_id": 1, "created_at": NOON + DAY}],
        events=[{"conversation_id": 1, "event_end_time": NOON + 2 * DAY, "created_at": NOON + 3 * DAY}],
        csat=[{"conversation_id": 1, "rated_at": NOON + 4 * DAY}],
    )
    rows = _rows(story, "daily_by_inbox")
    assert {row["conversation_date"] for row in rows} == {NOON.date()}
    happened = {
        (row["event_date"] - NOON.date()).days: sorted(name for name in row if name in MEASURES) for row in rows
    }
    assert happened == {
        0: ["created"],
        1: ["incoming_messages"],
        2: ["resolved"],
        4: ["csat_answered", "csat_offered", "satisfied", "sum_rating"],
    }


def test_an_event_that_a_retried_job_wrote_twice_counts_once() -> None:
    story = history(
        [{}], events=[{"conversation_id": 1, "created_at": NOON + number * HOUR, "id": number} for number in (1, 2)]
    )
    assert _sums(story) == {"created": 1, "resolved": 1}


def test_an_answer_outside_of_any_opening_hours_is_in_no_business_average() -> None:
    waits = [
        {"seconds": 60.0, "business_seconds": None, "is_first_response": True},
        {"seconds": 90.0, "business_seconds": 0.0},
        {"seconds": 30.0, "business_seconds": 30.0},
    ]
    answered = {"conversation_id": 1, "ended_at": NOON, "is_open": False}
    assert _sums(history([{}], intervals=[{**answered, **wait} for wait in waits])) == {
        **{"created": 1, "responses": 3, "sum_response_seconds": 180.0},
        **{"business_responses": 2, "sum_response_business_seconds": 30.0},
        **{"first_responses": 1, "sum_first_response_seconds": 60.0},
    }


def test_an_answer_is_its_writers_and_a_contacts_message_the_assignees() -> None:
    story = history(
        [{"assignee_id": 6}],
        messages=[
            {"conversation_id": 1},
            {"conversation_id": 1, "message_type": "outgoing", "sender_type": "User", "sender_id": 5},
            {"conversation_id": 1, "message_type": "outgoing", "sender_type": "AgentBot", "sender_id": 5},
        ],
        intervals=[
            {"conversation_id": 1, "ended_at": NOON, "is_open": False, "agent_id": agent, "seconds": 1.0}
            for agent in (5, None)
        ],
    )
    by_agent = {
        row["agent_id"]: {name: value for name, value in row.items() if name in MEASURES}
        for row in _rows(story, "daily_by_agent")
    }
    assert by_agent == {
        0: {"outgoing_messages": 1, "responses": 1, "sum_response_seconds": 1.0},
        5: {"outgoing_messages": 1, "human_replies": 1, "responses": 1, "sum_response_seconds": 1.0},
        6: {"created": 1, "incoming_messages": 1},
    }


def test_many_small_waits_add_up_exactly() -> None:
    wait = {"conversation_id": 1, "ended_at": NOON, "is_open": False, "seconds": 0.1}
    assert _sums(history([{}], intervals=[wait] * 10))["sum_response_seconds"] == 1.0


def test_a_rating_whose_time_could_not_be_read_is_of_the_conversations_day() -> None:
    rows = _rows(history([{}], csat=[{"conversation_id": 1, "rated_at": None, "rating": 3}]), "daily_by_inbox")
    assert [(row["event_date"], row["csat_answered"], row["sum_rating"]) for row in rows] == [(NOON.date(), 1, 3)]
    assert "satisfied" not in rows[0]


def test_surveys_are_counted_once_a_conversation_so_that_no_rate_exceeds_one() -> None:
    survey = {"conversation_id": 1, "message_type": "template", "content_type": "input_csat", "sender_type": None}
    gone = {**survey, "conversation_id": 2, "deleted": True}
    story = history([{}, {}, {}], messages=[survey, survey, gone], csat=[{"conversation_id": 3, "rating": 1}])
    sums = _sums(story)
    assert (sums["csat_offered"], sums["csat_answered"]) == (2, 1)


def test_days_are_those_of_the_reporting_zone_when_clocks_change() -> None:
    # São Paulo's 4 November 2018 began at 03:00 UTC, at one o'clock, and ended at 02:00 UTC.
    texts = ("11-04 02:59:59", "11-04 03:00:00", "11-05 01:59:59", "11-05 02:00:00")
    times = [datetime.datetime.fromisoformat(f"2018-{text}") for text in texts]
    story = history([{"created_at": times[0]}], zone="America/Sao_Paulo")
    story.messages.extend(history([], messages=[{"conversation_id": 1, "created_at": time} for time in times]).messages)
    days = {row["event_date"].day: row["incoming_messages"] for row in _rows(story, "daily_by_inbox")}
    assert days == {3: 1, 4: 2, 5: 1}
