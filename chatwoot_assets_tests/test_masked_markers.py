"""Markers in every personal column of Chatwoot's tables: with MASK, none of them is anywhere here."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import psycopg
import pytest
from psycopg import sql

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


def _find(texts: Iterable[str]) -> set[str]:
    return {marker for text in texts for marker in _MARKER.findall(text)}


def _files(workspace: Workspace) -> Iterator[str]:
    for path in workspace.directory.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")
        if path.suffix == ".parquet":
            yield from (str(row) for row in pl.read_parquet(path).iter_rows())


def _tables(url: str) -> Iterator[str]:
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for name in tables:
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(*name))):
                yield "\n".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row)


def _run(workspace: Workspace, *arguments: str, **changes: str) -> str:
    outcome = workspace.run(*arguments, **changes)
    assert outcome.code == 0, outcome
    assert_tells_no_secret(outcome)
    return outcome.out + outcome.err


def test_nothing_that_is_masked_is_anywhere(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    backfill = ("backfill", "--from", DAY, "--to", DAY)
    _run(workspace, *backfill)
    plain = {
        "zoraquel-contacts-name", "zoraquel-contacts-email", "zoraquel-contacts-phone_number", "zoraquel-users-name",
        "zoraquel-messages-content", "zoraquel-csat_survey_responses-feedback_message",
        "zoraquel-csat_survey_responses-csat_review_notes", "zoraquel-activity-person", "zoraquel-activity-contact",
        "zoraquel-activity-text",
    }  # fmt: skip
    # Without a mask, these and no others leave Chatwoot, which shows that the search works.
    assert _find(_files(workspace)) == _find(_tables(workspace.target_url)) == plain
    with psycopg.connect(workspace.target_url) as connection:
        assert connection.execute("SELECT name FROM account_name").fetchall() == [("zoraquel-users-name",)]

    # A mask that is set later replaces all that was loaded, in the files and in the tables.
    outputs = [_run(workspace, "views", "create", **MASK), _run(workspace, *backfill, **MASK)]
    for dataset, file_format in (("conversations", "csv"), ("conversations", "xlsx"), ("messages", "parquet")):
        output = str(workspace.directory / f"{dataset}.{file_format}")
        arguments = ("export", dataset, "--from", DAY, "--to", DAY, "--format", file_format, "--output", output)
        outputs.append(_run(workspace, *arguments, **MASK))
    for arguments in (("status",), ("verify", "--contact", "4242")):
        outcome = workspace.run(*arguments, **MASK)
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


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"MASK": "names"}, "MASK is set, and neither MASK_KEY nor MASK_KEY_FILE is"),
        ({"MASK": "names", "MASK_KEY": "short"}, "MASK_KEY has 5 characters"),
        ({"MASK": "names", "MASK_KEY": KEY + "\n"}, "MASK_KEY ends in a newline"),
        ({"MASK": "phones", "MASK_KEY": KEY}, "MASK is 'phones'; accepted are names, contacts and contents"),
        ({"MASK": "names", "MASK_KEY": KEY, "MASK_KEY_FILE": "/key"}, "only one of them may be set"),
        ({"MASK": "names", "MASK_KEY_FILE": "/nowhere/key"}, "MASK_KEY_FILE is '/nowhere/key', which cannot be read"),
    ],
)
def test_mask_without_a_good_key_is_refused(
    postgres: Postgres, tmp_path: Path, changes: dict[str, str], message: str
) -> None:
    workspace = Workspace(tmp_path, postgres.new_database(), postgres.new_database(), postgres.new_database())
    line = workspace.refusal("doctor", code=2, **changes)
    assert message in line
    assert KEY not in line


def test_key_comes_from_a_file(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    path = tmp_path / "key"
    path.write_text(KEY + "\n", encoding="utf-8")
    _run(workspace, "views", "create", MASK="contacts", MASK_KEY_FILE=str(path))
    printed = _run(workspace, "views", "print", MASK="contacts", MASK_KEY=KEY)
    assert KEY not in printed
    with psycopg.connect(workspace.source_url) as connection:
        row = connection.execute("SELECT name, phone_number FROM chatwoot_analytics.vw_contacts").fetchone()
    assert row == (None, None)
