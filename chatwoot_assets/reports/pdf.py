"""Write a report as PDF, on A4. Its fonts have the letters of Western Europe; any other is a question mark."""

from __future__ import annotations

from fpdf import FPDF, Align
from fpdf.enums import XPos, YPos

from chatwoot_assets.reports.content import Chart, Report, Table, format_value, printed_rows
from chatwoot_assets.reports.drawing import HEIGHT, WIDTH, Shape, draw

_MARGIN, _LINE = 15.0, 5.5
_INNER = 210 - 2 * _MARGIN
_CARDS_PER_ROW, _CARD_HEIGHT = 4, 19.0
_SCALE = _INNER / WIDTH
_POINTS_PER_UNIT = _SCALE * 72 / 25.4


def to_pdf(report: Report) -> bytes:
    """Return a report as PDF."""
    pdf = FPDF(format="A4")
    pdf.set_margins(_MARGIN, _MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    pdf.set_lang("pt-BR" if report.language == "pt" else "en")
    pdf.set_title(_latin(f"{report.title} {report.subtitle}"))
    pdf.add_page()
    _write(pdf, report.title, 18, bold=True)
    _write(pdf, report.subtitle, 11)
    for note in report.notes:
        _write(pdf, note, 9)
    pdf.ln(2)
    _cards(pdf, report)
    for chart in report.charts:
        _chart(pdf, chart, report)
    for table in report.tables:
        if table.rows:
            _table(pdf, table, report)
    return bytes(pdf.output())


def _latin(text: str) -> str:
    text = text.replace("—", "-").replace("–", "-")  # noqa: RUF001  # dashes that the font lacks
    return text.encode("latin-1", "replace").decode("latin-1")


def _write(pdf: FPDF, text: str, size: float, *, bold: bool = False) -> None:
    pdf.set_font("Helvetica", "B" if bold else "", size)
    pdf.set_text_color(0x1F, 0x23, 0x28)
    pdf.multi_cell(0, size * 0.5, _latin(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _cards(pdf: FPDF, report: Report) -> None:
    width = _INNER / _CARDS_PER_ROW
    top = pdf.get_y()
    pdf.set_draw_color(0xD8, 0xDB, 0xE0)
    for number, card in enumerate(report.cards):
        x = _MARGIN + number % _CARDS_PER_ROW * width
        y = top + number // _CARDS_PER_ROW * _CARD_HEIGHT
        pdf.rect(x, y, width - 2, _CARD_HEIGHT - 2)
        for offset, size, text in ((1.0, 7, card.label), (5.5, 12, card.text), (11.5, 7, card.change or "")):
            pdf.set_xy(x + 1, y + offset)
            pdf.set_font("Helvetica", "B" if size == 12 else "", size)
            pdf.cell(width - 4, size * 0.45, _latin(text))
    pdf.set_xy(_MARGIN, top + -(-len(report.cards) // _CARDS_PER_ROW) * _CARD_HEIGHT + 1)


def _chart(pdf: FPDF, chart: Chart, report: Report) -> None:
    if pdf.will_page_break(HEIGHT * _SCALE + 12):
        pdf.add_page()
    pdf.ln(3)
    _write(pdf, chart.title, 12, bold=True)
    top = pdf.get_y()
    for shape in draw(chart, report.language):
        _shape(pdf, shape, top)
    pdf.set_xy(_MARGIN, top + HEIGHT * _SCALE + 2)


def _shape(pdf: FPDF, shape: Shape, top: float) -> None:
    red, green, blue = (int(shape.colour[start : start + 2], 16) for start in (1, 3, 5))
    x, y = _MARGIN + shape.x * _SCALE, top + shape.y * _SCALE
    if shape.kind == "line":
        pdf.set_draw_color(red, green, blue)
        pdf.line(x, y, _MARGIN + shape.w * _SCALE, top + shape.h * _SCALE)
    elif shape.kind == "rectangle":
        pdf.set_fill_color(red, green, blue)
        pdf.rect(x, y, shape.w * _SCALE, shape.h * _SCALE, style="F")
    else:
        pdf.set_text_color(red, green, blue)
        pdf.set_font("Helvetica", "", 11 * _POINTS_PER_UNIT)
        text = _latin(shape.text)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
        pdf.text(x - shift * pdf.get_string_width(text), y, text)


def _table(pdf: FPDF, table: Table, report: Report) -> None:
    pdf.ln(3)
    _write(pdf, table.title, 12, bold=True)
    others = len(table.headings) - 1
    printed, note = printed_rows(table, report.language)
    widths = [_INNER * 0.28, *[_INNER * 0.72 / others] * others]
    rows = [
        (name, *(format_value(value, unit, report.language) for value, unit in zip(values, table.units, strict=True)))
        for name, values in printed
    ]
    pdf.set_draw_color(0xD8, 0xDB, 0xE0)
    for number, row in enumerate([tuple(table.headings), *rows]):
        pdf.set_font("Helvetica", "B" if number == 0 else "", 8)
        if pdf.will_page_break(_LINE):
            pdf.add_page()
        for position, (text, width) in enumerate(zip(row, widths, strict=True)):
            pdf.cell(width, _LINE, _fit(pdf, _latin(text), width), border="B", align=Align.R if position else Align.L)
        pdf.ln(_LINE)
    if note:
        pdf.ln(1)
        _write(pdf, note, 9)


def _fit(pdf: FPDF, text: str, width: float) -> str:
    """Return a text that is cut so that it fits into a cell."""
    if pdf.get_string_width(text) <= width - 2:
        return text
    while text and pdf.get_string_width(f"{text}...") > width - 2:
        text = text[:-1]
    return f"{text}..."
