"""Show a benchmark's results as tables, and save them as JSON below `.bench/`.

Results are a dictionary by title; each entry is a value, a dictionary of values, or a list of rows.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_FILE_WIDTH = 140


def show(result: dict[str, Any]) -> None:
    """Print the results as tables."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_FILE_WIDTH)
    header = Table.grid(padding=(0, 2))
    for title, value in result.items():
        if not isinstance(value, dict | list) or (value and not isinstance(value, dict) and isinstance(value[0], str)):
            header.add_row(f"[bold]{title}[/bold]", _text(value))
    console.print(header)
    for title, value in result.items():
        if value and (isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict))):
            console.print(_table(title, value if isinstance(value, list) else _rows(value)))


def save(result: dict[str, Any], path: Path) -> None:
    """Write the results to a file, as JSON."""
    path.write_text(json.dumps(result, indent=2) + "\n")


def _rows(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"": name, **(row if isinstance(row, dict) else {"value": row})} for name, row in value.items()]


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    # The figures of each round are only in the JSON; a table shows the median.
    names = list(dict.fromkeys(name for row in rows for name in row if not name.startswith("all ")))
    for name in names:
        values = [row.get(name) for row in rows]
        is_numeric = any(isinstance(value, int | float) for value in values)
        table.add_column(name, justify="right" if is_numeric else "left")
    for row in rows:
        table.add_row(*(_text(row.get(name)) for name in names))
    return table


def _text(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)
