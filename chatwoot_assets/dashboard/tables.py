"""Tables on a page, and the same as CSV: values stay numbers, so that a column sorts, and are shown in the language's
form."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

Form = Literal["text", "count", "share", "decimal", "duration", "instant", "date", "link"]
_NUMBERS = ("count", "share", "decimal", "duration")
_ROWS_SHOWN = 25
_UNIT = {"share": " (%)", "duration": " (s)"}


@dataclass(frozen=True)
class Column:
    """A column: the rows' key, which also names its heading's text, and how its values are written.

    Attributes:
        key: the key in the rows; the heading is the text `column_<key>`.
        form: how values are written.
        width: how wide the column is, in pixels; None for what its values need.
    """

    key: str
    form: Form
    width: int | None = None

    def heading(self, view: PageContext) -> str:
        """Return its heading."""
        return view.translate(f"column_{self.key}")


def grid(view: PageContext, rows: list[Row], columns: list[Column], key: str) -> None:
    """Show rows as a table, with a button that downloads them."""
    st.dataframe(
        styled(view, rows, columns),
        hide_index=True,
        key=key,
        height=height_of(rows),
        column_config=column_config(view, columns),
        placeholder=formats.UNKNOWN,
    )
    download(view, rows, columns, key)


def height_of(rows: list[Row]) -> int:
    """Return the height of a table that shows its rows without a bar to scroll them, up to a screenful."""
    return 35 * (min(len(rows), _ROWS_SHOWN) + 1) + 3


def styled(view: PageContext, rows: list[Row], columns: list[Column]) -> Styler:
    """Return rows as what `st.dataframe` shows: values as they are, beside how the language writes them."""
    frame = pd.DataFrame({column.key: pd.Series([row[column.key] for row in rows]) for column in columns})
    for column in columns:
        if column.form in _NUMBERS:
            frame[column.key] = frame[column.key].astype("float64")
    style: Styler = frame.style.format({column.key: _writer(view, column.form) for column in columns})
    return style


def column_config(view: PageContext, columns: list[Column]) -> dict[str, Any]:
    """Return the headings and widths of columns."""
    return {column.key: _configured(view, column) for column in columns}


def _configured(view: PageContext, column: Column) -> Any:  # noqa: ANN401  # Streamlit's type of it is not public
    if column.form == "link":
        return st.column_config.LinkColumn("", display_text=":material/open_in_new:", width=column.width)
    return st.column_config.Column(column.heading(view), width=column.width)


def download(view: PageContext, rows: list[Row], columns: list[Column], name: str) -> None:
    """Show a button that downloads rows as CSV."""
    period = view.period
    columns = [column for column in columns if column.form != "link"]
    st.download_button(
        view.translate("download_csv"),
        as_csv(view, rows, columns),
        file_name=f"{name}_{period.first}_{period.last}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{name}_csv",
        on_click="ignore",
        type="tertiary",
        disabled=not rows,
    )


def as_csv(view: PageContext, rows: list[Row], columns: list[Column]) -> bytes:
    """Return rows as CSV that a spreadsheet of the view's language opens as a table.

    Portuguese ones separate by semicolons and write a decimal comma. A text that a spreadsheet would take for a
    formula is marked as text: names and comments are written by anybody.
    """
    is_portuguese = view.language == "pt"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if is_portuguese else ",", lineterminator="\r\n")
    writer.writerow([column.heading(view) + _UNIT.get(column.form, "") for column in columns])
    for row in rows:
        writer.writerow([_cell(view, row[column.key], column.form) for column in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _cell(view: PageContext, value: Any, form: Form) -> str:  # noqa: ANN401  # whatever a cell holds
    if value is None:
        return ""
    if form in _NUMBERS:
        text = str(round(100 * value if form == "share" else value, 3)).removesuffix(".0")
        return text.replace(".", ",") if view.language == "pt" else text
    if form == "text":
        text = str(value)
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    return _writer(view, form)(value)


def _writer(view: PageContext, form: Form) -> Callable[[Any], str]:
    def write(value: Any) -> str:  # noqa: ANN401  # whatever a cell holds
        if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
            return formats.UNKNOWN
        match form:
            case "count":
                return view.number(value)
            case "share":
                return view.percent(value)
            case "decimal":
                return view.number(value, 1)
            case "duration":
                return formats.duration(value)
            case "instant":
                return view.instant(value)
            case "date":
                return view.date(value)
        return str(value)

    return write
