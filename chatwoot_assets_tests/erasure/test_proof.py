"""Proving an erasure: nothing of an erased contact remains in any file or table, including Dagster's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import psycopg
import pytest
from psycopg import sql

from chatwoot_assets_tests.command_line import DAY, Workspace, assert_tells_no_secret
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.servers import free_port
from chatwoot_assets_tests.source_writer import SourceWriter

# A marker for each kind of text; none occurs by chance or in another marker.
NAME, PHONE, TEXT, FEEDBACK = "Zoraquel Xipiris", "+5519987600123", "wubbelfrinz", "krontisquel"
MARKERS = (NAME, PHONE, TEXT, FEEDBACK)
CONTACT = 4242
_BACKFILL = ("backfill", "--from", DAY, "--to", DAY)


@pytest.fixture
def workspace(postgres: Postgres, tmp_path: Path) -> Workspace:
    """A workspace whose day is loaded, with a conversation of a contact with the markers."""
    workspace = Workspace.create(postgres, tmp_path)
    with psycopg.connect(workspace.source_url) as connection:
        writer = SourceWriter(connection)
        writer.contact(CONTACT, NAME, phone_number=PHONE)
        writer.conversation(f"{DAY} 15:00:00", id=900, contact_id=CONTACT)
        writer.message(900, f"{DAY} 15:01:00", TEXT, id=9000, sender_id=CONTACT)
        writer.rating(900, f"{DAY} 16:00:00", 4, id=90, feedback_message=FEEDBACK)
    _run(workspace, *_BACKFILL)
    return workspace


def _run(workspace: Workspace, *arguments: str) -> str:
    outcome = workspace.run(*arguments)
    assert outcome.code == 0, outcome
    assert_tells_no_secret(outcome)
    assert not _markers_in([outcome.out, outcome.err])
    return outcome.out


def _markers_in(texts: Iterator[str] | list[str]) -> set[str]:
    """Return the markers that occur in the texts."""
    markers: set[str] = set()
    for text in texts:
        markers.update(marker for marker in MARKERS if marker in text)
    return markers


def _files(workspace: Workspace) -> Iterator[str]:
    """Yield every file's bytes, and all values of every Parquet file's columns."""
    root = workspace.directory / "home"
    for path in root.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")
        if path.suffix == ".parquet":
            yield from (str(row) for row in pl.read_parquet(path).iter_rows())


def _tables(url: str) -> Iterator[str]:
    """Yield every row of every table of a database as text, with bytes decoded."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert tables
        for name in tables:
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(*name))
            for row in connection.execute(query):
                yield "\n".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row)


def _remaining_markers(workspace: Workspace) -> tuple[set[str], set[str], set[str]]:
    """Return the markers in the files, in the warehouse and in Dagster's storage."""
    dagster = [*_tables(workspace.dagster_url)]
    assert len(dagster) > 50, "a run has events"
    return _markers_in(_files(workspace)), _markers_in(_tables(workspace.target_url)), _markers_in(dagster)


def test_nothing_of_an_erased_contact_remains_after_a_load(workspace: Workspace) -> None:
    # Before the erasure they are where they belong and nowhere else, which shows that the search works.
    assert _remaining_markers(workspace) == (set(MARKERS), set(MARKERS), set())
    with psycopg.connect(workspace.source_url) as connection:
        connection.execute("DELETE FROM csat_survey_responses WHERE conversation_id = 900")
        connection.execute("DELETE FROM messages WHERE conversation_id = 900")
        connection.execute("DELETE FROM conversations WHERE id = 900")
        connection.execute("DELETE FROM contacts WHERE id = %s", [CONTACT])
    outcome = workspace.run("verify", "--contact", str(CONTACT))
    assert outcome.code == 1
    assert outcome.error_lines == [
        f"error: something of contact {CONTACT} is left here; load its days again:"
        f" chatwoot-assets backfill --from {DAY} --to {DAY}"
    ]
    assert not _markers_in([outcome.out, outcome.err])
    _run(workspace, *_BACKFILL)
    output = _run(workspace, "verify", "--contact", str(CONTACT))
    assert output == (
        f"nothing of contact {CONTACT} is left: not in Chatwoot, not in the local tables, not in 4 Parquet files\n"
    )
    assert _remaining_markers(workspace) == (set(), set(), set())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give either --contact ID or --conversation ID"),
        (("--contact", "7", "--conversation", "7"), "give either --contact ID or --conversation ID"),
        (("--contact", "0"), "--contact"),
        (("--contact", "Ana"), "--contact"),
        (("--conversation", "-1"), "--conversation"),
        (("--conversation", str(2**63)), "--conversation"),
    ],
)
def test_wrong_id_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    nowhere = f"postgresql://reader@127.0.0.1:{free_port()}/nothing"
    outcome = Workspace(tmp_path, nowhere, nowhere, nowhere).run("verify", *arguments)
    assert outcome.code == 2
    assert_tells_no_secret(outcome)
    assert message in outcome.err
