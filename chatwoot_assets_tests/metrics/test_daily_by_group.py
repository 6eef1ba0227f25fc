"""What happened on each day, compared with a reference implementation."""

from __future__ import annotations

import datetime

import polars as pl
from hypothesis import given

from chatwoot_assets.metrics.daily_by_group import GROUP_COLUMNS, MEASURES, compute_daily_by_group
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.reference_daily import compute_daily
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.metrics.scenario_strategies import scenarios
from chatwoot_assets_tests.metrics.scenarios import NOON, Scenario, make_frame, make_scenario

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def _compute(scenario: Scenario) -> dict[str, pl.DataFrame]:
    made = [make_frame(name, getattr(scenario, name)) for name in ("episodes", "targets")]
    return compute_daily_by_group(*scenario.to_batch(), *made)


def _nonzero_rows(scenario: Scenario, table: str) -> list[Row]:
    """Return the rows of a table without the measures that are 0."""
    return [
        {name: value for name, value in row.items() if name not in MEASURES or value}
        for row in _compute(scenario)[table].to_dicts()
    ]


def _sums(scenario: Scenario, table: str = "daily_by_inbox") -> Row:
    """Return the sum of every measure whose sum is not 0."""
    sums = _compute(scenario)[table].select(pl.col(MEASURES).sum()).to_dicts()[0]
    return {name: value for name, value in sums.items() if value}


@given(scenarios())
@examples(250)
def test_every_measure_of_any_scenario_equals_the_reference(scenario: Scenario) -> None:
    expected = compute_daily(scenario)
    for table, frame in _compute(scenario).items():
        actual = {}
        for row in frame.to_dicts():
            key = tuple(row[name] for name in ("conversation_date", "event_date", "account_id", GROUP_COLUMNS[table]))
            actual[key] = {name: row[name] for name in MEASURES if row[name]}
            assert None not in row.values()
        assert len(actual) == frame.height
        assert actual == expected[table]


@given(scenarios())
@examples(50)
def test_order_of_the_rows_does_not_matter(scenario: Scenario) -> None:
    made = [make_frame(name, getattr(scenario, name)[::-1]) for name in ("episodes", "targets")]
    shuffled = compute_daily_by_group(*scenario.to_batch(shuffled=True), *made)
    assert all(frame.equals(shuffled[table]) for table, frame in _compute(scenario).items())


@given(scenarios())
@examples(50)
def test_all_four_tables_add_up_to_the_same(scenario: Scenario) -> None:
    frames = _compute(scenario)
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


def test_empty_batch_yields_no_rows_and_the_same_columns() -> None:
    empty, single = _compute(make_scenario([])), _compute(make_scenario([{}]))
    for table, column in GROUP_COLUMNS.items():
        assert empty[table].is_empty()
        assert empty[table].schema == single[table].schema
        assert single[table].columns == ["conversation_date", "event_date", "account_id", column, *MEASURES]


def test_conversation_counts_once_in_each_label_and_once_in_total() -> None:
    scenario = make_scenario([{"labels": ["a", "b", "c"]}, {}])
    created = {row["label"]: row["created"] for row in _nonzero_rows(scenario, "daily_by_label")}
    assert created == {"": 2, "a": 1, "b": 1, "c": 1}
    assert _sums(scenario, "daily_by_inbox") == {"created": 2}


def test_repeated_or_empty_label_counts_a_conversation_once() -> None:
    created = {
        row["label"]: row["created"]
        for row in _nonzero_rows(make_scenario([{"labels": ["", "a", "a"]}]), "daily_by_label")
    }
    assert created == {"": 1, "a": 1}


def test_later_happenings_are_dated_when_they_happen() -> None:
    scenario = make_scenario(
        [{}],
        messages=[{"conversation_id": 1, "created_at": NOON + DAY}],
        events=[{"conversation_id": 1, "event_end_time": NOON + 2 * DAY, "created_at": NOON + 3 * DAY}],
        csat=[{"conversation_id": 1, "rated_at": NOON + 4 * DAY}],
    )
    rows = _nonzero_rows(scenario, "daily_by_inbox")
    assert {row["conversation_date"] for row in rows} == {NOON.date()}
    measures = {
        (row["event_date"] - NOON.date()).days: sorted(name for name in row if name in MEASURES) for row in rows
    }
    assert measures == {
        0: ["created"],
        1: ["incoming_all", "incoming_messages"],
        2: ["resolved"],
        4: ["csat_answered", "csat_offered", "satisfied", "sum_rating"],
    }


def test_event_repeated_by_a_retried_job_counts_once() -> None:
    scenario = make_scenario(
        [{}], events=[{"conversation_id": 1, "created_at": NOON + number * HOUR, "id": number} for number in (1, 2)]
    )
    assert _sums(scenario) == {"created": 1, "resolved": 1}


def test_reply_without_opening_hours_is_in_no_business_sum() -> None:
    waits: list[Row] = [
        {"seconds": 60.0, "business_seconds": None, "is_first_response": True},
        {"seconds": 90.0, "business_seconds": 0.0},
        {"seconds": 30.0, "business_seconds": 30.0},
    ]
    response = {"conversation_id": 1, "ended_at": NOON, "is_open": False}
    assert _sums(make_scenario([{}], intervals=[{**response, **wait} for wait in waits])) == {
        **{"created": 1, "responses": 3, "sum_response_seconds": 180.0},
        **{"business_responses": 2, "sum_response_business_seconds": 30.0},
        **{"first_responses": 1, "sum_first_response_seconds": 60.0},
    }


def test_replies_count_for_writers_and_questions_for_assignees() -> None:
    scenario = make_scenario(
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
        for row in _nonzero_rows(scenario, "daily_by_agent")
    }
    assert by_agent == {
        0: {"outgoing_messages": 1, "outgoing_all": 1, "responses": 1, "sum_response_seconds": 1.0},
        5: {
            **{"outgoing_messages": 1, "outgoing_all": 1, "human_replies": 1},
            **{"responses": 1, "sum_response_seconds": 1.0},
        },
        6: {"created": 1, "incoming_messages": 1, "incoming_all": 1},
    }


def test_resolution_counts_for_nobody_if_its_event_says_so() -> None:
    by_nobody = {"conversation_id": 1, "user_id": None}
    by_an_agent = {"conversation_id": 2, "user_id": 5}
    sentence = {
        "conversation_id": 3, "message_type": "activity", "sender_type": None,
        "content": "Conversation was marked resolved by Ana",
    }  # fmt: skip
    scenario = make_scenario([{"assignee_id": 6}] * 3, messages=[sentence], events=[by_nobody, by_an_agent])
    resolved = {row["agent_id"]: row.get("resolved") for row in _nonzero_rows(scenario, "daily_by_agent")}
    assert resolved == {0: 1, 5: 1, 6: 1}


def test_episode_counts_on_the_days_of_its_start_and_its_resolution() -> None:
    episode = {"conversation_id": 1, "agent_id": 5, "resolved_at": NOON + 2 * DAY, "resolution_seconds": 172_800.0}
    scenario = make_scenario([{"assignee_id": 6}], episodes=[episode, {"conversation_id": 1}])
    rows = _nonzero_rows(scenario, "daily_by_agent")
    assert [(row["agent_id"], (row["event_date"] - NOON.date()).days) for row in rows] == [
        (0, 0),
        (5, 0),
        (6, 0),
        (5, 2),
    ]
    assert [row.get("episodes_started", 0) for row in rows] == [1, 1, 0, 0]
    resolved = {name: value for name, value in rows[3].items() if name in MEASURES}
    assert resolved == {"episodes_resolved": 1, "sum_resolution_seconds": 172_800.0, "resolution_count": 1}


def test_episode_that_ended_before_its_start_is_in_no_sum() -> None:
    episode = {"resolved_at": NOON, "resolution_seconds": -1.0, "resolution_business_seconds": 0.0}
    sums = _sums(make_scenario([{}], episodes=[{"conversation_id": 1, **episode}]))
    assert sums == {"created": 1, "episodes_started": 1, "episodes_resolved": 1}


def test_many_small_waits_add_up_exactly() -> None:
    wait = {"conversation_id": 1, "ended_at": NOON, "is_open": False, "seconds": 0.1}
    assert _sums(make_scenario([{}], intervals=[wait] * 10))["sum_response_seconds"] == 1.0


def test_rating_without_a_time_counts_on_the_day_of_the_conversation() -> None:
    rows = _nonzero_rows(
        make_scenario([{}], csat=[{"conversation_id": 1, "rated_at": None, "rating": 3}]), "daily_by_inbox"
    )
    assert [(row["event_date"], row["csat_answered"], row["sum_rating"]) for row in rows] == [(NOON.date(), 1, 3)]
    assert "satisfied" not in rows[0]


def test_rating_belongs_to_the_agent_assigned_when_it_was_given() -> None:
    survey = {"message_type": "template", "content_type": "input_csat", "sender_type": None}
    ratings: list[Row] = [
        {"conversation_id": 1, "rating": 1, "assigned_agent_id": 5},
        {"conversation_id": 2, "rating": 4, "assigned_agent_id": None},
    ]
    scenario = make_scenario(
        [{"assignee_id": 6}] * 3, messages=[{**survey, "conversation_id": number} for number in (1, 3)], csat=ratings
    )
    surveys = {
        row["agent_id"]: tuple(row.get(name, 0) for name in ("csat_offered", "csat_answered", "sum_rating"))
        for row in _nonzero_rows(scenario, "daily_by_agent")
    }
    assert surveys == {5: (1, 1, 1), 0: (1, 1, 4), 6: (1, 0, 0)}


def test_surveys_count_once_per_conversation() -> None:
    survey = {"conversation_id": 1, "message_type": "template", "content_type": "input_csat", "sender_type": None}
    deleted = {**survey, "conversation_id": 2, "deleted": True}
    scenario = make_scenario(
        [{}, {}, {}], messages=[survey, survey, deleted], csat=[{"conversation_id": 3, "rating": 1}]
    )
    sums = _sums(scenario)
    assert (sums["csat_offered"], sums["csat_answered"]) == (2, 1)


def test_days_follow_the_reporting_zone_when_clocks_change() -> None:
    # In São Paulo 4 November 2018 lasted from 03:00 UTC, at one o'clock, until 02:00 UTC.
    texts = ("11-04 02:59:59", "11-04 03:00:00", "11-05 01:59:59", "11-05 02:00:00")
    times = [datetime.datetime.fromisoformat(f"2018-{text}") for text in texts]
    scenario = make_scenario([{"created_at": times[0]}], zone="America/Sao_Paulo")
    scenario.messages.extend(
        make_scenario([], messages=[{"conversation_id": 1, "created_at": time} for time in times]).messages
    )
    days = {row["event_date"].day: row["incoming_messages"] for row in _nonzero_rows(scenario, "daily_by_inbox")}
    assert days == {3: 1, 4: 2, 5: 1}
