"""Changes of some conversations: the warehouse has the same rows as after loading the whole day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from psycopg import sql

from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.extracted_day import ConversationChange, ExtractedDay
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.extract.store import ExtractStore
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.refresh.load import load_days
from chatwoot_assets.refresh.replace import LoadedDay
from chatwoot_assets.target_rules import parse_targets
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.frames import utc_day
from chatwoot_assets_tests.metrics import rows
from chatwoot_assets_tests.metrics.histories import History, histories
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.refresh.warehouse_rows import ALL_TABLES, Rows, read_rows

DAY = utc_day()
UTC = datetime.timezone.utc
_TARGETS = parse_targets('{"first_response": "1m", "next_reply": "1h", "resolution": "2m"}')
# Before, between and after the times in the histories: a later time counts on the day it was read.
SNAPSHOTS = [datetime.datetime(year, month, 12, tzinfo=UTC) for year, month in ((2025, 3), (2025, 11), (2028, 1))]


@dataclass(frozen=True)
class Chatwoot:
    """What Chatwoot holds at an instant.

    Attributes:
        history: The conversations.
        snapshot_at: The instant.
        changed: The conversations that are different from the state before, or gone, or new.
    """

    history: History
    snapshot_at: datetime.datetime
    changed: tuple[int, ...]


@dataclass(frozen=True)
class Target:
    """A warehouse and the files that it is loaded from."""

    warehouse: Warehouse
    store: ExtractStore

    def clear(self) -> None:
        with self.warehouse.connect() as connection:
            tables = sql.SQL(", ").join(map(sql.Identifier, (*ALL_TABLES, "partition_state")))
            connection.execute(sql.SQL("TRUNCATE {}").format(tables))

    def rows(self) -> Rows:
        return read_rows(self.warehouse.url)


@pytest.fixture(scope="module")
def targets(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Target, Target]:
    """A warehouse that changes are applied to, and one that is loaded as a whole."""
    made = []
    for name in ("changed", "whole"):
        warehouse = Warehouse(url=postgres.new_database())
        migrate(warehouse)
        made.append(Target(warehouse, ExtractStore(str(tmp_path_factory.mktemp(name)))))
    return made[0], made[1]


def _frames(history: History) -> dict[Dataset, pl.DataFrame]:
    conversations, messages, events, csat = history.frames()
    frames = {
        Dataset.CONVERSATIONS: conversations,
        Dataset.MESSAGES: messages,
        Dataset.CSAT: csat,
        Dataset.EVENTS: events,
    }
    return {dataset: rows.select(SCHEMAS[dataset].keys()) for dataset, rows in frames.items()}


def _of_conversations(frames: Mapping[Dataset, pl.DataFrame], ids: tuple[int, ...]) -> dict[Dataset, pl.DataFrame]:
    return {
        dataset: rows.filter(pl.col("id" if dataset is Dataset.CONVERSATIONS else "conversation_id").is_in(list(ids)))
        for dataset, rows in frames.items()
    }


def _load(target: Target, states: list[Chatwoot], *, force: bool) -> LoadedDay:
    """Write the files of the last state and load them; if not forced, as a change of the state before."""
    frames, fingerprints = _frames(states[-1].history), dict.fromkeys(Dataset, f"v:{len(states)}")
    for dataset, rows_ in frames.items():
        target.store.write(dataset, DAY, rows_, states[-1].snapshot_at, fingerprints[dataset])
    change = None
    if len(states) > 1:
        ids = states[-1].changed
        change = ConversationChange(
            ids=list(ids),
            fingerprints_before=dict.fromkeys(Dataset, f"v:{len(states) - 1}"),
            snapshot_before=states[-2].snapshot_at,
            rows_before=_of_conversations(_frames(states[-2].history), ids),
            rows=_of_conversations(frames, ids),
        )
    extracted = ExtractedDay(DAY, states[-1].snapshot_at, fingerprints, was_written=True, change=change)
    history = states[-1].history
    batches = load_days(
        target.warehouse,
        iter([extracted]),
        1,
        target.store,
        MetricRules(history.zone, history.bots, targets=_TARGETS),
        "run",
        lambda _: None,
        force=force,
    )
    ((loaded,),) = batches
    return loaded


def _with_ids(row: Row, number: int) -> Row:
    """Return a row whose id is its conversation's own: no two conversations share a message or an event."""
    return {**row, "id": row["conversation_id"] * 1_000 + number}


def _stored(history: History) -> History:
    """Return a history that the warehouse can hold: with a status, and with ids of its own per conversation."""
    return replace(
        history,
        conversations=[{**row, "status": row["status"] or "open"} for row in history.conversations],
        messages=[_with_ids(row, row["id"]) for row in history.messages],
        events=[_with_ids(row, row["id"]) for row in history.events],
    )


def _replace_conversations(history: History, other: History, ids: set[int], gone: set[int]) -> History:
    """Return a history in which some conversations are those of another one, or gone."""

    def merge(before: list[Row], after: list[Row], key: str) -> list[Row]:
        kept = [row for row in before if row[key] not in ids]
        return kept + [row for row in after if row[key] in ids - gone]

    return replace(
        history,
        conversations=merge(history.conversations, other.conversations, "id"),
        messages=merge(history.messages, other.messages, "conversation_id"),
        events=merge(history.events, other.events, "conversation_id"),
        csat=merge(history.csat, other.csat, "conversation_id"),
    )


@st.composite
def successive_states(draw: st.DrawFn) -> list[Chatwoot]:
    """Draw what Chatwoot holds at one instant after another."""
    history = _stored(draw(histories()))
    instants = sorted(draw(st.lists(st.sampled_from(SNAPSHOTS), min_size=2, max_size=4)))
    states = [Chatwoot(history, instants[0], ())]
    for instant in instants[1:]:
        ids = draw(st.sets(st.integers(1, 3), min_size=1, max_size=2))
        gone = {id_ for id_ in ids if draw(st.sampled_from([False, False, True]))}
        history = _replace_conversations(history, _stored(draw(histories())), ids, gone)
        states.append(Chatwoot(history, instant, tuple(sorted(ids))))
    return states


@given(successive_states())
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_lead_to_the_rows_of_a_whole_load(targets: tuple[Target, Target], states: list[Chatwoot]) -> None:
    changed, whole = targets
    changed.clear()
    for number in range(1, len(states) + 1):
        whole.clear()
        assert _load(changed, states[:number], force=False).was_written
        _load(whole, states[:number], force=True)
        assert changed.rows() == whole.rows()


def _history(*messages: Row, status: str = "open") -> History:
    """Return two conversations, the second one with one message."""
    conversations = [rows.conversation(id=1, status=status, assignee_id=7), rows.conversation(id=2)]
    other = {**rows.message(2_001, 60), "conversation_id": 2}
    return History(conversations, [*messages, other], [], [], "UTC", frozenset())


@pytest.mark.parametrize("column", ["imported_at", "status_changed_at"])
def test_conversation_with_a_time_in_the_future_is_counted_again(targets: tuple[Target, Target], column: str) -> None:
    values = {"status": "snoozed", "is_imported": column == "imported_at", column: SNAPSHOTS[2]}
    conversations = [rows.conversation(id=1, **values), rows.conversation(id=2)]
    first = History(conversations, [rows.message(1_001, 60)], [], [], "UTC", frozenset())
    second = replace(first, conversations=[conversations[0], rows.conversation(id=2, status="resolved")])
    _assert_equal_to_whole_load(targets, [Chatwoot(first, SNAPSHOTS[0], ()), Chatwoot(second, SNAPSHOTS[1], (2,))])


def test_late_messages_of_a_changed_conversation_count_once(targets: tuple[Target, Target]) -> None:
    late = rows.message(1_001, 7200), rows.message(1_002, 0)
    states = [_history(*late), _history(*late, rows.reply(1_003, 7300))]
    _assert_equal_to_whole_load(
        targets, [Chatwoot(states[0], SNAPSHOTS[1], ()), Chatwoot(states[1], SNAPSHOTS[2], (1,))]
    )


def _assert_equal_to_whole_load(targets: tuple[Target, Target], states: list[Chatwoot]) -> None:
    for target, is_forced in zip(targets, (False, True), strict=True):
        target.clear()
        for number in range(1, len(states) + 1):
            _load(target, states[:number], force=is_forced)
    assert targets[0].rows() == targets[1].rows()


def _versions(target: Target, conversation_id: int) -> list[tuple[Any, ...]]:
    """Return the transactions that wrote a conversation's rows."""
    with target.warehouse.connect() as connection:
        return connection.execute(
            "SELECT xmin::text FROM conversas_analytics WHERE id = %(id)s"
            " UNION ALL SELECT xmin::text FROM messages WHERE conversation_id = %(id)s"
            " UNION ALL SELECT xmin::text FROM conversation_facts WHERE conversation_id = %(id)s",
            {"id": conversation_id},
        ).fetchall()


def _two_states() -> list[Chatwoot]:
    question, answer = rows.message(1_001, 0), rows.message(1_002, 90, message_type="outgoing", sender_type="User")
    return [
        Chatwoot(_history(question), SNAPSHOTS[1], ()),
        Chatwoot(_history(question, answer, status="resolved"), SNAPSHOTS[2], (1,)),
    ]


def test_other_conversations_are_not_written_again(targets: tuple[Target, Target]) -> None:
    changed, _ = targets
    changed.clear()
    states = _two_states()
    _load(changed, states[:1], force=False)
    before = [_versions(changed, id_) for id_ in (1, 2)]
    loaded = _load(changed, states, force=False)
    after = [_versions(changed, id_) for id_ in (1, 2)]
    assert loaded.was_written
    assert (loaded.row_counts["conversas_analytics"], loaded.row_counts["messages"]) == (2, 3)
    assert before[0] != after[0]
    assert before[1] == after[1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partition_state SET messages_fingerprint = 'another'",
        "UPDATE partition_state SET definition = 'another'",
        "UPDATE partition_state SET has_future_times = true",
        "DELETE FROM hourly_messages",
    ],
    ids=["other rows", "other rules", "times in the future", "deleted by hand"],
)
def test_change_of_other_rows_loads_the_whole_day(targets: tuple[Target, Target], statement: str) -> None:
    changed, whole = targets
    for target in targets:
        target.clear()
    states = _two_states()
    _load(changed, states[:1], force=False)
    before = _versions(changed, 2)
    with changed.warehouse.connect() as connection:
        connection.execute(statement.encode())
    _load(changed, states, force=False)
    _load(whole, states, force=True)
    assert _versions(changed, 2) != before
    assert changed.rows() == whole.rows()
