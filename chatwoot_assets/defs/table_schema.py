"""The columns of the local tables, as Dagster's UI shows them."""

from __future__ import annotations

import dagster as dg


def table_schema(columns: dict[str, tuple[str, str]]) -> dg.TableSchema:
    """Return a table's columns, given the type and description of each, as Dagster metadata."""
    return dg.TableSchema(
        columns=[dg.TableColumn(name, type_, description=text) for name, (type_, text) in columns.items()]
    )
