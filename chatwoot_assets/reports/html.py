"""Write a report as one HTML file without scripts, and without anything from other servers."""

from __future__ import annotations

from html import escape

from chatwoot_assets.reports.content import Report, Table, format_value, printed_rows
from chatwoot_assets.reports.drawing import HEIGHT, WIDTH, Shape, draw

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1f2328; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p { color: #57606a }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: .6rem }
.card { border: 1px solid #d8dbe0; border-radius: .5rem; padding: .6rem .8rem } .card b { font-size: 1.3rem }
.card span { display: block; color: #57606a; font-size: .85rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem } th, td { padding: .25rem .5rem; text-align: right;
  border-bottom: 1px solid #eaecef } th:first-child, td:first-child { text-align: left } svg { width: 100% }
"""


def to_html(report: Report) -> bytes:
    """Return a report as HTML, also for the body of a mail."""
    cards = "".join(
        f'<div class="card"><span>{escape(card.label)}</span><b>{escape(card.text)}</b>'
        f"<span>{escape(card.change or '')}</span></div>"
        for card in report.cards
    )
    charts = "".join(
        f'<h2>{escape(chart.title)}</h2><svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"'
        f' aria-label="{escape(chart.title)}">{"".join(map(_svg, draw(chart, report.language)))}</svg>'
        for chart in report.charts
    )
    tables = "".join(_table(report, table) for table in report.tables if table.rows)
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.notes)
    title = f"{escape(report.title)} · {escape(report.subtitle)}"
    language = "pt-BR" if report.language == "pt" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(report.title)}</h1><p>{escape(report.subtitle)}</p>"
        f'{notes}<div class="cards">{cards}</div>{charts}{tables}</body></html>\n'
    ).encode()


def _svg(shape: Shape) -> str:
    if shape.kind == "line":
        line = f'x1="{shape.x:.1f}" y1="{shape.y:.1f}" x2="{shape.w:.1f}" y2="{shape.h:.1f}"'
        return f'<line {line} stroke="{shape.colour}" stroke-width="1.5"/>'
    place = f'x="{shape.x:.1f}" y="{shape.y:.1f}" fill="{shape.colour}"'
    if shape.kind == "rectangle":
        return f'<rect {place} width="{shape.w:.1f}" height="{shape.h:.1f}"/>'
    return f'<text {place} font-size="11" text-anchor="{shape.anchor}">{escape(shape.text)}</text>'


def _table(report: Report, table: Table) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading in table.headings)
    printed, note = printed_rows(table, report.language)
    rows = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(
            f"<td>{escape(format_value(value, unit, report.language))}</td>"
            for value, unit in zip(values, table.units, strict=True)
        )
        + "</tr>"
        for name, values in printed
    )
    caption = f"<p>{escape(note)}</p>" if note else ""
    return f"<h2>{escape(table.title)}</h2><table><tr>{head}</tr>{rows}</table>{caption}"
