"""How a CSV file is written so that a spreadsheet in the reader's language opens it as a table, and evaluates nothing.

The dashboard's downloads and the command `export` both use it.
"""

from __future__ import annotations

import csv
from typing import Any, Literal, TextIO

Language = Literal["pt", "en"]
BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets take UTF-8 for another encoding

# A spreadsheet takes a text that begins with one of these for a formula. It reads full-width signs as ordinary ones, %
# and | belong to commands of old formats, and a line feed only hides what follows it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "%", "|", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width


def safe_text(text: str) -> str:
    """Return a text with an apostrophe in front if a spreadsheet would evaluate it as a formula.

    Anybody can write names and comments.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def decimal_text(value: float, language: Language) -> str:
    """Return a number with up to three decimals, as the language's spreadsheets read it."""
    text = str(round(value, 3)).removesuffix(".0")
    return text.replace(".", ",") if language == "pt" else text


def csv_writer(file: TextIO, language: Language) -> Any:  # noqa: ANN401  # csv has no public type of a writer
    """Return a writer of CSV rows; Portuguese spreadsheets expect semicolons between cells."""
    return csv.writer(file, delimiter=";" if language == "pt" else ",", lineterminator="\r\n")
