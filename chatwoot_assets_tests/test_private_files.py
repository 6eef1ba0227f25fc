"""What is written holds personal data: only its owner reads it, whatever the umask and in every process."""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatwoot_assets.extract import read
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.extract.part_writer import PartWriter
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.private_files import make_private_directory
from chatwoot_assets.refresh import batches
from chatwoot_assets.warehouse.schema import migrate
from chatwoot_assets_tests.command_line import DAY, Workspace
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project

DATE = datetime.date(2025, 3, 10)
OTHERS = 0o077


def _open_umask() -> None:
    os.umask(0)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Let the process create what everybody may read and write."""
    previous = os.umask(0)
    yield
    os.umask(previous)


def _open_to_others(root: Path) -> dict[str, str]:
    """Return everything below a directory that is open to others, with its mode."""
    modes = {str(path.relative_to(root)): stat.S_IMODE(path.lstat().st_mode) for path in root.rglob("*")}
    assert modes, root
    return {name: oct(mode) for name, mode in modes.items() if mode & OTHERS}


def _load_a_day(project: Project) -> Path:
    with project.writing() as writer:
        writer.message(writer.conversation("2025-03-10 12:00"), "2025-03-10 12:01")
        writer.message(writer.conversation("2025-03-10 13:00"), "2025-03-10 13:01")
    project.load(DATE)
    return Path(project.settings.extracts_url)


@pytest.mark.usefixtures("open_umask")
def test_the_extracts_are_closed_to_other_users(project: Project) -> None:
    root = _load_a_day(project)
    assert _open_to_others(root) == {}
    with project.writing() as writer:
        writer.message(1001, "2025-03-10 12:02", id=9001)
    project.load(DATE)
    assert _open_to_others(root) == {}


@pytest.mark.usefixtures("open_umask")
def test_unfinished_extracts_are_closed_to_other_users(project: Project) -> None:
    project.load(DATE)
    day, dataset = project.day(DATE), Dataset.MESSAGES
    part = PartWriter(project.store, dataset, day)
    part.add(project.store.open(dataset, day).rows.collect())
    assert [path.name for path in Path(project.settings.extracts_url).rglob(".*.partial")] != []
    assert _open_to_others(Path(project.settings.extracts_url)) == {}
    part.discard()


@pytest.mark.usefixtures("open_umask")
def test_a_day_read_in_parts_is_closed_to_other_users(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "CONVERSATIONS_PER_BATCH", 1)
    monkeypatch.setattr(batches, "CONVERSATIONS_PER_BATCH", 1)
    assert _open_to_others(_load_a_day(project)) == {}


def test_extracts_of_an_earlier_version_are_closed_when_a_day_is_written(project: Project) -> None:
    root = _load_a_day(project)
    for path in root.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with project.writing() as writer:
        writer.conversation("2025-03-11 12:00", id=9001)
    project.load(DATE + datetime.timedelta(days=1))
    assert [name for name in _open_to_others(root) if "/" not in name] == []


def test_all_that_a_command_writes_is_closed_to_other_users(postgres: Postgres, tmp_path: Path) -> None:
    workspace = replace(Workspace.create(postgres, tmp_path), before=_open_umask)
    report = tmp_path / "report"
    report.mkdir()
    for arguments in (("backfill", "--from", DAY, "--to", DAY), ("checks", "--junit", str(report / "checks.xml"))):
        outcome = workspace.run(*arguments)
        assert outcome.code == 0, outcome.err
    assert {"dagster", "extracts"} <= {path.name for path in (tmp_path / "home").iterdir()}
    assert _open_to_others(tmp_path / "home") == {}
    assert _open_to_others(report) == {}


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "messages", "--from", DAY, "--format", "xlsx"),
        ("export", "conversations", "--from", DAY, "--format", "csv"),
        ("report", "--period", "7d", "--format", "html"),
    ],
    ids=["xlsx", "csv", "report"],
)
def test_an_exported_file_is_closed_even_in_place_of_an_open_one(
    postgres: Postgres, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    workspace = replace(Workspace.create(postgres, tmp_path), before=_open_umask)
    migrate(Warehouse(url=workspace.target_url))
    directory = tmp_path / "files"
    directory.mkdir()
    path = directory / "file"
    path.touch()
    path.chmod(0o666)
    outcome = workspace.run(*arguments, "--output", str(path))
    assert outcome.code == 0, outcome.err
    assert path.stat().st_size
    assert _open_to_others(directory) == {}


@pytest.mark.usefixtures("open_umask")
def test_only_root_leaves_a_way_through_the_directories_above(tmp_path: Path) -> None:
    directory = tmp_path / "home" / "extracts" / "messages"
    make_private_directory(directory)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (directory, directory.parent, tmp_path / "home")]
    # The embedded server of root runs as another user, whose directory is below the home.
    above = 0o711 if os.geteuid() == 0 else 0o700
    assert modes == [0o700, above, above]


def test_a_directory_that_exists_is_closed_and_those_above_it_stay(tmp_path: Path) -> None:
    directory = tmp_path / "shared" / "messages"
    directory.mkdir(parents=True)
    directory.parent.chmod(0o755)
    directory.chmod(0o2775)
    make_private_directory(directory)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o2700
    assert stat.S_IMODE(directory.parent.stat().st_mode) == 0o755
