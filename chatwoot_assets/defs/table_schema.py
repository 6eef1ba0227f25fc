"""The columns of datasets and tables, as Dagster's UI shows them."""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from chatwoot_assets.columns import Column, Columns


def table_schema(columns: Columns) -> dg.TableSchema:
    """Return a table's columns as Dagster metadata."""
    return dg.TableSchema(
        columns=[dg.TableColumn(column.name, column.type, column.description) for column in columns.values()]
    )


def personal_data_tags(columns: Iterable[Column]) -> dict[str, str]:
    """Return the tag of an asset with personal data, if one of its columns holds any."""
    return {"pii": ""} if any(column.personal for column in columns) else {}
