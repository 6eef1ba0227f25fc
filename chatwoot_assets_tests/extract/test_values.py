"""Which rows belong to a day, and what happens to values that the local table cannot hold."""

from __future__ import annotations

import datetime
from typing import Any

import dagster as dg
import pytest

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets_tests.frames import read_rows
from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 10)
NOON = "2025-03-10 12:00:00"


def _load(project: Project) -> dict[Dataset, Any]:
    """Load the day, and return how many values of each dataset could not be read."""
    with dg.DagsterInstance.ephemeral() as instance:
        assert project.load(DAY, instance=instance).success
        unreadable = {}
        for dataset in (Dataset.CONVERSATIONS, Dataset.MESSAGES, Dataset.CSAT):
            event = instance.get_latest_materialization_event(dg.AssetKey(dataset.value))
            assert event is not None
            assert event.asset_materialization is not None
            unreadable[dataset] = event.asset_materialization.metadata["unreadable_values"].value
    return unreadable


def test_later_messages_and_ratings_belong_to_their_conversations_day(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1)
        writer.message(1, "2025-06-30 23:59:59.999999", "months later")
        writer.rating(1, "2025-07-01 00:00:00", 2)
        writer.message(1, "2025-03-09 00:00:00", "the day before")
    project.load(DAY)
    row = project.conversations()[1]
    assert [message["content"] for message in row["message_compiled"]] == ["the day before", "months later"]
    assert (row["rating"], row["rated_at"].month) == (2, 7)
    assert read_rows(project.store, Dataset.MESSAGES, project.day("2025-03-10"))[0].height == 2


def test_messages_written_on_a_day_belong_to_their_conversations_day(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation("2025-03-01 12:00:00", id=1)
        writer.message(1, NOON)
        writer.rating(1, NOON, 2)
    project.load(DAY)
    for dataset in (Dataset.CONVERSATIONS, Dataset.MESSAGES, Dataset.CSAT):
        assert read_rows(project.store, dataset, project.day("2025-03-10"))[0].is_empty()


def test_day_has_its_first_and_last_microsecond_and_no_other(
    project: Project,
) -> None:
    with project.writing() as writer:  # a day in São Paulo begins at 3:00 UTC
        for id_, at in enumerate(["10 02:59:59.999999", "10 03:00:00", "11 02:59:59.999999", "11 03:00:00"]):
            writer.conversation(f"2025-03-{at}", id=id_ + 1)
    project.load(DAY)
    assert set(project.conversations()) == {2, 3}


@pytest.mark.parametrize("code", [2**15, -(2**15) - 1, 2**31 - 1, -(2**31)])
def test_code_beyond_smallint_is_null_and_counted_and_keeps_its_row(project: Project, code: int) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1, status=code, priority=code)
        writer.rating(1, NOON, code)
    assert _load(project) == {Dataset.CONVERSATIONS: 2, Dataset.MESSAGES: 0, Dataset.CSAT: 1}
    row = project.conversations()[1]
    assert (row["status_code"], row["priority_code"], row["rating"]) == (None, None, None)
    assert (row["status"], row["priority"], row["csat_responses"]) == (f"unknown({code})", f"unknown({code})", 1)


@pytest.mark.parametrize("code", [2**15 - 1, -(2**15)])
def test_largest_and_smallest_smallint_codes_are_kept(project: Project, code: int) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1, status=code)
        writer.rating(1, NOON, code)
    assert _load(project) == {Dataset.CONVERSATIONS: 0, Dataset.MESSAGES: 0, Dataset.CSAT: 0}
    row = project.conversations()[1]
    assert (row["status_code"], row["rating"]) == (code, code)


@pytest.mark.parametrize("at", ["infinity", "-infinity", "10000-01-01 00:00", "0001-12-31 23:59 BC"])
def test_time_that_no_client_can_read_is_null_and_counted(project: Project, at: str) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1, updated_at=at)
        writer.message(1, at, "when?")
        writer.rating(1, at, 3)
    assert _load(project) == {Dataset.CONVERSATIONS: 1, Dataset.MESSAGES: 1, Dataset.CSAT: 1}
    row = project.conversations()[1]
    assert (row["updated_at"], row["rated_at"], row["rating"], row["csat_responses"]) == (None, None, 3, 1)
    assert [message["created_at"] for message in row["message_compiled"]] == [None]
    assert (row["t_messages"], row["first_message_at"], row["duration_seconds"]) == (1, None, None)


@pytest.mark.parametrize("attributes", [r'"{\"deleted\": tru"', '["deleted"]', '"deleted"'])
def test_unreadable_attributes_leave_deleted_null_and_are_counted(project: Project, attributes: str) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1)
        writer.message(1, NOON, content_attributes=attributes)
        writer.message(1, NOON, content_attributes='{"deleted": true}')
        writer.message(1, NOON, content_attributes=None)
    assert _load(project) == {Dataset.CONVERSATIONS: 0, Dataset.MESSAGES: 1, Dataset.CSAT: 0}
    deleted = [message["deleted"] for message in project.conversations()[1]["message_compiled"]]
    assert deleted == [None, True, False]


def test_values_that_may_be_absent_are_not_counted(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation(NOON, id=1, contact_id=None, assignee_id=None, priority=None, first_reply_created_at=None)
        writer.message(1, NOON, None, sender_type=None, sender_id=None)
        writer.rating(1, NOON, 3, feedback_message=None)
    assert _load(project) == {Dataset.CONVERSATIONS: 0, Dataset.MESSAGES: 0, Dataset.CSAT: 0}
