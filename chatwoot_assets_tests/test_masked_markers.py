"""Markers in every personal column of Chatwoot's tables: with MASK, none of them is anywhere here.

Everywhere means every table, view, file, log, event, page, export, report, alert, figure and answer of the assistant.
"""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from mcp import Client
from prometheus_client import CollectorRegistry, generate_latest
from psycopg import sql

from chatwoot_assets.commands.metrics import WarehouseCollector
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets_tests.alerts.receiver import receiver
from chatwoot_assets_tests.assistant.test_mcp import ask
from chatwoot_assets_tests.command_line import DAY, Workspace, assert_tells_no_secret
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.dashboard.opening import PAGES, Dashboard, assert_no_errors, everything, texts
from chatwoot_assets_tests.source_writer import SourceWriter

KEY = "fedcba9876543210" * 2
MASK = {"MASK": "contents, names,contacts", "MASK_KEY": KEY}
_MARKER = re.compile("zoraquel-[a-z_]+-[a-z_]+")
_ROWS = {
    "contacts": 4242, "users": 77, "conversations": 900, "messages": 9000, "csat_survey_responses": 90,
    "contact_inboxes": 60, "attachments": 61,
}  # fmt: skip
# The same of a conversation of yesterday, which reports show.
_RECENT_ROWS = {"conversations": 901, "messages": 9010, "csat_survey_responses": 91}
# Codes and classes, which are not personal; the code reads them.
_CODES = {"sender_type", "type", "provider", "resource_type", "source_id", "tokens"}


@pytest.fixture
def workspace(postgres: Postgres, tmp_path: Path) -> Workspace:
    """A workspace with a marker, named after its column, in every text and JSON column of a row of each table."""
    workspace = Workspace.create(postgres, tmp_path)
    with psycopg.connect(workspace.source_url) as connection:
        writer = SourceWriter(connection)
        writer.contact(4242, "x")
        writer.user(77, "x")
        writer.conversation(f"{DAY} 15:00:00", id=900, contact_id=4242, assignee_id=77)
        writer.message(900, f"{DAY} 15:01:00", id=9000, sender_id=4242)
        for id_, sentence in (
            (9001, "Assigned to zoraquel-users-name by zoraquel-activity-person"),
            (9002, "Conversation was resolved by zoraquel-activity-contact"),
            (9003, "zoraquel-activity-text was written by a program"),
        ):
            writer.message(900, f"{DAY} 15:02:00", sentence, id=id_, message_type=2, sender_type=None)
        writer.rating(900, f"{DAY} 16:00:00", 4, id=90)
        connection.execute(
            "INSERT INTO contact_inboxes (id, contact_id, inbox_id, source_id, created_at, updated_at)"
            " VALUES (60, 4242, 10, 'zoraquel-contact_inboxes-source_id', now(), now());"
            "INSERT INTO attachments (id, message_id, account_id, created_at, updated_at)"
            " VALUES (61, 9000, 1, now(), now());"
            "INSERT INTO account_users (account_id, user_id, created_at, updated_at) VALUES (1, 77, now(), now())"
        )
        for table, id_ in _ROWS.items():
            _plant(connection, table, id_)
    return workspace


def _plant(connection: psycopg.Connection, table: str, id_: int) -> None:
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"
        " AND data_type IN ('text', 'character varying', 'json', 'jsonb')",
        [table],
    ).fetchall()
    for name, type_ in columns:
        if name not in _CODES:
            marker = f"zoraquel-{table}-{name}"
            value = f'{{"cpf": "{marker}", "{marker}": 1}}' if "json" in type_ else marker
            query = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s")
            connection.execute(query.format(sql.Identifier(table), sql.Identifier(name)), [value, id_])


def _plant_yesterday(workspace: Workspace) -> str:
    """Write a conversation of yesterday with the same contact and agent, and return that day."""
    now = datetime.datetime.now(datetime.timezone.utc)
    at = f"{now - datetime.timedelta(days=1):%Y-%m-%d 10:00}"
    with psycopg.connect(workspace.source_url) as connection:
        writer = SourceWriter(connection)
        writer.conversation(at, id=901, contact_id=4242, assignee_id=77, waiting_since=at)
        writer.message(901, at, id=9010, sender_id=4242)
        writer.message(901, at, id=9011, message_type=1, sender_type="User", sender_id=77)
        writer.message(901, at, id=9012, sender_id=4242)
        writer.rating(901, at, 2, id=91, assigned_agent_id=77)
        for table, id_ in _RECENT_ROWS.items():
            _plant(connection, table, id_)
    return at[:10]


def _find(texts: Iterable[str]) -> set[str]:
    return {marker for text in texts for marker in _MARKER.findall(text)}


def _files(workspace: Workspace) -> Iterator[str]:
    for path in workspace.directory.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield content.decode("latin-1")
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as archive:
                    yield from (archive.read(name).decode("latin-1") for name in archive.namelist())
            if path.suffix == ".pdf":
                for stream in re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL):
                    yield _decompress(stream)
        if path.suffix == ".parquet":
            yield from (str(row) for row in pl.read_parquet(path).iter_rows())


def _decompress(stream: bytes) -> str:
    try:
        return zlib.decompress(stream).decode("latin-1")
    except zlib.error:
        return ""


def _tables(url: str) -> Iterator[str]:
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            " UNION ALL SELECT schemaname, viewname FROM pg_views"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for name in tables:
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(*name))):
                yield "\n".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row)


def _outputs(
    workspace: Workspace, conversations: tuple[int, ...] = (900, 901), /, **settings: str
) -> Iterator[tuple[str, str]]:
    """Yield what leaves by each other way, with its name."""
    with receiver() as (address, taken):
        sending = {**settings, "ALERT_URLS": address, "ALERTS": '{"waiting_hours": 1}'}
        yield "alerts", workspace.output("alerts", **sending)
        yield "digest", workspace.output("report", "--period", "7d", "--send", **sending)
        assert taken
        yield "alerts and digest as sent", "\n".join(taken)
    for file_format in ("html", "pdf", "xlsx"):
        path = str(workspace.directory / f"report.{file_format}")
        yield file_format, workspace.output("report", "--period", "7d", "--format", file_format, "-o", path, **settings)
    yield "bi", workspace.output("bi", "create", **settings)
    registry = CollectorRegistry()
    registry.register(WarehouseCollector(Warehouse(url=workspace.target_url)))
    yield "metrics", generate_latest(registry).decode()
    answers: list[str] = []

    async def ask_everything(client: Client) -> None:
        period = {"first_day": DAY, "last_day": f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}"}
        questions: list[tuple[str, dict[str, Any]]] = [
            ("list_metrics", {}),
            *(("list_names", {"kind": kind}) for kind in ("account", "inbox", "agent", "team", "label")),
            ("get_metric", {"metric": "new_conversations", "dimension": "agent", **period}),
            ("get_metric", {"metric": "replies", "dimension": "agent", **period}),
            *(("read_conversation", {"conversation_id": id_}) for id_ in conversations),
        ]
        for tool, arguments in questions:
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, (tool, result.content)
            answers.append(str(result.content))

    ask(workspace.target_url, workspace.directory, ask_everything, "--personal")
    yield "mcp", "\n".join(answers)


@pytest.mark.slow
def test_nothing_that_is_masked_is_anywhere(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    yesterday = _plant_yesterday(workspace)
    for day in (DAY, yesterday):
        workspace.output("backfill", "--from", day, "--to", day)
    plain = {
        "zoraquel-contacts-name", "zoraquel-contacts-email", "zoraquel-contacts-phone_number", "zoraquel-users-name",
        "zoraquel-messages-content", "zoraquel-csat_survey_responses-feedback_message",
        "zoraquel-csat_survey_responses-csat_review_notes", "zoraquel-activity-person", "zoraquel-activity-contact",
        "zoraquel-activity-text",
    }  # fmt: skip
    # Without a mask, these and no others leave Chatwoot, which shows that the search works.
    assert _find(_files(workspace)) == _find(_tables(workspace.target_url)) == plain
    shown = {name: _find([text]) for name, text in _outputs(workspace)}
    assert all(markers <= plain for markers in shown.values())
    assert shown["mcp"] >= {"zoraquel-messages-content", "zoraquel-users-name"}
    for path in workspace.directory.glob("report.*"):
        (workspace.directory / "only").mkdir(exist_ok=True)
        path.rename(workspace.directory / "only" / path.name)
        only = Workspace(workspace.directory / "only", "", "", "")
        assert "zoraquel-users-name" in _find(_files(only)), path
        (workspace.directory / "only" / path.name).unlink()
    with psycopg.connect(workspace.target_url) as connection:
        assert connection.execute("SELECT name FROM account_name").fetchall() == [("zoraquel-users-name",)]

    # A mask that is set later replaces all that was loaded, in the files and in the tables.
    outputs = [workspace.output("views", "create", **MASK)]
    outputs += [workspace.output("backfill", "--from", day, "--to", day, **MASK) for day in (DAY, yesterday)]
    for dataset, file_format in (("conversations", "csv"), ("conversations", "xlsx"), ("messages", "parquet")):
        output = str(workspace.directory / f"{dataset}.{file_format}")
        arguments = ("export", dataset, "--from", DAY, "--to", DAY, "--format", file_format, "--output", output)
        outputs.append(workspace.output(*arguments, **MASK))
    outputs += [text for _, text in _outputs(workspace, **MASK)]
    for command in (("status",), ("doctor",), ("verify", "--contact", "4242")):
        outcome = workspace.run(*command, **MASK)
        assert_tells_no_secret(outcome)
        outputs.append(outcome.out + outcome.err)
    dagster = [*_tables(workspace.dagster_url)]
    assert len(dagster) > 50
    for place in (outputs, _files(workspace), _tables(workspace.target_url), dagster):
        assert _find(place) == set()
    assert KEY not in "".join((*outputs, *dagster, *_files(workspace)))

    board = Dashboard(monkeypatch, workspace.target_url, datetime.date(2025, 3, 1))
    board.set(**MASK)
    for page in PAGES:
        opened = board.open(page, **{"from": DAY, "to": DAY})
        assert_no_errors(opened)
        assert _find([everything(opened).decode("latin-1")]) == set()
        if page == "data_health":
            assert "stays in Chatwoot" in texts(opened)
    assert _find([everything(board.open("conversations", conversation="900")).decode("latin-1")]) == set()
    listed = board.open("conversations", **{"from": DAY, "to": DAY})
    listed.text_input(key="list_search").set_value("Zoraquel").run()
    assert_no_errors(listed)
    assert "masked (MASK)" in "".join(element.value for element in listed.info)


@pytest.mark.slow
def test_old_contents_are_nowhere_once_they_are_dropped(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.output("backfill", "--from", DAY, "--to", DAY)
    assert len(_find(_tables(workspace.target_url))) == 10
    settings = {"KEEP_CONTENTS_DAYS": "30"}
    outputs = [workspace.output("drop-contents", **settings)]
    # Names of agents stay: they are in the reports per agent, and in the sentences that numbers are computed from.
    kept = {"zoraquel-users-name", "zoraquel-activity-person"}

    def assert_dropped() -> None:
        for place in (outputs, _files(workspace), _tables(workspace.target_url), _tables(workspace.dagster_url)):
            assert _find(place) <= kept
        assert _find(_tables(workspace.target_url)) == kept

    outputs += [text for _, text in _outputs(workspace, (900,), **settings)]
    assert_dropped()
    outputs.append(workspace.output("backfill", "--from", DAY, "--to", DAY, "--force", **settings))
    for dataset in ("conversations", "messages"):
        output = str(workspace.directory / f"{dataset}.csv")
        outputs.append(workspace.output("export", dataset, "--from", DAY, "--to", DAY, "--output", output, **settings))
    assert_dropped()
    board = Dashboard(monkeypatch, workspace.target_url, datetime.date(2025, 3, 1))
    board.set(**settings)
    for page in PAGES:
        opened = board.open(page, **{"from": DAY, "to": DAY})
        assert_no_errors(opened)
        # The charts cut long names.
        found = _find([everything(opened).decode("latin-1")])
        assert all(any(name.startswith(marker) for name in kept) for marker in found)
        if page == "data_health":
            assert "older than 30 days: they are dropped" in texts(opened)
    assert _find([everything(board.open("conversations", conversation="900")).decode("latin-1")]) <= kept
