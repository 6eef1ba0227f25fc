"""The source is read through ADBC's public names when a release lacks the private ones, with one warning."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql

import chatwoot_assets
from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source import adbc_internals
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets_tests.conftest import Postgres

NAMES = (
    "adbc_driver_manager._reader.AdbcRecordBatchReader",
    "adbc_driver_manager._reader.AdbcRecordBatchReader._import_from_c",
)
ROWS = sql.SQL("SELECT n, 'row ' || n AS text FROM generate_series(1, 3) AS n")
# The division fails after the first rows have been sent.
FAILING = sql.SQL("SELECT 1 / (500000 - n) FROM generate_series(1, 1000000) AS n")


@pytest.fixture(autouse=True)
def _warnings_anew() -> Iterator[None]:
    adbc_internals._warn_once.cache_clear()
    yield
    adbc_internals._warn_once.cache_clear()


@pytest.fixture(scope="module")
def source(postgres: Postgres) -> ChatwootDatabase:
    return ChatwootDatabase(url=postgres.new_database())


def _remove(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if name.endswith("._import_from_c"):
        # pyarrow's own reader, which it inherits from, has the name too.
        monkeypatch.setattr("adbc_driver_manager._reader.AdbcRecordBatchReader", object())
    else:
        monkeypatch.delattr(name)


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_read_without_a_private_name(
    source: ChatwootDatabase, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with snapshot(source) as opened:
        expected = opened.read(ROWS)
    _remove(monkeypatch, name)
    with caplog.at_level(logging.WARNING), snapshot(source) as opened:
        assert opened.read(ROWS).equals(expected)
        assert opened.read(ROWS).equals(expected)
    (record,) = [record for record in caplog.records if record.name == adbc_internals.__name__]
    assert name.rpartition(".")[2] in record.getMessage()


@pytest.mark.parametrize("name", NAMES)
def test_error_while_reading_rows_is_one_line_without_a_private_name(
    source: ChatwootDatabase, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _remove(monkeypatch, name)
    with snapshot(source) as opened, pytest.raises(SourceError, match="CHATWOOT_DATABASE_URL: the s") as raised:
        opened.read(FAILING)
    assert "\n" not in str(raised.value)


def test_no_warning_is_logged_while_adbc_has_its_private_names(
    source: ChatwootDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), snapshot(source) as opened:
        opened.read(ROWS)
    assert [record for record in caplog.records if record.name == adbc_internals.__name__] == []


def test_only_one_module_imports_private_names_of_adbc() -> None:
    package = Path(chatwoot_assets.__file__).parent
    importers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("adbc_driver_manager._")
    }
    assert importers == {"source/adbc_internals.py"}
