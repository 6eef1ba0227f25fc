"""Who had conversations, where Chatwoot wrote no message about it."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given

from chatwoot_assets.masking import CONTENTS, GROUPS, NAMES, Mask
from chatwoot_assets.metrics.conversation_facts import compute_conversation_facts
from chatwoot_assets.metrics.episodes import compute_episodes
from chatwoot_assets.metrics.response_intervals import compute_response_intervals
from chatwoot_assets_tests.metrics.assigned import (
    PLAIN,
    Conversation,
    conversations,
    find_assigned_at,
    unassigned_seconds,
)
from chatwoot_assets_tests.metrics.histories import History
from chatwoot_assets_tests.metrics.rows import Row, after

COUNTS = ("assignments", "reassignments", "returned_to_agent")


def compute_facts(conversation: Conversation, *, has_events: bool = True) -> Row:
    history = conversation.to_history()
    if not has_events:
        history.events.clear()
    return compute_row(history)


def compute_row(history: History) -> Row:
    batch = history.to_batch()
    (row,) = compute_conversation_facts(batch, compute_response_intervals(batch)).rows(named=True)
    return row


def compute_all_episodes(conversation: Conversation) -> list[Row]:
    return compute_episodes(conversation.to_history().to_batch()).rows(named=True)


def count_assignments(conversation: Conversation) -> tuple[int, int, bool]:
    """Return the facts as they really were."""
    agents = [agent for _, agent in conversation.had if agent is not None]
    moves = [number for number in range(1, len(agents)) if agents[number] != agents[number - 1]]
    return len(agents), len(moves), any(agents[number] in agents[:number] for number in moves)


def describe(conversation: Conversation) -> str:
    return f"{conversation.had} {conversation.to_history()}"


@given(conversations())
def test_what_is_said_of_assignments_is_true(conversation: Conversation) -> None:
    row = compute_facts(conversation)
    for name, expected in zip(COUNTS, count_assignments(conversation), strict=True):
        assert row[name] in (None, expected), (name, describe(conversation))


@given(conversations())
def test_times_of_assignments_are_true(conversation: Conversation) -> None:
    for episode in compute_all_episodes(conversation):
        if episode["unassigned_seconds"] is not None:
            expected = unassigned_seconds(conversation, episode["started_at"], episode["resolved_at"])
            pending = (episode["resolved_at"] - episode["started_at"]).total_seconds() - episode["open_seconds"]
            assert expected - pending <= episode["unassigned_seconds"] <= expected, describe(conversation)
        if episode["assigned_at"] is not None:
            until = episode["resolved_at"]
            assert episode["assigned_at"] == find_assigned_at(conversation, episode["started_at"], until)


@given(conversations(PLAIN, delay=1.5))
def test_jobs_that_are_late_move_times_by_no_more(conversation: Conversation) -> None:
    for episode in compute_all_episodes(conversation):
        if episode["unassigned_seconds"] is not None:
            expected = unassigned_seconds(conversation, episode["started_at"], episode["resolved_at"])
            pending = (episode["resolved_at"] - episode["started_at"]).total_seconds() - episode["open_seconds"]
            assert expected - pending - 15 <= episode["unassigned_seconds"] <= expected + 15, describe(conversation)


@given(conversations(("takes", "assigns", "asks", "replies", "resolves")))
def test_automatic_and_manual_assignments_are_known(conversation: Conversation) -> None:
    row = compute_facts(conversation)
    assert row["assignments"] is not None, describe(conversation)
    for episode in compute_all_episodes(conversation):
        assert (episode["unassigned_seconds"] is None) == (episode["resolved_at"] is None), describe(conversation)


def run(*steps: tuple[str, int], auto_assigns: bool = True) -> Conversation:
    """Return a conversation to which something happened every ten minutes, Ana's from the beginning if it assigns."""
    conversation = Conversation(auto_assigns=auto_assigns)
    conversation.assign_silently(7)
    for action, agent in steps:
        conversation.wait(600)
        conversation.act(action, agent, member=False)
    return conversation


def test_agent_assigned_automatically_before_another_is_known() -> None:
    conversation = run(("asks", 7), ("assigns", 8), ("replies", 8), ("resolves", 8))
    row = compute_facts(conversation)
    assert [row[name] for name in COUNTS] == [2, 1, False]
    (episode,) = compute_all_episodes(conversation)
    # It began when Ana had it already.
    assert (episode["unassigned_seconds"], episode["assigned_at"]) == (0.0, None)


def test_agent_added_by_hand_may_have_been_assigned() -> None:
    row = compute_facts(run(("adds", 8), ("assigns", 9), auto_assigns=False))
    assert [row[name] for name in COUNTS] == [None] * 3


def test_mentioned_agent_was_not_assigned() -> None:
    row = compute_facts(run(("mentions", 8), ("assigns", 9), auto_assigns=False))
    assert [row[name] for name in COUNTS] == [1, 0, False]


def test_team_without_the_assignee_frees_the_conversation() -> None:
    conversation = run(("asks", 7), ("gives to team", 7), ("replies", 7), ("resolves", 7))
    assert conversation.assignee is None
    (episode,) = compute_all_episodes(conversation)
    assert episode["unassigned_seconds"] == 1200


@pytest.mark.parametrize(
    ("auto_assigns", "has_events", "expected"), [(True, True, 3), (True, False, None), (False, False, 2)]
)
def test_earlier_agent_may_have_got_an_opened_conversation_unless_an_event_tells(
    auto_assigns: bool, has_events: bool, expected: int | None
) -> None:
    conversation = Conversation(auto_assigns=auto_assigns)
    for action, agent in (("assigns", 7), ("resolves", 7), ("frees", 7), ("asks", 7), ("assigns", 8)):
        conversation.wait(600)
        conversation.act(action, agent)
    assert compute_facts(conversation, has_events=has_events)["assignments"] == expected


def test_conversation_whose_participants_were_deleted_is_known_by_sentences_alone() -> None:
    history = run(("assigns", 8), ("resolves", 8)).to_history()
    history.conversations[0]["participants"] = None
    row = compute_row(history)
    assert [row[name] for name in COUNTS] == [1, 0, False]


def test_participants_without_the_assignee_tell_nothing() -> None:
    history = run(("assigns", 8), ("resolves", 8)).to_history()
    history.conversations[0]["participants"] = json.dumps([{"user_id": 7, "since": after(0).isoformat()}])
    row = compute_row(history)
    assert [row[name] for name in COUNTS] == [None] * 3


def test_participants_at_times_that_cannot_be_read_prove_no_assignment() -> None:
    history = run(("assigns", 8)).to_history()
    participants = [{"user_id": 7, "since": None}, {"user_id": 8, "since": after(600).isoformat()}]
    history.conversations[0]["participants"] = json.dumps(participants)
    row = compute_row(history)
    assert [row[name] for name in COUNTS] == [None] * 3


@pytest.mark.parametrize("groups", [(CONTENTS,), GROUPS], ids=["contents", "all"])
def test_masked_conversations_have_the_same_assignments(groups: tuple[str, ...]) -> None:
    mask = Mask(groups, "k" * 32)
    batch = run(("assigns", 8), ("resolves", 8), ("frees", 8), ("asks", 7), ("replies", 7)).to_history().to_batch()

    def masked(frame: pl.DataFrame, column: str) -> pl.DataFrame:
        return frame.with_columns(pl.col(column).map_elements(mask.words, return_dtype=pl.String))

    names = masked(batch.conversations, "assignee_name") if NAMES in groups else batch.conversations
    of_masked = replace(
        batch,
        conversations=names,
        messages=masked(batch.messages, "content"),
        names=masked(batch.names, "name"),
        mask=mask,
    )
    pseudonyms = masked(batch.assignments, "agent")
    assert of_masked.assignments.to_dicts() == pseudonyms.to_dicts()
