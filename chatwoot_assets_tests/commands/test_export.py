"""`chatwoot-assets export` as users run it: files, standard output, and one line for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatwoot_assets.commands.selection import choose_format
from chatwoot_assets_tests.command_line import DAY, Workspace
from chatwoot_assets_tests.conftest import Postgres

_PERIOD = ("--from", DAY, "--to", DAY)


@pytest.fixture(scope="module")
def workspace(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace.create(postgres, tmp_path_factory.mktemp("export"))
    assert workspace.run("backfill", *_PERIOD).code == 0
    return workspace


def test_export_writes_private_files_and_standard_output(workspace: Workspace) -> None:
    done = workspace.run(
        "export", "conversations", *_PERIOD, "--language", "pt", CHATWOOT_URL="https://chat.example.com"
    )
    lines = done.out.splitlines()
    assert (done.code, len(lines)) == (0, 4)
    assert lines[0].startswith("\ufeffId da conversa;Número;Link;")
    assert "https://chat.example.com/app/accounts/1/conversations/" in lines[1]
    assert "3 rows in " in done.err
    path = workspace.directory / "out.xlsx"
    done = workspace.run("export", "messages", *_PERIOD, "-o", str(path))
    assert (done.code, done.out) == (0, "")
    assert path.read_bytes()[:2] == b"PK"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.glob(".out*")) == []


@pytest.mark.parametrize(
    ("file_format", "output", "expected"),
    [
        (None, None, "csv"),
        (None, "march.XLSX", "xlsx"),
        (None, "/dev/stdout", "csv"),
        (None, ".march", "csv"),
        ("parquet", "march.csv", "parquet"),
        ("parquet", "march.bin", "parquet"),
    ],
)
def test_format_is_that_of_the_option_then_of_the_file_name(
    file_format: str | None, output: str | None, expected: str
) -> None:
    assert choose_format(file_format, output, ("csv", "parquet", "xlsx")) == expected


def test_export_leaves_personal_data_out_if_they_are_switched_off(workspace: Workspace) -> None:
    heads = [
        workspace.run("export", "conversations", *_PERIOD, DASHBOARD_CONVERSATIONS=value).out.splitlines()[0]
        for value in ("on", "off")
    ]
    assert ["Phone" in head for head in heads] == [True, False]
    assert "Link" not in heads[0]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("--from", "10/03/2025"), "YYYY-MM-DD"),
        (("--from", DAY, "--to", "2025-03-01"), "must not be before"),
        ((*_PERIOD, "--agent", "ana"), "--agent 'ana' must be ids"),
        ((*_PERIOD, "--status", "closed"), "open, pending, snoozed and resolved"),
        ((*_PERIOD, "--team", ""), "--team must not be empty"),
        ((*_PERIOD, "--attribute", "motivo"), "--attribute 'motivo' must be KEY=VALUE"),
    ],
)
def test_wrong_option_of_an_export_is_refused(workspace: Workspace, arguments: tuple[str, ...], advice: str) -> None:
    done = workspace.run("export", "waits", *arguments)
    assert (done.code, done.out, done.err.splitlines()) == (2, "", done.error_lines)
    assert advice in done.err


def test_export_by_attribute_needs_the_right_to_attributes(workspace: Workspace) -> None:
    arguments = ("export", "waits", *_PERIOD, "--attribute", "motivo=troca", "--attribute", "contact.plano=")
    assert workspace.run(*arguments).code == 0
    done = workspace.run(*arguments, DASHBOARD_CONVERSATIONS="off")
    assert (done.code, done.err[:31]) == (2, "error: --attribute is refused w")


def test_export_that_cannot_be_written_or_read_ends_in_one_line(workspace: Workspace, tmp_path: Path) -> None:
    done = workspace.run("export", "waits", *_PERIOD, "--output", str(tmp_path / "none" / "out.csv"))
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "cannot write" in done.err
    done = workspace.run("export", "episodes", *_PERIOD, "--waiting")
    assert (done.code, done.err) == (2, "error: --waiting goes with conversations only\n")
    done = workspace.run("export", "waits", *_PERIOD, ANALYTICS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (done.code, len(done.error_lines), len(done.err.splitlines())) == (1, 1, 1)
