"""Write the rows of an export as CSV, Parquet or an Excel workbook, a batch at a time."""

from __future__ import annotations

import datetime
import io
import zoneinfo
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from chatwoot_assets.exports.cells import BYTE_ORDER_MARK, Language, csv_writer, decimal_text, safe_text
from chatwoot_assets.exports.datasets import CellFormat, ExportColumn, translate_term
from chatwoot_assets.exports.read import Batch

_BATCHES_PER_ROW_GROUP = 10
_ROWS_PER_SHEET = 1_048_575  # Excel's limit, less the headings
_LINKS_PER_SHEET = 65_530  # more than that, and Excel refuses the file
_CHARACTERS_PER_CELL = 32_767
_EXCEL_FORMATS = {"instant": "yyyy-mm-dd hh:mm:ss", "date": "yyyy-mm-dd"}
_EXCEL_FORMATS_PT = {"instant": "dd/mm/yyyy hh:mm:ss", "date": "dd/mm/yyyy"}


class Writer(ABC):
    """Writes one file.

    Args:
        file: The file, open for writing.
        columns: The columns.
        language: The language of headings and terms.
        zone: The time zone of instants.
    """

    def __init__(
        self, file: BinaryIO, columns: list[ExportColumn], language: Language, zone: zoneinfo.ZoneInfo
    ) -> None:
        self.file = file
        self.columns = columns
        self.language = language
        self.zone = zone

    @abstractmethod
    def write(self, rows: Batch) -> None:
        """Write some rows."""

    @abstractmethod
    def close(self) -> None:
        """Write what is left, without closing the file."""

    def local(self, value: datetime.datetime) -> datetime.datetime:
        """Return an instant in the time zone, without its offset."""
        try:
            return value.astimezone(self.zone).replace(tzinfo=None)
        except OverflowError:  # within hours of the first or last instant that Python can hold
            return value.replace(tzinfo=None)


class CsvWriter(Writer):
    """Writes CSV as the language's spreadsheets open it."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  # those of Writer
        super().__init__(*arguments)
        self._text = io.TextIOWrapper(self.file, "utf-8", errors="replace", newline="", write_through=True)
        self._text.write(BYTE_ORDER_MARK)
        self._rows = csv_writer(self._text, self.language)
        self._rows.writerow([column.heading(self.language) for column in self.columns])
        self._formats = [self._formatter(column.format) for column in self.columns]

    def write(self, rows: Batch) -> None:
        """Write some rows."""
        formats = self._formats
        self._rows.writerows(
            ["" if value is None else write(value) for write, value in zip(formats, row, strict=True)] for row in rows
        )

    def close(self) -> None:
        """Flush the text."""
        self._text.detach()

    def _formatter(self, cell_format: CellFormat) -> Callable[[Any], str]:
        language = self.language
        date, yes, no = ("%d/%m/%Y", "sim", "não") if language == "pt" else ("%Y-%m-%d", "yes", "no")
        formatters: dict[str, Callable[[Any], str]] = {
            "number": str,
            "seconds": lambda value: decimal_text(value, language),
            "flag": lambda value: yes if value else no,
            "instant": lambda value: self.local(value).strftime(f"{date} %H:%M:%S"),
            "date": lambda value: value.strftime(date),
            "list": lambda value: safe_text(", ".join(value)),
            "term": lambda value: safe_text(translate_term(value, language)),
        }
        return formatters.get(cell_format, safe_text)


class ParquetWriter(Writer):
    """Writes Parquet, for programs: named by the columns' keys, with Chatwoot's own words."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  # those of Writer
        super().__init__(*arguments)
        types = {
            "number": pa.int64(),
            "seconds": pa.float64(),
            "flag": pa.bool_(),
            "instant": pa.timestamp("us", self.zone.key),
            "date": pa.date32(),
            "list": pa.list_(pa.string()),
        }
        self._schema = pa.schema([(column.key, types.get(column.format, pa.string())) for column in self.columns])
        self._parquet = pq.ParquetWriter(self.file, self._schema, compression="zstd")
        self._pending: list[pa.Table] = []

    def write(self, rows: Batch) -> None:
        """Write some rows."""
        values = zip(*rows, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(values, self._schema, strict=True)]
        self._pending.append(pa.table(arrays, self._schema))
        if len(self._pending) == _BATCHES_PER_ROW_GROUP:
            self._write_pending()

    def _write_pending(self) -> None:
        if self._pending:
            self._parquet.write_table(pa.concat_tables(self._pending))
            self._pending.clear()

    def close(self) -> None:
        """Write the last rows and the footer."""
        self._write_pending()
        self._parquet.close()


class ExcelWriter(Writer):
    """Writes an Excel workbook, with as many sheets as Excel's limit needs. Texts are never formulas."""

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401  # those of Writer
        super().__init__(*arguments)
        self._book = xlsxwriter.Workbook(
            self.file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        formats = _EXCEL_FORMATS_PT if self.language == "pt" else _EXCEL_FORMATS
        self._formats = {name: self._book.add_format({"num_format": text}) for name, text in formats.items()}
        self._bold = self._book.add_format({"bold": True})
        self._add_sheet()

    def _add_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._row = self._links = 0
        for number, column in enumerate(self.columns):
            self._sheet.set_column(number, number, 19 if column.format == "instant" else 14)
            self._sheet.write_string(0, number, column.heading(self.language), self._bold)
        self._sheet.freeze_panes(1, 0)

    def write(self, rows: Batch) -> None:
        """Write some rows."""
        for row in rows:
            if self._row == _ROWS_PER_SHEET:
                self._add_sheet()
            self._row += 1
            for number, (column, value) in enumerate(zip(self.columns, row, strict=True)):
                if value is not None:
                    self._write_cell(number, column.format, value)

    def _write_cell(self, number: int, cell_format: CellFormat, value: Any) -> None:  # noqa: ANN401  # any cell's
        row, sheet = self._row, self._sheet
        match cell_format:
            # Excel keeps 15 digits of a number.
            case "number" if abs(value) < 10**15:
                sheet.write_number(row, number, value)
            case "seconds":
                sheet.write_number(row, number, round(value, 3))
            case "flag":
                sheet.write_boolean(row, number, value)
            case "instant" | "date" if value.year >= 1900:
                local = self.local(value) if cell_format == "instant" else value
                sheet.write_datetime(row, number, local, self._formats[cell_format])
            case "link" if self._links < _LINKS_PER_SHEET:
                self._links += 1
                sheet.write_url(row, number, value)
            case _:
                text = ", ".join(value) if cell_format == "list" else str(value)
                text = translate_term(text, self.language) if cell_format == "term" else text
                sheet.write_string(row, number, text[:_CHARACTERS_PER_CELL])

    def close(self) -> None:
        """Write the workbook."""
        self._book.close()


WRITERS: dict[str, type[Writer]] = {"csv": CsvWriter, "parquet": ParquetWriter, "xlsx": ExcelWriter}
