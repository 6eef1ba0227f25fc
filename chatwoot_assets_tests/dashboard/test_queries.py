"""The files of sql/dashboard/: they run in psql as they are, and share the conditions of the filters."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.postgres_embedded.process import binaries
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.opening import PERIOD
from chatwoot_assets_tests.project import Project

_ROLES = ("role.sql", "grants.sql", "viewers.sql")
QUERIES = sorted(path for path in sql_path("dashboard").glob("*.sql") if path.name not in _ROLES)
_REPORTS = ("report", "csat", "bots", "first_responses", "resolution_hours")
REPORTS = [sql_path("warehouse", f"chatwoot_{name}.sql") for name in _REPORTS]
FIRST_DAY, LAST_DAY = PERIOD["from"], PERIOD["to"]
FILTERS: dict[str, Any] = {
    "accounts": [1, 2], "inboxes": [1, 2, 3], "teams": [0, 1, 2], "agents": [0, 2, 3, 4],
    "statuses": ["open", "resolved"], "labels": ["vip", "reclamação"],
    "attributes": '[{"source": "conversation", "key": "motivo", "accepted": ["troca", "compra", ""]}]',
}  # fmt: skip
PARAMETERS: dict[str, Any] = {
    "first_day": FIRST_DAY, "last_day": LAST_DAY, "grain": "week", "business_hours": True, "dimension": "label",
    **ListFilters(needs_reply=True).query_parameters(), "daily_table": "daily_by_agent", "group_column": "agent_id",
    "rows_per_page": 25, "edges": [60.0, 3600.0], "max_characters": 20,
    "max_messages": 1_000, "timezone": "America/Sao_Paulo",
    "rows_before": 0, "conversation_id": 1, "until": "", "attributes": "[]",
    "attribute_source": "conversation", "attribute_key": "motivo", "deliveries": "all",
    "campaign": -1, "error_code": "", "delivery_ids": [1, 2, 3],
}  # fmt: skip
# Attributes with the values that they may have; "" for none.
ATTRIBUTES = [{"motivo": ["troca"]}, {"motivo": ["troca", "compra", ""], "origem": [""]}, {"motivo": ["", "troca"]}]
# Queries with the table and the date of the events that they count.
EVENTS = [
    ("response_times", "response_intervals", "ended_date"), ("resolutions", "resolutions", "resolved_date"),
    ("episode_statistics", "episodes", "resolved_date"),
]  # fmt: skip
UNFILTERED: dict[str, Any] = {name: "[]" if name == "attributes" else [] for name in FILTERS}


@pytest.fixture(scope="module")
def psql(postgres: Postgres) -> Path:
    path = binaries(postgres.server.directory) / "psql"
    if not path.exists():
        pytest.skip("the embedded PostgreSQL has no psql")
    return path


@pytest.mark.parametrize("filters", [UNFILTERED, FILTERS], ids=["unfiltered", "filtered"])
@pytest.mark.parametrize("path", [*QUERIES, *REPORTS], ids=lambda path: path.stem)
def test_query_has_the_same_rows_in_psql(sampled: Project, psql: Path, path: Path, filters: dict[str, Any]) -> None:
    variables = {
        name: "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else value
        for name, value in {**PARAMETERS, **filters}.items()
    }
    options = [f"--set={name}={value}" for name, value in variables.items()]
    result = subprocess.run(
        [str(psql), "-X", "-q", "--csv", "-d", sampled.target_url, *options, "-f", str(path)],
        capture_output=True,
        check=True,
        env={"PGTZ": "UTC", "PGCLIENTENCODING": "UTF8"},
    )
    query = compose(path, **{**PARAMETERS, **filters})
    with psycopg.connect(sampled.target_url, options="-c timezone=UTC") as connection, connection.cursor() as cursor:
        copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(query)
        with cursor.copy(copy) as stream:
            copied = b"".join(bytes(chunk) for chunk in stream)
    assert _parse_csv(result.stdout) == _parse_csv(copied)


def _parse_csv(data: bytes) -> list[list[str]]:
    return sorted(csv.reader(io.StringIO(data.decode(), newline="")))


def test_filters_select_some_rows_and_not_all(sampled: Project) -> None:
    path = sql_path("dashboard", "new_conversations.sql")
    with psycopg.connect(sampled.target_url) as connection:
        counts = [
            sum(row[3] for row in connection.execute(compose(path, **{**PARAMETERS, "dimension": "all", **filters})))
            for filters in (FILTERS, UNFILTERED)
        ]
    assert 0 < counts[0] < counts[1]


@pytest.mark.parametrize("inboxes", [[], [1, 2]])
@pytest.mark.parametrize("attributes", ATTRIBUTES, ids=["one", "two", "none"])
@pytest.mark.parametrize(("name", "table", "column"), EVENTS, ids=[name for name, _, _ in EVENTS])
def test_attributes_select_events_of_older_conversations_too(
    sampled: Project, name: str, table: str, column: str, attributes: dict[str, list[str]], inboxes: list[int]
) -> None:
    wanted = [{"source": "conversation", "key": key, "accepted": values} for key, values in attributes.items()]
    # The last days only, in which much happens to conversations that began before them.
    first_day = datetime.date.fromisoformat(LAST_DAY) - datetime.timedelta(days=4)
    values = {
        **PARAMETERS, **UNFILTERED, "dimension": "all", "attributes": json.dumps(wanted), "inboxes": inboxes,
        "first_day": first_day,
    }  # fmt: skip
    expected = sql.SQL(
        "SELECT c.conversation_date, c.custom_attributes FROM {} AS e JOIN conversas_analytics AS c"
        " ON c.id = e.conversation_id WHERE e.{} BETWEEN %s AND %s AND (%s OR c.inbox_id = ANY(%s))"
    ).format(sql.Identifier(table), sql.Identifier(column))
    with psycopg.connect(sampled.target_url, row_factory=dict_row) as connection:
        parameters = [first_day, LAST_DAY, not inboxes, inboxes]
        rows = [
            row["conversation_date"]
            for row in connection.execute(expected, parameters)
            if all(str(row["custom_attributes"].get(key) or "") in accepted for key, accepted in attributes.items())
        ]
        result = connection.execute(compose(sql_path("dashboard", f"{name}.sql"), **values)).fetchall()
    assert {date < first_day for date in rows} == {False, True}
    count = {"response_times": "replies", "resolutions": "resolved", "episode_statistics": "episodes_resolved"}[name]
    assert sum(row[count] for row in result) == len(rows)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_has_no_condition_of_its_own_for_the_filters(path: Path) -> None:
    assert re.findall(rf":'({'|'.join(FILTERS)})'", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_query_has_no_variable_left_when_composed(path: Path) -> None:
    odd = {"labels": ["v'ip"], "statuses": ["o'pen"], "daily_table": 'odd"name', "group_column": 'odd"name'}
    statement = compose(path, **{**PARAMETERS, **UNFILTERED, **odd}).as_string()
    without_comments = re.sub(r"--.*", "", statement)
    assert re.findall(r"(?<![:\w]):[\"'a-z]\w*", without_comments) == []
