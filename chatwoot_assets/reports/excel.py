"""Write a report as an Excel workbook: numbers that can be computed with, and Excel's own charts."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from chatwoot_assets.assistant.metrics import Unit
from chatwoot_assets.reports.content import Chart, Report, Table
from chatwoot_assets.reports.drawing import COLOURS

_FORMATS: dict[Unit, str] = {"count": "#,##0", "seconds": "[h]:mm:ss", "share": "0.0%", "rating": "0.0"}
_SECONDS_PER_DAY = 86_400  # Excel counts time in days


def to_xlsx(report: Report) -> bytes:
    """Return a report as a workbook with a sheet for the cards, for each chart and for each table."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {unit: book.add_format({"num_format": text}) for unit, text in _FORMATS.items()}
    bold = book.add_format({"bold": True})
    date = book.add_format({"num_format": "dd/mm/yyyy" if report.language == "pt" else "yyyy-mm-dd"})
    _cards(book, report, formats, bold)
    for chart in report.charts:
        _chart(book, chart, formats, bold, date)
    for table in report.tables:
        _table(book, table, formats, bold)
    book.close()
    return file.getvalue()


def _put(sheet: Any, row: int, column: int, value: float | None, unit: Unit, formats: Any) -> None:  # noqa: ANN401  # untyped library
    if value is not None:
        sheet.write_number(row, column, value / _SECONDS_PER_DAY if unit == "seconds" else value, formats[unit])


def _sheet(book: Any, title: str) -> Any:  # noqa: ANN401  # untyped library
    name = "".join(letter for letter in title if letter not in r"[]:*?/\'")[:31]
    return book.add_worksheet(name)


def _cards(book: Any, report: Report, formats: Any, bold: Any) -> None:  # noqa: ANN401  # untyped library
    sheet = _sheet(book, report.title)
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 3, 14)
    sheet.write_string(0, 0, f"{report.title} {report.subtitle}", bold)
    for row, note in enumerate(report.notes, 1):
        sheet.write_string(row, 0, note)
    for row, card in enumerate(report.cards, len(report.notes) + 2):
        sheet.write_string(row, 0, card.label)
        _put(sheet, row, 1, card.value, card.unit, formats)
        _put(sheet, row, 2, card.previous, card.unit, formats)
        sheet.write_string(row, 3, card.change or "")


def _chart(book: Any, chart: Chart, formats: Any, bold: Any, date: Any) -> None:  # noqa: ANN401  # untyped library
    sheet = _sheet(book, chart.title)
    sheet.set_column(0, len(chart.series), 16)
    drawn = book.add_chart({"type": "column" if len(chart.series) > 1 else "line"})
    last = len(chart.starts)
    for row, start in enumerate(chart.starts, 1):
        sheet.write_datetime(row, 0, start, date)
    for column, (label, values) in enumerate(chart.series.items(), 1):
        sheet.write_string(0, column, label, bold)
        for row, value in enumerate(values, 1):
            _put(sheet, row, column, value, chart.unit, formats)
        drawn.add_series(
            {
                "name": label,
                "categories": [sheet.name, 1, 0, last, 0],
                "values": [sheet.name, 1, column, last, column],
                "fill": {"color": COLOURS[column - 1]},
                "line": {"color": COLOURS[column - 1]},
            }
        )
    drawn.set_title({"name": chart.title})
    drawn.set_size({"width": 760, "height": 320})
    sheet.insert_chart(1, len(chart.series) + 2, drawn)


def _table(book: Any, table: Table, formats: Any, bold: Any) -> None:  # noqa: ANN401  # untyped library
    sheet = _sheet(book, table.title)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(table.headings), 14)
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, heading, bold)
    for row, (name, values) in enumerate(table.rows, 1):
        sheet.write_string(row, 0, name)
        for column, (value, unit) in enumerate(zip(values, table.units, strict=True), 1):
            _put(sheet, row, column, value, unit, formats)
