"""`verify` finds an erased contact wherever anything is left, says what to do, and passes when nothing is."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from chatwoot_assets.commands.verify import verify
from chatwoot_assets.errors import SettingsError, UserError
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets_tests.frames import SNAPSHOT_AT, frame
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.servers import free_port

FIRST, SECOND = datetime.date(2025, 3, 10), datetime.date(2025, 3, 11)
# Contact 7's conversation, with an answer and a rating; contact 7 wrote in contact 8's conversation too.
ERASED, OTHERS = 71, 81


@pytest.fixture
def loaded(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with two loaded days, which the environment names."""
    with project.writing() as writer:
        writer.contact(7, "Marcador Sete", phone_number="+5511970000007")
        writer.contact(8, "Oito")
        writer.conversation(f"{FIRST} 12:00:00", id=ERASED, contact_id=7)
        writer.message(ERASED, f"{FIRST} 12:01:00", "texto do marcador", sender_id=7)
        writer.message(ERASED, f"{FIRST} 12:02:00", "resposta", sender_type="User", sender_id=7, message_type=1)
        writer.rating(ERASED, f"{FIRST} 13:00:00", 5, feedback_message="elogio")
        writer.conversation(f"{SECOND} 12:00:00", id=OTHERS, contact_id=8)
        writer.message(OTHERS, f"{SECOND} 12:01:00", sender_id=7)
        writer.message(OTHERS, f"{SECOND} 12:02:00", sender_id=8)
    project.load(FIRST, SECOND)
    for name, value in {
        "CHATWOOT_DATABASE_URL": project.source_url,
        "ANALYTICS_DATABASE_URL": project.target_url,
        "EXTRACTS_URL": project.settings.extracts_url,
        "REPORTING_TIMEZONE": project.settings.reporting_timezone.key,
        "PARTITIONS_START_DATE": "2025-03-01",
        "CHATWOOT_ASSETS_HOME": str(project.settings.home),
    }.items():
        monkeypatch.setenv(name, value)
    return project


@pytest.fixture
def run_verify(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[list[list[str]], list[str]]]:
    """Run `verify`; return the rows of its table, and the lines that follow it on both outputs."""

    def run(*, contact: int | None = None, conversation: int | None = None) -> tuple[list[list[str]], list[str]]:
        capsys.readouterr()
        messages = []
        try:
            verify(contact, conversation)
        except UserError as raised:
            messages = [str(raised)]
        output = capsys.readouterr()
        rows = [re.split(r" {2,}", line.strip()) for line in output.out.splitlines() if line.strip()]
        table = [row for row in rows if len(row) == 4 and row[0] != "place"]
        rest = [row[0] for row in rows if len(row) == 1 and "─" not in row[0]]
        errors = [line.removeprefix("error: ") for line in output.err.splitlines() if line.startswith("error: ")]
        return table, [*rest, *errors, *messages]

    return run


def _execute(project: Project, *statements: str) -> None:
    with project.source() as connection:
        for statement in statements:
            connection.execute(statement)


_ERASE_CONVERSATION = tuple(
    f"DELETE FROM {table} WHERE {column} = {ERASED}"  # noqa: S608 - constants of this test
    for table, column in (
        ("csat_survey_responses", "conversation_id"),
        ("messages", "conversation_id"),
        ("conversations", "id"),
    )
)
_ERASE_CONTACT = (
    *_ERASE_CONVERSATION,
    "DELETE FROM messages WHERE sender_type = 'Contact' AND sender_id = 7",
    "DELETE FROM contacts WHERE id = 7",
)

RunVerify = Callable[..., tuple[list[list[str]], list[str]]]


@pytest.mark.usefixtures("loaded")
def test_rows_in_chatwoot_have_to_be_erased_there_first(run_verify: RunVerify) -> None:
    table, lines = run_verify(contact=7)
    both = f"{FIRST}, {SECOND}"
    assert table == [
        ["Chatwoot", "conversations", str(FIRST), "1"],
        ["Chatwoot", "messages", both, "3"],
        ["Chatwoot", "ratings", str(FIRST), "1"],
        ["local tables", "conversations", both, "2"],
        ["local tables", "episodes", str(FIRST), "1"],
        ["Parquet files", "conversations", str(FIRST), "1"],
        ["Parquet files", "messages", both, "3"],
        ["Parquet files", "ratings", str(FIRST), "1"],
    ]
    assert lines == [
        "contact 7 is still in Chatwoot: erase it there first, then load its days again:"
        f" chatwoot-assets backfill --from {FIRST} --to {SECOND}"
    ]


def test_an_erased_conversation_is_found_until_its_day_is_reloaded(loaded: Project, run_verify: RunVerify) -> None:
    _execute(loaded, *_ERASE_CONVERSATION)
    table, lines = run_verify(conversation=ERASED)
    assert table == [
        ["local tables", "conversations", str(FIRST), "1"],
        ["local tables", "episodes", str(FIRST), "1"],
        ["local tables", "facts", str(FIRST), "1"],
        ["local tables", "messages", str(FIRST), "2"],
        ["local tables", "ratings", str(FIRST), "1"],
        ["local tables", "waits", str(FIRST), "1"],
        ["Parquet files", "conversations", str(FIRST), "1"],
        ["Parquet files", "messages", str(FIRST), "2"],
        ["Parquet files", "ratings", str(FIRST), "1"],
    ]
    assert lines == [
        f"something of conversation {ERASED} is left here; load its days again:"
        f" chatwoot-assets backfill --from {FIRST} --to {FIRST}"
    ]
    loaded.load(FIRST)
    assert run_verify(conversation=ERASED) == (
        [],
        [f"nothing of conversation {ERASED} is left: not in Chatwoot, not in the local tables, not in 8 Parquet files"],
    )


def test_an_erased_contact_is_found_until_its_days_are_reloaded(loaded: Project, run_verify: RunVerify) -> None:
    _execute(loaded, *_ERASE_CONTACT)
    table, lines = run_verify(contact=7)
    assert {row[0] for row in table} == {"local tables", "Parquet files"}
    assert f"backfill --from {FIRST} --to {SECOND}" in lines[0]
    loaded.load(FIRST)
    table, lines = run_verify(contact=7)
    assert table == [
        ["local tables", "conversations", str(SECOND), "1"],
        ["Parquet files", "messages", str(SECOND), "1"],
    ]
    assert lines[0].endswith(f"chatwoot-assets backfill --from {SECOND} --to {SECOND}")
    loaded.load(SECOND)
    assert run_verify(contact=7)[1][0].startswith("nothing of contact 7 is left")


def test_a_merged_contact_is_found_under_its_old_id_until_the_load(loaded: Project, run_verify: RunVerify) -> None:
    _execute(
        loaded,
        "UPDATE conversations SET contact_id = 8 WHERE contact_id = 7",
        "UPDATE messages SET sender_id = 8 WHERE sender_type = 'Contact' AND sender_id = 7",
        "DELETE FROM contacts WHERE id = 7",
    )
    table, lines = run_verify(contact=7)
    assert {row[0] for row in table} == {"local tables", "Parquet files"}
    assert len(lines) == 1
    loaded.load(FIRST, SECOND)
    assert run_verify(contact=7)[1][0].startswith("nothing of contact 7 is left")
    assert {row[0] for row in run_verify(contact=8)[0]} == {"Chatwoot", "local tables", "Parquet files"}


def test_messages_in_another_contacts_conversation_are_found(loaded: Project, run_verify: RunVerify) -> None:
    _execute(loaded, *_ERASE_CONVERSATION)
    loaded.load(FIRST)
    assert run_verify(contact=7)[0] == [
        ["Chatwoot", "messages", str(SECOND), "1"],
        ["local tables", "conversations", str(SECOND), "1"],
        ["Parquet files", "messages", str(SECOND), "1"],
    ]


def test_days_that_are_no_longer_partitions_are_named(
    loaded: Project, run_verify: RunVerify, monkeypatch: pytest.MonkeyPatch
) -> None:
    _execute(loaded, *_ERASE_CONTACT)
    monkeypatch.setenv("PARTITIONS_START_DATE", "2025-03-11")
    lines = run_verify(contact=7)[1]
    assert (
        f"chatwoot-assets backfill --from {SECOND} --to {SECOND}; before PARTITIONS_START_DATE (2025-03-11)"
        in (lines[0])
    )
    assert f"PARTITIONS_START_DATE={FIRST} chatwoot-assets backfill --from {FIRST} --to {FIRST}" in lines[0]


def test_few_ranges_get_a_command_each_and_many_get_one(loaded: Project, run_verify: RunVerify) -> None:
    rows = frame(Dataset.MESSAGES, [{"id": 1, "conversation_id": 900}])
    for day in ("2025-04-01", "2025-04-02", "2025-05-01"):
        loaded.store.write(Dataset.MESSAGES, loaded.day(day), rows, SNAPSHOT_AT)
    assert run_verify(conversation=900)[1][0].endswith(
        "chatwoot-assets backfill --from 2025-04-01 --to 2025-04-02"
        " && chatwoot-assets backfill --from 2025-05-01 --to 2025-05-01"
    )
    for day in ("2025-06-01", "2025-07-01"):
        loaded.store.write(Dataset.MESSAGES, loaded.day(day), rows, SNAPSHOT_AT)
    assert run_verify(conversation=900)[1][0].endswith(": chatwoot-assets backfill --from 2025-04-01 --to 2025-07-01")


def test_an_unfinished_file_is_named_until_it_is_deleted(loaded: Project, run_verify: RunVerify) -> None:
    left = Path(loaded.store.path(Dataset.MESSAGES, loaded.day(FIRST))).with_name(f".{FIRST}.4194304.partial")
    left.write_bytes(b"PAR1")
    table, lines = run_verify(contact=999)
    assert table == []
    assert len(lines) == 1
    assert str(left) in lines[0]
    assert "delete them" in lines[0]
    left.unlink()
    assert run_verify(contact=999)[1] == [
        "nothing of contact 999 is left: not in Chatwoot, not in the local tables, not in 8 Parquet files"
    ]


def test_an_unreadable_file_is_named_until_it_is_written_again(loaded: Project, run_verify: RunVerify) -> None:
    path = Path(loaded.store.path(Dataset.CONVERSATIONS, loaded.day(SECOND)))
    content = path.read_bytes()
    path.write_bytes(content[:200] + bytes(len(content) - 400) + content[-200:])
    lines = run_verify(contact=999)[1]
    assert len(lines) == 1
    assert str(path) in lines[0]
    assert "--force" in lines[0]
    loaded.load(SECOND, force=True)
    assert run_verify(contact=999)[1][0].startswith("nothing of contact 999 is left")


@pytest.mark.usefixtures("loaded")
def test_a_source_that_is_down_proves_nothing(run_verify: RunVerify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATWOOT_DATABASE_URL", f"postgresql://reader@127.0.0.1:{free_port()}/chatwoot")
    table, lines = run_verify(contact=999)
    assert table == []
    assert len(lines) == 1
    assert lines[0].startswith("Chatwoot could not be searched: CHATWOOT_DATABASE_URL: ")
    table, lines = run_verify(contact=7)
    assert {row[0] for row in table} == {"local tables", "Parquet files"}
    assert len(lines) == 2


def test_a_source_without_views_proves_nothing(loaded: Project, run_verify: RunVerify) -> None:
    _execute(loaded, "DROP SCHEMA chatwoot_analytics CASCADE")
    assert run_verify(contact=999)[1][0].startswith("Chatwoot could not be searched: the remote views are missing")


@pytest.mark.usefixtures("loaded")
def test_local_tables_that_cannot_be_searched_prove_nothing(
    run_verify: RunVerify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYTICS_DATABASE_URL", f"postgresql://reader@127.0.0.1:{free_port()}/analytics")
    table, lines = run_verify(contact=7)
    assert {row[0] for row in table} == {"Chatwoot", "Parquet files"}
    assert lines[0].startswith("the local tables could not be searched: ANALYTICS_DATABASE_URL: ")
    assert len(lines) == 2


def test_a_conversation_without_a_finite_day_is_found(loaded: Project, run_verify: RunVerify) -> None:
    _execute(loaded, "UPDATE conversations SET created_at = 'infinity' WHERE contact_id = 7")
    table, lines = run_verify(conversation=ERASED)
    assert table[0] == ["Chatwoot", "conversations", "infinity", "1"]
    assert "belongs to no day" in lines[0]


@pytest.mark.parametrize("ids", [{}, {"contact": 7, "conversation": 71}])
def test_exactly_one_of_contact_and_conversation_is_required(ids: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match="either --contact ID or --conversation ID"):
        verify(ids.get("contact"), ids.get("conversation"))


@pytest.mark.usefixtures("loaded")
def test_nothing_personal_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError) as raised:
        verify(7, None)
    output = str(raised.value) + "".join(capsys.readouterr())
    assert not [text for text in ("Marcador", "551197", "texto", "elogio") if text in output]


def test_verify_creates_empty_local_tables_when_nothing_was_loaded(
    project: Project, monkeypatch: pytest.MonkeyPatch, run_verify: RunVerify
) -> None:
    monkeypatch.setenv("CHATWOOT_DATABASE_URL", project.source_url)
    monkeypatch.setenv("ANALYTICS_DATABASE_URL", project.target_url)
    monkeypatch.setenv("EXTRACTS_URL", project.settings.extracts_url)
    assert run_verify(contact=7)[1][0].endswith("not in 0 Parquet files")
    with psycopg.connect(project.target_url) as connection:
        assert connection.execute("SELECT count(*) FROM conversas_analytics").fetchone() == (0,)
