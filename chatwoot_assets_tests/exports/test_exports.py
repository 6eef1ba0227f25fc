"""Exported files have every row of the filter, in each format, and nothing that a spreadsheet would evaluate."""

from __future__ import annotations

import csv
import datetime
import io
import zoneinfo
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import psycopg
import pytest

from chatwoot_assets.commands.selection import selected_filters
from chatwoot_assets.dashboard.filters import Filters, Period, query_parameters
from chatwoot_assets.dashboard.list_filters import ListFilters
from chatwoot_assets.exports.cells import safe_text
from chatwoot_assets.exports.datasets import DATASETS, ORDER, columns_of
from chatwoot_assets.exports.read import open_export
from chatwoot_assets.exports.writers import WRITERS
from chatwoot_assets.settings import Settings
from chatwoot_assets_tests.dashboard.conftest import sampled  # noqa: F401  # a fixture: one loaded sample for both
from chatwoot_assets_tests.dashboard.opening import FIRST, LAST
from chatwoot_assets_tests.project import Project

ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
ALL_DAYS = Period(FIRST, LAST)
SOME = Filters(custom=ALL_DAYS, agents=(0, 2, 3), statuses=("open", "resolved"), labels=("vip", "reclamação"))
COUNTS = {
    "conversations": "SELECT count(*) FROM conversas_analytics",
    "messages": "SELECT count(*) FROM messages",
    "episodes": "SELECT count(*) FROM episodes",
    "waits": "SELECT count(*) FROM response_intervals",
}
CHATWOOT = "https://chat.example.com"


def write(
    url: str,
    dataset: str,
    file_format: str,
    filters: Filters,
    language: str = "en",
    *,
    personal: bool = True,
    **parameters: Any,  # noqa: ANN401  # any variable's value
) -> bytes:
    columns = columns_of(dataset, personal=personal, links=True)
    values = {**query_parameters(filters, filters.period(LAST)), **ListFilters(**parameters).query_parameters()}
    file = io.BytesIO()
    with open_export(lambda: url, dataset, columns, values, CHATWOOT) as export:
        writer: Any = WRITERS[file_format]
        writer = writer(file, export.columns, language, ZONE)
        count = 0
        for batch in export.batches:
            writer.write(batch)
            count += len(batch)
        writer.close()
        assert count == export.total
    return file.getvalue()


def parse_csv(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("dataset", DATASETS)
def test_all_formats_have_the_same_rows(sampled: Project, dataset: str) -> None:  # noqa: F811  # the fixture
    everything = Filters(custom=ALL_DAYS)
    rows = parse_csv(write(sampled.target_url, dataset, "csv", everything))
    frame = pl.read_parquet(io.BytesIO(write(sampled.target_url, dataset, "parquet", everything)))
    book = openpyxl.load_workbook(io.BytesIO(write(sampled.target_url, dataset, "xlsx", everything)), read_only=True)
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    with psycopg.connect(sampled.target_url) as connection:
        expected = connection.execute(COUNTS[dataset].encode()).fetchone()
    assert expected is not None
    assert (len(rows) - 1, frame.height, len(sheet) - 1) == expected * 3
    assert list(sheet[0]) == rows[0]
    fixed = [column.key for column in DATASETS[dataset]]
    assert frame.columns[: len(fixed)] == fixed
    # What is left are custom attributes, named as in CUSTOM_ATTRIBUTES.
    assert all(name.startswith(("conversation.", "contact.")) for name in frame.columns[len(fixed) :])
    key = [frame.columns.index(name) for name in ORDER[dataset] if name.endswith(("_id", "_number"))]
    expected_keys = [tuple(str(row[number]) for number in key) for row in frame.iter_rows()]
    assert [tuple(row[number] for number in key) for row in rows[1:]] == expected_keys
    assert [tuple(str(row[number]) for number in key) for row in sheet[1:]] == expected_keys
    assert sum(1 for row in rows[1:] if "https://chat.example.com/app/accounts/1/" in row[frame.columns.index("link")])


def test_custom_attributes_have_a_column_each(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation("2025-03-20 12:00", id=1)
        writer.conversation("2025-03-20 12:01", id=2)
    day = datetime.date(2025, 3, 20)
    project.load(day)
    with project.target() as connection:
        connection.execute(
            """UPDATE conversas_analytics SET custom_attributes = '{"motivo": "=troca", "valor": 3.5}',"""
            """ contact_attributes = '{"plano": "ouro"}' WHERE id = 2"""
        )
    filters = Filters(custom=Period(day, day))
    rows = parse_csv(write(project.target_url, "conversations", "csv", filters))
    assert rows[0][-3:] == ["conversation.motivo", "conversation.valor", "contact.plano"]
    assert [row[-3:] for row in rows[1:]] == [["", "", ""], ["'=troca", "3.5", "ouro"]]
    without = parse_csv(write(project.target_url, "conversations", "csv", filters, personal=False))
    assert "contact.plano" not in without[0]


@pytest.mark.parametrize("dataset", ["messages", "episodes", "waits"])
def test_rows_have_the_attributes_of_their_conversations(sampled: Project, dataset: str) -> None:  # noqa: F811  # the fixture
    everything = Filters(custom=ALL_DAYS)
    frame = pl.read_parquet(io.BytesIO(write(sampled.target_url, dataset, "parquet", everything)))
    exported = dict(zip(frame["conversation_id"], frame["conversation.motivo"], strict=True))
    with psycopg.connect(sampled.target_url) as connection:
        rows = connection.execute(
            "SELECT id, custom_attributes ->> 'motivo' FROM conversas_analytics WHERE id = any(%s)", [[*exported]]
        ).fetchall()
    assert exported == dict(rows)
    assert len(set(exported.values())) > 3
    without = pl.read_parquet(io.BytesIO(write(sampled.target_url, dataset, "parquet", everything, personal=False)))
    assert "conversation.motivo" not in without.columns


def test_episodes_have_the_times_since_their_assignment(sampled: Project) -> None:  # noqa: F811  # the fixture
    names = ("assigned_at", "assignment_to_reply_seconds", "assignment_to_resolution_seconds")
    frame = pl.read_parquet(io.BytesIO(write(sampled.target_url, "episodes", "parquet", Filters(custom=ALL_DAYS))))
    with psycopg.connect(sampled.target_url) as connection:
        rows = connection.execute(
            "SELECT count(assigned_at), count(assignment_to_reply_seconds), count(assignment_to_resolution_seconds),"
            " sum(assignment_to_reply_seconds) FROM episodes"
        ).fetchall()
    counts = tuple(frame[name].count() for name in names)
    assert [(*counts, pytest.approx(frame["assignment_to_reply_seconds"].sum()))] == rows
    assert min(counts) > 0


@pytest.mark.parametrize("dataset", DATASETS)
def test_filters_select_some_rows_and_not_all(sampled: Project, dataset: str) -> None:  # noqa: F811  # the fixture
    counts = [
        len(parse_csv(write(sampled.target_url, dataset, "csv", filters)))
        for filters in (SOME, Filters(custom=ALL_DAYS))
    ]
    assert 1 < counts[0] < counts[1]


@pytest.mark.parametrize("dataset", DATASETS)
def test_attribute_selects_the_rows_of_its_conversations(sampled: Project, dataset: str) -> None:  # noqa: F811  # fixture
    lists = {"attribute": ("motivo=troca", "motivo=compra")}
    filters, _ = selected_filters(Settings.from_values({}), FIRST.isoformat(), LAST.isoformat(), lists)
    assert filters.attributes == ("conversation.motivo=troca", "conversation.motivo=compra")
    rows = parse_csv(write(sampled.target_url, dataset, "csv", filters))[1:]
    selected = "SELECT id FROM conversas_analytics WHERE custom_attributes ->> 'motivo' IN ('troca', 'compra')"
    with psycopg.connect(sampled.target_url) as connection:
        ids = {str(id_) for (id_,) in connection.execute(selected).fetchall()}
    position = [column.key for column in columns_of(dataset, personal=True, links=True)].index("conversation_id")
    exported = {row[position] for row in rows}
    assert exported <= ids
    assert len(exported) > 10


def test_waiting_conversations_of_all_days_are_exported(sampled: Project) -> None:  # noqa: F811  # the fixture
    one_day = Filters(custom=Period(FIRST, FIRST))
    data = pl.read_parquet(io.BytesIO(write(sampled.target_url, "conversations", "parquet", one_day, needs_reply=True)))
    with psycopg.connect(sampled.target_url) as connection:
        rows = connection.execute("SELECT conversation_id FROM conversation_facts WHERE needs_reply").fetchall()
    assert sorted(data["conversation_id"]) == sorted(id_ for (id_,) in rows)
    assert rows


@pytest.mark.parametrize("dataset", DATASETS)
def test_export_without_personal_data_has_no_names_of_contacts(
    sampled: Project,  # noqa: F811  # the fixture
    dataset: str,
) -> None:
    columns = {column.key for column in columns_of(dataset, personal=False, links=True)}
    data = write(sampled.target_url, dataset, "parquet", SOME, personal=False)
    assert set(pl.read_parquet(io.BytesIO(data)).columns) == columns
    assert not columns & {"contact_name", "contact_phone", "contact_email", "feedback_message", "content"}


def test_portuguese_csv_has_its_separators_and_words(sampled: Project) -> None:  # noqa: F811  # the fixture
    rows = parse_csv(write(sampled.target_url, "waits", "csv", SOME, "pt"), ";")
    english = parse_csv(write(sampled.target_url, "waits", "csv", SOME))
    seconds = rows[0].index("Tempo de resposta (s)")
    answered = [(row[seconds], other[seconds]) for row, other in zip(rows, english, strict=True) if "," in row[seconds]]
    assert answered
    assert all(float(text.replace(",", ".")) == float(other) for text, other in answered)
    assert {row[rows[0].index("Status")] for row in rows[1:]} <= {"Aberta", "Resolvida"}
    assert {row[rows[0].index("Primeira resposta")] for row in rows[1:]} == {"sim", "não"}
    assert {row[rows[0].index("Canal")] for row in rows[1:]} >= {"Site", "E-mail", "WhatsApp"}
    assert {row[english[0].index("Channel")] for row in english[1:]} >= {"Website", "Email", "WhatsApp"}


def test_instants_are_in_the_reporting_time_zone(project: Project) -> None:
    with project.writing() as writer:
        writer.conversation("2025-03-20 12:00", id=1)
        writer.contact(2, '=HYPERLINK("http://example.com")')
        writer.conversation("2025-03-20 12:30", id=2, contact_id=2)
        writer.message(2, "2025-03-20 12:31", "-1+1", sender_id=2, id=1)
    day = datetime.date(2025, 3, 20)
    project.load(day)
    filters = Filters(custom=Period(day, day))
    rows = parse_csv(write(project.target_url, "conversations", "csv", filters))
    assert [row[rows[0].index("Created at")] for row in rows[1:]] == ["2025-03-20 09:00:00", "2025-03-20 09:30:00"]
    assert rows[2][rows[0].index("Contact")] == '\'=HYPERLINK("http://example.com")'
    messages = parse_csv(write(project.target_url, "messages", "csv", filters))
    assert messages[1][messages[0].index("Content")] == "'-1+1"
    book = openpyxl.load_workbook(io.BytesIO(write(project.target_url, "messages", "xlsx", filters)))
    cells = {cell.value: cell.data_type for cell in book.worksheets[0][2]}
    assert cells["-1+1"] == "s"
    assert cells['=HYPERLINK("http://example.com")'] == "s"


_FORMULAS = ["=1+1", "+5511", "-1", "@a", "\tx", "\rx", "\n=1", "%0", "|cmd", "＝1", "＋1", "－1", "＠a"]  # noqa: RUF001


@pytest.mark.parametrize("text", _FORMULAS)
def test_text_that_begins_as_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    assert safe_text(f"a{text}") == f"a{text}"


def test_every_column_has_headings_that_are_distinct() -> None:
    for dataset, columns in DATASETS.items():
        for language in ("en", "pt"):
            headings = [column.heading(language) for column in columns]
            assert len(set(headings)) == len(headings), (dataset, language)
        assert set(ORDER[dataset]) <= {column.key for column in columns}


def test_unfinished_file_leaves_the_old_one(tmp_path: Path) -> None:
    from chatwoot_assets.private_files import replacing_private_file

    path = tmp_path / "out.csv"
    with replacing_private_file(path) as file:
        file.write(b"whole")
    assert path.stat().st_mode & 0o777 == 0o600

    def fail() -> None:
        with replacing_private_file(path) as file:
            file.write(b"half")
            raise ValueError("full")

    with pytest.raises(ValueError, match="full"):
        fail()
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("out.csv", b"whole")]
