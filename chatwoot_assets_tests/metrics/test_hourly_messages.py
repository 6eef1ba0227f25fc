"""Messages by the hour, and Chatwoot's events with their day, without a database: recounted in plain Python."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import Counter

import polars as pl
from hypothesis import given

from chatwoot_assets.metrics.conversation_events import compute_conversation_events
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.scenarios import NOON, History, Row, histories, history

_KEY = ("conversation_date", "message_date", "hour", "account_id", "inbox_id", "team_id", "agent_id")
_COUNTS = ("incoming", "outgoing", "incoming_all", "outgoing_all")


def _volume(story: History) -> pl.DataFrame:
    of, _ = story.extracted()
    return compute_hourly_messages(of.conversations, of.messages, of.zone)


def _recount(story: History) -> dict[tuple[object, ...], Counter[str]]:
    found: dict[tuple[object, ...], Counter[str]] = {}
    for conversation in story.conversations:
        for message in story.of("messages", conversation):
            kind, at = message["message_type"], message["created_at"]
            if at is None or kind not in {"incoming", "outgoing"}:
                continue
            local = at.replace(tzinfo=datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(story.zone))
            key = (
                conversation["conversation_date"], local.date(), local.hour, conversation["account_id"],
                conversation["inbox_id"], conversation["team_id"] or 0,
                (message["sender_id"] or 0) if message["sender_type"] == "User" else 0,
            )  # fmt: skip
            counts = found.setdefault(key, Counter(dict.fromkeys(_COUNTS, 0)))
            counts[f"{kind}_all"] += 1
            counts[kind] += not message["private"]
    return found


@given(histories())
@examples(300)
def test_the_messages_of_any_hour_are_what_python_counts(story: History) -> None:
    rows = _volume(story).to_dicts()
    found = {tuple(row[name] for name in _KEY): Counter({name: row[name] for name in _COUNTS}) for row in rows}
    assert len(found) == len(rows)
    assert found == _recount(story)


def test_no_messages_at_all_make_no_row_and_the_same_columns() -> None:
    empty, one = _volume(history([{}])), _volume(history([{}], messages=[{"conversation_id": 1}]))
    assert empty.is_empty()
    assert empty.schema == one.schema
    assert empty.columns == [*_KEY, *_COUNTS]


def test_of_an_hour_that_comes_twice_both_count_and_one_that_is_skipped_has_none() -> None:
    # In São Paulo 17 February 2018 had 25 hours, 4 November 2018 had 23.
    twice = [datetime.datetime(2018, 2, 18, hour, 30) for hour in (0, 1, 2, 3)]  # noqa: DTZ001 (UTC)
    skipped = [datetime.datetime(2018, 11, 4, hour, 30) for hour in (2, 3)]  # noqa: DTZ001 (UTC)
    messages = [{"conversation_id": 1, "created_at": at} for at in twice + skipped]
    rows = _volume(history([{}], messages=messages, zone="America/Sao_Paulo")).to_dicts()
    found = {(row["message_date"].isoformat(), row["hour"]): row["incoming"] for row in rows}
    assert found == {
        **{("2018-02-17", 22): 1, ("2018-02-17", 23): 2, ("2018-02-18", 0): 1},
        **{("2018-11-03", 23): 1, ("2018-11-04", 1): 1},
    }


def test_a_note_is_no_message_to_the_contact_though_chatwoot_counts_it() -> None:
    note = {"conversation_id": 1, "message_type": "outgoing", "private": True, "sender_type": "User", "sender_id": 5}
    row = _volume(history([{}], messages=[note])).to_dicts()[0]
    assert (row["outgoing"], row["outgoing_all"], row["agent_id"]) == (0, 1, 5)


@given(histories())
@examples(100)
def test_every_event_is_kept_as_it_is_and_dated_by_when_its_row_was_written(story: History) -> None:
    names = {"event_start_time": "event_start_at", "event_end_time": "event_end_at"}
    expected: list[Row] = [
        {
            **{names.get(name, name): value for name, value in event.items() if name != "conversation_created_at"},
            "conversation_date": conversation["conversation_date"],
            "team_id": conversation["team_id"],
            "event_date": event["created_at"] and story.day(event["created_at"]),
        }
        for conversation in story.conversations
        for event in story.of("events", conversation)
    ]
    of, _ = story.extracted()
    frame = compute_conversation_events(of.conversations, of.events, of.zone)
    assert frame.to_dicts() == sorted(expected, key=lambda event: event["id"])


def test_an_event_that_a_retried_job_wrote_twice_is_kept_twice() -> None:
    again = {"conversation_id": 1, "event_end_time": NOON}
    of, _ = history([{}], events=[again, again]).extracted()
    frame = compute_conversation_events(of.conversations, of.events, of.zone)
    assert frame["id"].to_list() == [1, 2]
