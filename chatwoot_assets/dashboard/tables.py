"""Tables on a page, and their download as CSV. Cells stay numbers, so that columns sort, and show formatted texts."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.page_context import PageContext, format_list_url
from chatwoot_assets.dashboard.queries import Row
from chatwoot_assets.dashboard.shortening import shorten_apart
from chatwoot_assets.dashboard.table_lists import MAX_LIST_ROWS, Cell, show_as_list
from chatwoot_assets.exports.cells import BYTE_ORDER_MARK, csv_writer, decimal_text, safe_text

if TYPE_CHECKING:
    from streamlit.elements.arrow import DataframeState

CellFormat = Literal["text", "count", "share", "decimal", "duration", "instant", "date", "link"]
_NUMERIC = ("count", "share", "decimal", "duration")
_MAX_VISIBLE_ROWS = 25
_USUAL_WIDTH, _PAGE_WIDTH, _SCROLL_BAR = 100, 1_000, 10  # pixels
_MAX_TEXT_WIDTH = 400  # of a column that is as wide as its texts
_PIXELS_PER_CHARACTER = 7  # of the tables' font, on average
_CSV_UNITS = {"share": " (%)", "duration": " (s)"}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        key: The key in the rows; the heading is the text `column_<key>`.
        format: How its values are written.
        width: Its width in pixels, or None for what its values need.
        title: The heading, if it is no text of its own.
    """

    key: str
    format: CellFormat
    width: int | None = None
    title: str | None = None

    def heading(self, page: PageContext) -> str:
        """Return the heading in the viewer's language."""
        return self.title or page.translate(f"column_{self.key}")


# Returns the URL parameters of the list of what a cell counts, given the row and the column's key; None for no list.
CellList = Callable[[Row, str], dict[str, str] | None]


def show_table(
    page: PageContext,
    rows: list[Row],
    columns: list[Column],
    name: str,
    list_of_cell: CellList | None = None,
    *,
    download: Callable[[], list[Row]] | None = None,
    refusal: str | None = None,
) -> None:
    """Draw rows as a table, with a button that downloads them.

    Args:
        page: The context of the page.
        rows: The rows.
        columns: The columns, from left to right.
        name: The key of the widget, and the beginning of the downloaded file's name.
        list_of_cell: Which list a click on a cell leads to.
        download: Reads the rows that are downloaded, if these are more than the rows that are shown.
        refusal: Why they cannot be downloaded, if they cannot.
    """
    leads_on = list_of_cell is not None and page.list_page is not None
    event = st.dataframe(
        style_rows(page, rows, columns),
        hide_index=True,
        key=f"table_{name}",
        height=table_height(rows, columns),
        column_config=column_config(page, columns),
        placeholder=formats.UNKNOWN,
        on_select="rerun" if leads_on else "ignore",
        selection_mode="single-cell",
    )
    show_rows_as_list(page, rows, columns, list_of_cell if leads_on else None)
    if list_of_cell is not None and page.list_page is not None:
        st.caption(page.translate("table_hint"))
        for row, column in cast("DataframeState", event).selection.cells:
            if (parameters := list_of_cell(rows[row], column)) is not None:
                st.switch_page(page.list_page, query_params=parameters)
    show_download_button(page, download or rows, columns, name, refusal=refusal)


def fitting_columns(page: PageContext, columns: list[Column]) -> list[Column]:
    """Return the columns that a page's table needs: the account where there are several, links where they lead on."""
    shows = {"account": page.has_several_accounts, "link": page.settings.dashboard_conversations}
    return [column for column in columns if shows.get(column.key, True)]


def table_height(rows: list[Row], columns: list[Column]) -> int:
    """Return the height in pixels of a table whose rows need no scroll bar, up to a screenful of rows."""
    is_wide = sum(column.width or _USUAL_WIDTH for column in columns) > _PAGE_WIDTH
    return 35 * (min(len(rows), _MAX_VISIBLE_ROWS) + 1) + 3 + (_SCROLL_BAR if is_wide else 0)


def style_rows(page: PageContext, rows: list[Row], columns: list[Column]) -> Styler:
    """Return rows in the form that `st.dataframe` takes: values, and how each is displayed."""
    frame = pd.DataFrame({column.key: pd.Series([row[column.key] for row in rows]) for column in columns})
    for column in columns:
        if column.format in _NUMERIC:
            frame[column.key] = frame[column.key].astype("float64")
    style: Styler = frame.style.format(
        {column.key: _cell_formatter(page, column, _shorten(page, rows, column)) for column in columns}
    )
    return style


def show_rows_as_list(
    page: PageContext, rows: list[Row], columns: list[Column], list_of_cell: CellList | None = None
) -> None:
    """Draw rows as a list below their table; on a phone the list replaces the table.

    Args:
        page: The context of the page.
        rows: The rows.
        columns: The columns. The first is the title of each row, and leads to the address in a column of links.
        list_of_cell: Which list a cell leads to.
    """
    links = [column.key for column in columns if column.format == "link"]
    shown = [column for column in columns if column.format != "link"]

    def find_url(row: Row, column: Column) -> str | None:
        if column is shown[0] and links:
            return str(row[links[0]]) if row[links[0]] else None
        if list_of_cell is None or page.list_page is None:
            return None
        return format_list_url(list_of_cell(row, column.key), page.list_page.url_path)

    def cell(row: Row, column: Column) -> Cell:
        heading, text = column.heading(page), _formatter(page, column.format)(row[column.key])
        # A number or a time says little without its heading.
        is_title = column is shown[0] and bool(links)
        return Cell(heading, f"{heading} {text}" if is_title else text, find_url(row, column))

    items = [[cell(row, column) for column in shown] for row in rows[:MAX_LIST_ROWS]]
    cut = {text for column in shown for text, short in _shorten(page, rows, column).items() if text != short}
    counts = {"count": page.format_number(MAX_LIST_ROWS), "total": page.format_number(len(rows))}
    note = page.translate("list_cut", **counts) if len(rows) > MAX_LIST_ROWS else ""
    is_narrow = all(column.format in _NUMERIC for column in shown[1:])
    show_as_list(items, page.translate("show_as_list"), cut, note, is_narrow=is_narrow)


def _cell_formatter(page: PageContext, column: Column, shown: Mapping[str, str]) -> Callable[[Any], str]:
    """Return how a column's values are displayed. Texts that do not fit end in an ellipsis, but stay apart."""
    format_value = _formatter(page, column.format)
    return lambda value: shown.get(format_value(value), format_value(value))


def _shorten(page: PageContext, rows: list[Row], column: Column) -> dict[str, str]:
    """Return what a column shows of each of its texts; nothing if it holds no texts."""
    if column.format != "text":
        return {}
    format_value = _formatter(page, column.format)
    return shorten_apart({format_value(row[column.key]) for row in rows}, _fitting(column.width or _MAX_TEXT_WIDTH))


def _fitting(width: int) -> int:
    """Return how many characters fit into a column of a width in pixels."""
    return (width - 16) // _PIXELS_PER_CHARACTER


def column_config(page: PageContext, columns: list[Column]) -> dict[str, Any]:
    """Return Streamlit's configuration of columns: their headings and widths."""
    return {column.key: _configure_column(page, column) for column in columns}


def _configure_column(page: PageContext, column: Column) -> Any:  # noqa: ANN401  # Streamlit's type is not public
    if column.format == "link":
        return st.column_config.LinkColumn("", display_text=":material/open_in_new:", width=column.width)
    heading = column.heading(page)
    is_cut = len(heading) > _fitting(column.width or _MAX_TEXT_WIDTH)
    return st.column_config.Column(heading, width=column.width, help=heading if is_cut else None)


def show_download_button(
    page: PageContext,
    rows: list[Row] | Callable[[], list[Row]],
    columns: list[Column],
    name: str,
    *,
    refusal: str | None = None,
) -> None:
    """Draw a button that downloads rows as CSV.

    Args:
        page: The context of the page.
        rows: The rows, or what reads them when the button is clicked.
        columns: Their columns.
        name: What the file's name begins with.
        refusal: Why they cannot be downloaded, if they cannot.
    """
    period = page.period
    columns = [column for column in columns if column.format != "link"]
    st.download_button(
        page.translate("download_csv"),
        (lambda: to_csv(page, rows(), columns)) if callable(rows) else to_csv(page, rows, columns),
        file_name=f"{name}_{period.first}_{period.last}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{name}_csv",
        on_click="ignore",
        type="tertiary",
        disabled=not rows or refusal is not None,
        help=refusal,
    )


def to_csv(page: PageContext, rows: list[Row], columns: list[Column]) -> bytes:
    """Return rows as CSV that a spreadsheet of the viewer's language opens as a table."""
    out = io.StringIO()
    writer = csv_writer(out, page.language)
    writer.writerow([column.heading(page) + _CSV_UNITS.get(column.format, "") for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(page, row[column.key], column.format) for column in columns])
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8", "replace")


def _csv_cell(page: PageContext, value: Any, cell_format: CellFormat) -> str:  # noqa: ANN401  # any cell's value
    if value is None:
        return ""
    if cell_format in _NUMERIC:
        return decimal_text(100 * value if cell_format == "share" else value, page.language)
    return safe_text(str(value)) if cell_format == "text" else _formatter(page, cell_format)(value)


def _formatter(page: PageContext, cell_format: CellFormat) -> Callable[[Any], str]:
    def format_cell(value: Any) -> str:  # noqa: ANN401  # any cell's value
        if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
            return formats.UNKNOWN
        match cell_format:
            case "count":
                return page.format_number(value)
            case "share":
                return page.format_percent(value)
            case "decimal":
                return page.format_number(value, 1)
            case "duration":
                return formats.format_duration(value)
            case "instant":
                return page.format_instant(value)
            case "date":
                return page.format_date(value)
        return str(value)

    return format_cell
