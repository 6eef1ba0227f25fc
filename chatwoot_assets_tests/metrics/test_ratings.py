"""Every rating of a conversation, and Chatwoot's satisfaction report in SQL."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from chatwoot_assets.conversations.transform import latest_ratings
from chatwoot_assets.metrics.hourly_messages import compute_hourly_messages
from chatwoot_assets.metrics.ratings import compute_ratings
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.metrics.report_tables import Connection, create_tables, insert
from chatwoot_assets_tests.metrics.rows import Row
from chatwoot_assets_tests.metrics.scenarios import NOON, Scenario, make_scenario

_DAY = datetime.timedelta(days=1)
_SURVEY: Row = {"message_type": "template", "content_type": "input_csat", "sender_type": None}
_UNFILTERED: dict[str, Any] = {name: [] for name in ("accounts", "inboxes", "teams", "agents")}
# The first conversation is rated twice after its day; the second gets a survey later and never answers; the third
# belongs to another account.
_SCENARIO = make_scenario(
    [{"team_id": 3, "assignee_id": 6, "labels": ["vip"]}, {"inbox_id": 11}, {"account_id": 2}],
    messages=[
        {"conversation_id": 1, **_SURVEY},
        {"conversation_id": 2, "created_at": NOON + _DAY, **_SURVEY},
        {"conversation_id": 3, "created_at": NOON + _DAY, **_SURVEY},
    ],
    csat=[
        {"conversation_id": 1, "rating": 1, "rated_at": NOON + 2 * _DAY, "assigned_agent_id": None},
        {"conversation_id": 1, "rating": 5, "rated_at": NOON + _DAY, "assigned_agent_id": 5},
        {"conversation_id": 9, "rating": 3},
    ],
)


def _compute(scenario: Scenario) -> list[Row]:
    batch, _ = scenario.to_batch()
    return compute_ratings(batch.conversations, batch.csat, batch.zone).to_dicts()


def test_every_response_is_a_row_with_its_own_agent_and_day() -> None:
    rows = _compute(_SCENARIO)
    columns = ("conversation_id", "id", "rating", "agent_id", "rated_date", "team_id", "labels")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        (1, 1, 1, None, (NOON + 2 * _DAY).date(), 3, ["vip"]),
        (1, 2, 5, 5, (NOON + _DAY).date(), 3, ["vip"]),
    ]


def test_notes_are_beside_their_response() -> None:
    notes = {"review_notes": "ligar", "review_notes_updated_at": NOON + _DAY, "review_notes_updated_by_id": 7}
    (row,) = _compute(make_scenario([{}], csat=[{"conversation_id": 1, **notes}]))
    assert (row["review_notes"], row["reviewed_at"], row["reviewer_id"]) == tuple(notes.values())


def test_response_without_a_readable_time_has_no_day() -> None:
    (row,) = _compute(make_scenario([{}], csat=[{"conversation_id": 1, "rated_at": None}]))
    assert (row["rated_at"], row["rated_date"], row["rating"]) == (None, None, 5)


@pytest.mark.parametrize(("times", "expected"), [((NOON, NOON + _DAY), 2), ((NOON, NOON), 2), ((NOON, None), 1)])
def test_latest_rating_is_that_of_the_latest_response(times: tuple[Any, Any], expected: int) -> None:
    csat = [{"conversation_id": 1, "rating": number, "rated_at": at} for number, at in enumerate(times, 1)]
    batch, _ = make_scenario([{}], csat=csat).to_batch()
    for responses in (batch.csat, batch.csat.reverse()):
        assert latest_ratings(responses)["rating"].to_list() == [expected]


@pytest.fixture(scope="module")
def connection(postgres: Postgres) -> Iterator[Connection]:
    with create_tables(postgres.new_database()) as connection:
        batch, _ = _SCENARIO.to_batch()
        insert(connection, "ratings", compute_ratings(batch.conversations, batch.csat, batch.zone))
        insert(connection, "hourly_messages", compute_hourly_messages(batch.conversations, batch.messages, batch.zone))
        yield connection


def _fetch(connection: Connection, first: int, last: int, dimension: str = "all", /, **filters: list[int]) -> list[Row]:
    """Return Chatwoot's report of the days with these numbers; the conversations began on day 0."""
    values = {**_UNFILTERED, "grain": "day", "dimension": dimension, **filters}
    days = {"first_day": NOON.date() + first * _DAY, "last_day": NOON.date() + last * _DAY}
    return connection.execute(compose(sql_path("warehouse", "chatwoot_csat.sql"), **days, **values)).fetchall()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, (2, 1, 2)),
        ({"accounts": [1]}, (2, 1, 1)),
        ({"accounts": [1], "inboxes": [10]}, (2, 1, 1)),
        ({"accounts": [1], "inboxes": [11]}, (0, 0, 1)),
        ({"agents": [5]}, (1, 1, 2)),
        ({"agents": [0]}, (1, 0, 2)),
        ({"agents": [6]}, (0, 0, 2)),
        ({"teams": [3]}, (2, 1, 2)),
    ],
    ids=str,
)
def test_csat_counts_responses_and_surveys_by_their_own_time(
    connection: Connection, filters: dict[str, list[int]], expected: tuple[int, int, int]
) -> None:
    (row,) = _fetch(connection, 1, 2, **filters)
    assert (row["responses"], row["satisfied"], row["surveys"]) == expected
    assert sum(row[f"rated_{rating}"] for rating in range(1, 6)) == row["responses"]


def test_csat_of_each_group_has_no_surveys_and_of_each_day_its_own(connection: Connection) -> None:
    by_agent = {row["group_id"]: (row["responses"], row["surveys"]) for row in _fetch(connection, 0, 2, "agent")}
    assert by_agent == {5: (1, None), 0: (1, None)}
    by_day = {row["starts_on"]: (row["responses"], row["surveys"]) for row in _fetch(connection, 0, 2, "time")}
    days = [NOON.date() + number * _DAY for number in range(3)]
    assert by_day == dict(zip(days, [(0, 1), (1, 2), (1, 0)], strict=True))


def test_csat_without_rows_counts_0(connection: Connection) -> None:
    (row,) = _fetch(connection, 8, 9)
    assert {row[name] for name in row if name not in ("starts_on", "group_id")} == {0}
    assert _fetch(connection, 8, 9, "time") == []


def test_empty_batch_has_the_columns_of_the_table() -> None:
    batch, _ = make_scenario([]).to_batch()
    assert compute_ratings(batch.conversations, batch.csat, batch.zone).schema["labels"] == pl.List(pl.String)
