"""Messages per hour and Chatwoot's events, compared with a count in plain Python."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import Counter

import polars as pl
from hypothesis import given

from chatwoot_assets.metrics.conversation_events import compute_conversation_events
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.metrics.scenario_strategies import scenarios
from chatwoot_assets_tests.metrics.scenarios import NOON, Scenario, make_scenario

_KEY = ("conversation_date", "message_date", "hour", "account_id", "inbox_id", "team_id", "agent_id")
_COUNTS = ("incoming", "outgoing", "incoming_all", "outgoing_all", "surveys")


def _compute_hours(scenario: Scenario) -> pl.DataFrame:
    batch, _ = scenario.to_batch()
    return compute_hourly_messages(batch.conversations, batch.messages, batch.zone)


def _compute_events(scenario: Scenario) -> pl.DataFrame:
    batch, _ = scenario.to_batch()
    return compute_conversation_events(batch.conversations, batch.events, batch.zone)


def _recount(scenario: Scenario) -> dict[tuple[object, ...], Counter[str]]:
    hours: dict[tuple[object, ...], Counter[str]] = {}
    for conversation in scenario.conversations:
        for message in scenario.rows_of("messages", conversation):
            message_type, created_at = message["message_type"], message["created_at"]
            is_survey = message["content_type"] == "input_csat"
            if created_at is None or (message_type not in {"incoming", "outgoing"} and not is_survey):
                continue
            local = created_at.replace(tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(scenario.zone))
            key = (
                conversation["conversation_date"], local.date(), local.hour, conversation["account_id"],
                conversation["inbox_id"], conversation["team_id"] or 0,
                (message["sender_id"] or 0) if message["sender_type"] == "User" else 0,
            )  # fmt: skip
            counts = hours.setdefault(key, Counter(dict.fromkeys(_COUNTS, 0)))
            counts["surveys"] += is_survey
            if message_type in {"incoming", "outgoing"}:
                counts[f"{message_type}_all"] += 1
                counts[message_type] += not message["private"]
    return hours


@given(scenarios())
@examples(300)
def test_messages_of_any_hour_equal_the_reference(scenario: Scenario) -> None:
    rows = _compute_hours(scenario).to_dicts()
    hours = {tuple(row[name] for name in _KEY): Counter({name: row[name] for name in _COUNTS}) for row in rows}
    assert len(hours) == len(rows)
    assert hours == _recount(scenario)


def test_empty_batch_yields_no_rows_and_the_same_columns() -> None:
    empty, single = (
        _compute_hours(make_scenario([{}])),
        _compute_hours(make_scenario([{}], messages=[{"conversation_id": 1}])),
    )
    assert empty.is_empty()
    assert empty.schema == single.schema
    assert empty.columns == [*_KEY, *_COUNTS]


def test_repeated_hour_is_one_row_and_skipped_hour_is_none() -> None:
    # In São Paulo 17 February 2018 had 25 hours, 4 November 2018 had 23.
    repeated = [datetime.datetime(2018, 2, 18, hour, 30) for hour in (0, 1, 2, 3)]  # noqa: DTZ001 (UTC)
    skipped = [datetime.datetime(2018, 11, 4, hour, 30) for hour in (2, 3)]  # noqa: DTZ001 (UTC)
    messages = [{"conversation_id": 1, "created_at": instant} for instant in repeated + skipped]
    rows = _compute_hours(make_scenario([{}], messages=messages, zone="America/Sao_Paulo")).to_dicts()
    hours = {(row["message_date"].isoformat(), row["hour"]): row["incoming"] for row in rows}
    assert hours == {
        **{("2018-02-17", 22): 1, ("2018-02-17", 23): 2, ("2018-02-18", 0): 1},
        **{("2018-11-03", 23): 1, ("2018-11-04", 1): 1},
    }


def test_note_counts_only_among_all_outgoing_messages() -> None:
    note = {"conversation_id": 1, "message_type": "outgoing", "private": True, "sender_type": "User", "sender_id": 5}
    row = _compute_hours(make_scenario([{}], messages=[note])).to_dicts()[0]
    assert (row["outgoing"], row["outgoing_all"], row["agent_id"]) == (0, 1, 5)


@given(scenarios())
@examples(100)
def test_events_are_kept_unchanged_and_dated_by_created_at(scenario: Scenario) -> None:
    names = {"event_start_time": "event_start_at", "event_end_time": "event_end_at"}
    expected: list[Row] = [
        {
            **{names.get(name, name): value for name, value in event.items() if name != "conversation_created_at"},
            "conversation_date": conversation["conversation_date"],
            "team_id": conversation["team_id"],
            "event_date": event["created_at"] and scenario.date(event["created_at"]),
        }
        for conversation in scenario.conversations
        for event in scenario.rows_of("events", conversation)
    ]
    assert _compute_events(scenario).to_dicts() == sorted(expected, key=lambda event: event["id"])


def test_event_repeated_by_a_retried_job_is_kept_twice() -> None:
    event = {"conversation_id": 1, "event_end_time": NOON}
    assert _compute_events(make_scenario([{}], events=[event, event]))["id"].to_list() == [1, 2]
