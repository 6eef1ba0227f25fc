"""Dropping old contents from rows: the numbers stay, and nothing else does."""

from __future__ import annotations

import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.conversations.transform import with_day
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.old_contents import CONTENTS, drop_old_contents, find_contents
from chatwoot_assets.extract.schemas import SCHEMAS
from chatwoot_assets.metrics.activity import read_activity
from chatwoot_assets.metrics.compute import MetricRules
from chatwoot_assets.refresh.batches import make_rows
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics import rows
from chatwoot_assets_tests.metrics.histories import DAYS, History, histories

Frames = dict[Dataset, pl.DataFrame]
_DATE = datetime.date(2026, 1, 1)
_LIMITS = [time + datetime.timedelta(seconds=seconds) for time in DAYS for seconds in (-1, 0, 60, 61, 7200)]


def _frames(history: History) -> Frames:
    conversations, messages, events, csat = history.frames()
    frames = {
        Dataset.CONVERSATIONS: conversations.with_columns(
            contact_name=pl.lit("Ana Contato"), contact_attributes=pl.lit('{"cpf": 1}')
        ),
        Dataset.MESSAGES: messages,
        Dataset.EVENTS: events,
        Dataset.CSAT: csat.with_columns(feedback_message=pl.lit("bom")),
    }
    return {dataset: frame.select(SCHEMAS[dataset].keys()) for dataset, frame in frames.items()}


def _drop(frames: Frames, before: datetime.datetime) -> Frames:
    lazy = {dataset: frame.lazy() for dataset, frame in frames.items()}
    return {dataset: frame.collect() for dataset, frame in drop_old_contents(lazy, before).items()}


def _times(frames: Frames) -> list[datetime.datetime]:
    found = find_contents({dataset: frame.lazy() for dataset, frame in frames.items()})
    return [time for rows_ in found.values() for time in rows_["time"]]


@given(histories(), st.sampled_from(_LIMITS))
@examples(60)
def test_numbers_are_those_of_all_contents(history: History, before: datetime.datetime) -> None:
    frames = _frames(history)
    frames[Dataset.CONVERSATIONS] = frames[Dataset.CONVERSATIONS].with_columns(pl.col("status").fill_null("open"))
    dropped = _drop(frames, before)
    tables = []
    for each in (frames, dropped):
        conversations = with_day(
            each[Dataset.CONVERSATIONS], _DATE, datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        )
        rules = MetricRules(history.zone, history.bots)
        made = make_rows(conversations, each[Dataset.MESSAGES], each[Dataset.CSAT], each[Dataset.EVENTS], _DATE, rules)
        contents = ["content", "client_phone", *(column.name for columns in CONTENTS.values() for column in columns)]
        tables.append({table: frame.drop(contents, strict=False).rows() for table, frame in made.tables.items()})
    assert tables[0] == tables[1]


@given(histories(), st.sampled_from(_LIMITS))
@examples(60)
def test_only_contents_before_the_limit_are_dropped(history: History, before: datetime.datetime) -> None:
    frames = _frames(history)
    dropped = _drop(frames, before)
    assert {dataset: frame.schema for dataset, frame in dropped.items()} == {
        dataset: frame.schema for dataset, frame in frames.items()
    }
    assert sorted(_times(dropped)) == sorted(time for time in _times(frames) if time >= before)
    assert all(frame.equals(dropped[dataset]) for dataset, frame in _drop(dropped, before).items())
    # What comes back from there on is unchanged, and so is every row's order.
    assert all(
        frame.drop(column.name for column in CONTENTS[dataset]).equals(
            dropped[dataset].drop(column.name for column in CONTENTS[dataset])
        )
        for dataset, frame in frames.items()
    )


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Assigned to Ana by Zé", "Assigned to Ana by Zé"),
        ("Conversation was marked resolved by Ana", "Conversation was marked resolved by Ana"),
        ("Conversation was resolved by Caio Contato", "Conversation was resolved by …"),
        ("A conversa foi resolvida por Caio Contato", "A conversa foi resolvida por …"),
        ("La conversación fue resuelta por Caio Contato", "La conversación fue resuelta por …"),
        ("Conversation was resolved by Captain: bye", "Conversation was resolved by Captain: bye"),
        ("Ana added vip", None),
        ("Caio Contato wrote anything", None),
        ("Ana hat die Konversation als gelöst markiert", None),
        ("", None),
    ],
)
def test_sentences_stay_without_the_names_of_contacts(sentence: str, kept: str | None) -> None:
    activity = {"message_type": "activity", "content": sentence}
    history = History([rows.conversation()], [{**rows.message(1, 0), **activity}], [], [], "UTC", frozenset())
    frames = _frames(history)
    dropped = _drop(frames, datetime.datetime(2100, 1, 1))  # noqa: DTZ001 (UTC)
    assert dropped[Dataset.MESSAGES]["content"].to_list() == [kept]

    def read(each: Frames) -> list[object]:
        read = read_activity(each[Dataset.MESSAGES], each[Dataset.CONVERSATIONS], history.to_batch().names)
        return read.select("change", "actor").rows()  # type: ignore[return-value]  # tuples

    assert read(dropped) == read(frames)


def test_long_conversation_keeps_its_names_and_new_texts() -> None:
    """WhatsApp: a conversation that began years ago has a message of today."""
    long_ago = datetime.datetime(2020, 1, 1)  # noqa: DTZ001 (UTC)
    today = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 (UTC)
    messages = [
        {**rows.message(number, 0), "conversation_id": id_, "created_at": at, "content": "oi"}
        for number, (id_, at) in enumerate([(1, long_ago), (1, today), (2, long_ago), (2, None)], 1)
    ]
    conversations = [rows.conversation(id=id_, created_at=long_ago) for id_ in (1, 2)]
    dropped = _drop(_frames(History(conversations, messages, [], [], "UTC", frozenset())), today)
    assert dropped[Dataset.MESSAGES]["content"].to_list() == [None, "oi", None, None]
    assert dropped[Dataset.CONVERSATIONS]["contact_name"].to_list() == ["Ana Contato", None]
    assert dropped[Dataset.CONVERSATIONS]["contact_attributes"].to_list() == ['{"cpf": 1}', "{}"]


def test_every_personal_column_is_dropped_or_an_id() -> None:
    names = {dataset: [column.name for column in columns] for dataset, columns in CONTENTS.items()}
    assert names == {
        Dataset.CONVERSATIONS: [
            "contact_name", "contact_email", "contact_phone", "custom_attributes", "contact_attributes",
        ],
        Dataset.MESSAGES: ["content"],
        Dataset.CSAT: ["feedback_message", "review_notes"],
        Dataset.EVENTS: [],
    }  # fmt: skip
