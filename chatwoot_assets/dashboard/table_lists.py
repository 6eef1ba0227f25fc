"""A table's rows as an HTML list: what a phone shows instead of the table, and what opens below it on a desktop.

The tables are drawings on a canvas. With the keyboard a list's links can be followed one by one, and a text that a
table cuts is read from here while the pointer is on its row.
"""

from __future__ import annotations

import html
import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

import streamlit as st

from chatwoot_assets.dashboard.formats import UNKNOWN

MAX_LIST_ROWS = 200

LIST_STYLE = """<style>
.cw-list summary { cursor: pointer; font-size: .875rem; width: fit-content; }
.cw-list ol { list-style: none; margin: .5rem 0 0; padding: 0; }
.cw-list li { border-top: 1px solid color-mix(in srgb, currentColor 18%, transparent); padding: .5rem 0; margin: 0; }
.cw-list b, .cw-list dd, .cw-list dt { overflow-wrap: anywhere; }
.stApp .cw-list dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: .25rem .75rem;
  margin: 0; padding: 0; }
.stApp .cw-list :is(dl div, dt, dd) { margin: 0; padding: 0; }
.stApp .cw-list dt { font-size: .78rem; opacity: .8; font-weight: 400; }
.cw-list a { color: inherit; text-underline-offset: .15em; }
@media (max-width: 640px) {
  .stApp .cw-list.cw-numbers dl { grid-template-columns: repeat(auto-fill, minmax(5.6rem, 1fr)); }
  [data-testid="stElementContainer"]:has([data-testid="stDataFrame"]):has(+ div .cw-list) { display: none; }
  @supports selector(::details-content) {
    .cw-list summary { display: none; }
    .cw-list::details-content { content-visibility: visible; block-size: auto; }
  }
}
</style>"""

# Shows the whole texts of a row while the pointer is on it. 35 pixels are the height of a table's heading and rows.
# And lets Tab pass by a table: it would select a cell, which opens what the cell counts. The list below has links.
TABLE_SCRIPT = """<script>
if (!window.cwHelpsTables) {
  window.cwHelpsTables = true;
  document.addEventListener('keydown', event => {
    if (event.key !== 'Tab') return;
    document.querySelectorAll('canvas[data-testid="data-grid-canvas"]').forEach(canvas => { canvas.tabIndex = -1; });
  }, true);
  document.addEventListener('mousemove', event => {
    const frame = event.target.closest && event.target.closest('[data-testid="stDataFrame"]');
    if (!frame) return;
    const container = frame.closest('[data-testid="stElementContainer"]');
    const list = container.nextElementSibling && container.nextElementSibling.querySelector('.cw-list[data-cut]');
    const scroller = frame.querySelector('.dvn-scroller');
    if (!list || !scroller) return;
    const y = event.clientY - frame.getBoundingClientRect().top;
    const row = y < 36 ? 0 : Math.floor((y - 36 + scroller.scrollTop) / 35) + 2;
    const cut = new Set(JSON.parse(list.dataset.cut));
    const cells = [...frame.querySelectorAll(`tr[aria-rowindex="${row}"] td`)].map(cell => cell.textContent);
    frame.title = cells.filter(text => cut.has(text)).join('\\n');
  });
}
</script>"""


class Cell(NamedTuple):
    """A cell of a row.

    Attributes:
        heading: The heading of its column.
        text: Its text.
        url: The address that it leads to, or None.
    """

    heading: str
    text: str
    url: str | None = None


def show_as_list(
    rows: Sequence[Sequence[Cell]], summary: str, cut: Collection[str], note: str = "", *, is_narrow: bool = False
) -> None:
    """Draw rows as a list. On a desktop it is closed, and its summary opens it.

    Args:
        rows: The cells of each row, the first of which is the row's title.
        summary: What opens the list.
        cut: The texts that the table cuts.
        note: What stands below the rows.
        is_narrow: Whether all cells but the first are short, so that a phone shows three beside each other.
    """
    items = "".join(_render_row(row) for row in rows)
    texts = html.escape(json.dumps(sorted(cut), ensure_ascii=False))
    below = f"<p>{html.escape(note)}</p>" if note else ""
    heading = f"<summary>{html.escape(summary)}</summary>"
    classes = "cw-list cw-numbers" if is_narrow else "cw-list"
    st.html(f'<details class="{classes}" data-cut="{texts}">{heading}<ol>{items}</ol>{below}</details>')


def _render_row(cells: Sequence[Cell]) -> str:
    title, *others = cells
    details = "".join(
        f"<div><dt>{html.escape(cell.heading)}</dt><dd>{_render(cell)}</dd></div>"
        for cell in others
        if cell.text != UNKNOWN
    )
    return f"<li><b>{_render(title)}</b><dl>{details}</dl></li>"


def _render(cell: Cell) -> str:
    text = html.escape(cell.text.lstrip())
    indent = cell.text[: len(cell.text) - len(cell.text.lstrip())]  # not underlined as a part of the link
    return indent + (text if cell.url is None else f'<a href="{html.escape(cell.url)}" target="_self">{text}</a>')
