"""Contacts served, percentiles, repeats and first-contact resolution, compared with a recount in plain Python."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from psycopg.rows import dict_row

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.examples import examples

Row = dict[str, Any]
Connection = psycopg.Connection[Row]

NOON = datetime.datetime(2025, 3, 10, 12, tzinfo=datetime.timezone.utc)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
LOADED_AT = NOON + 20 * DAY
FIRST, LAST = NOON.date(), NOON.date() + 15 * DAY
UNFILTERED: dict[str, Sequence[Any]] = {
    name: [] for name in ("accounts", "inboxes", "teams", "agents", "statuses", "labels")
}


@pytest.fixture(scope="module")
def connection(postgres: Postgres) -> Iterator[Connection]:
    """A warehouse that was loaded at `LOADED_AT`."""
    database = Warehouse(url=postgres.new_database())
    migrate(database)
    with psycopg.connect(database.url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute(
            "INSERT INTO partition_state"
            " (conversation_date, snapshot_at, loaded_at, run_id, conversations, messages, csat)"
            " VALUES ('2025-03-10', %(at)s, %(at)s, 'run', 0, 0, 0)",
            {"at": LOADED_AT},
        )
        yield connection


def _episode(conversation_id: int, **values: object) -> Row:
    row: Row = {
        **dict.fromkeys(TABLES["episodes"]),
        "conversation_id": conversation_id,
        "episode_number": 1,
        "conversation_date": NOON.date(),
        **{"account_id": 1, "inbox_id": 10, "contact_id": 1, "agent_id": 7, "initiated_by": "contact"},
        **dict.fromkeys(("replies", "reopens", "incoming_messages", "outgoing_messages"), 0),
        **{"started_at": NOON, "status": "open", "labels": []},
        **values,
    }
    row["started_date"] = row["started_at"].date()
    if row["resolved_at"]:
        row["resolved_date"] = row["resolved_at"].date()
        row["resolution_seconds"] = (row["resolved_at"] - row["started_at"]).total_seconds()
    return row


def _read(connection: Connection, episodes: list[Row], **filters: Sequence[Any]) -> Row:
    """Return the statistics of some episodes."""
    connection.execute("TRUNCATE episodes")
    with connection.cursor() as cursor, cursor.copy("COPY episodes FROM STDIN") as copy:
        for row in episodes:
            copy.write_row(list(row.values()))
    path = sql_path("dashboard", "episode_statistics.sql")
    query = compose(
        path,
        first_day=FIRST,
        last_day=LAST,
        business_hours=False,
        until="",
        attributes="[]",
        **{**UNFILTERED, **filters},
    )
    statistics = connection.execute(query).fetchone()
    assert statistics is not None
    return statistics


def _recount(episodes: list[Row]) -> Row:
    started = [row for row in episodes if FIRST <= row["started_date"] <= LAST]
    resolved = [row for row in episodes if row["resolved_at"] and FIRST <= row["resolved_date"] <= LAST]
    observed = [row for row in resolved if row["contact_id"] is not None and row["resolved_at"] <= LOADED_AT - 7 * DAY]

    def is_repeated(row: Row, limit: datetime.timedelta) -> bool:
        return any(
            other is not row
            and (other["account_id"], other["contact_id"]) == (row["account_id"], row["contact_id"])
            and row["resolved_at"] <= other["started_at"] <= row["resolved_at"] + limit
            for other in episodes
        )

    return {
        "episodes_started": len(started),
        "unique_contacts": len({row["contact_id"] for row in started} - {None}),
        "episodes_resolved": len(resolved),
        "observed_episodes": len(observed),
        "repeated_within_24_hours": sum(is_repeated(row, DAY) for row in observed),
        "repeated_within_7_days": sum(is_repeated(row, 7 * DAY) for row in observed),
        "resolved_at_first_contact": sum(not row["reopens"] and not is_repeated(row, 7 * DAY) for row in observed),
    }


INSTANTS = st.sampled_from(
    [NOON + days * DAY + seconds * datetime.timedelta(seconds=1) for days, seconds in itertools.product(
        (-1, 0, 1, 7, 8, 13, 14, 16), (-1, 0, 1)
    )]
)  # fmt: skip


@st.composite
def _episodes(draw: st.DrawFn) -> list[Row]:
    rows = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        instants = sorted([draw(INSTANTS), draw(INSTANTS)])
        rows.append(
            _episode(
                number,
                account_id=draw(st.sampled_from([1, 1, 2])),
                contact_id=draw(st.sampled_from([None, 1, 1, 2])),
                reopens=draw(st.sampled_from([0, 0, 1])),
                started_at=instants[0],
                resolved_at=instants[1] if draw(st.booleans()) else None,
            )
        )
    return rows


@given(_episodes())
@examples(100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_statistics_of_any_episodes_equal_the_recount(connection: Connection, episodes: list[Row]) -> None:
    expected = _recount(episodes)
    statistics = _read(connection, episodes)
    assert {name: statistics[name] for name in expected} == expected


def test_contact_who_writes_to_another_inbox_comes_back(connection: Connection) -> None:
    episodes = [
        _episode(1, resolved_at=NOON + HOUR),
        _episode(2, inbox_id=11, agent_id=8, started_at=NOON + 2 * HOUR),
    ]
    statistics = _read(connection, episodes, inboxes=[10])
    assert (statistics["unique_contacts"], statistics["repeated_within_24_hours"]) == (1, 1)
    assert statistics["resolved_at_first_contact"] == 0


def test_percentiles_are_those_of_the_filtered_episodes(connection: Connection) -> None:
    episodes = [
        _episode(
            number, agent_id=7 if number < 4 else 8, resolved_at=NOON + number * HOUR, first_response_seconds=number
        )
        for number in range(1, 6)
    ]
    statistics = _read(connection, episodes, agents=[7])
    assert statistics["resolution_percentiles"][0] == 7_200
    assert statistics["first_response_percentiles"][0] == 2
    assert _read(connection, episodes)["resolution_percentiles"][0] == 3 * 3_600
