"""The download of all rows that the filters select, as `chatwoot-assets export` writes them."""

from __future__ import annotations

import io

import streamlit as st

from chatwoot_assets.dashboard.filters import query_parameters
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, database_url
from chatwoot_assets.exports.datasets import columns_of
from chatwoot_assets.exports.read import open_export
from chatwoot_assets.exports.writers import CsvWriter
from chatwoot_assets.postgres import Warehouse

# The browser gets a file from the memory of this process: 300 bytes per row.
MAX_ROWS = 200_000


def show_export_button(page: PageContext, dataset: str, total: int, **parameters: object) -> None:
    """Draw a button that downloads a dataset's rows of the period as CSV; they are read when it is clicked.

    Args:
        page: The context of the page.
        dataset: What is exported, such as conversations.
        total: How many rows there are.
        parameters: Values of the query's variables besides the filters.
    """
    is_too_large = total > MAX_ROWS
    st.download_button(
        page.translate("download_csv"),
        lambda: build_csv(page, dataset, **parameters),
        file_name=f"{dataset}_{page.period.first}_{page.period.last}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{dataset}_csv",
        on_click="ignore",
        type="tertiary",
        disabled=is_too_large,
        help=page.translate("export_too_large", count=page.format_number(MAX_ROWS)) if is_too_large else None,
    )


def build_csv(page: PageContext, dataset: str, **parameters: object) -> bytes:
    """Return a dataset's rows of the period as CSV."""
    settings = page.settings
    columns = columns_of(dataset, personal=settings.dashboard_conversations, links=settings.chatwoot_url is not None)
    values = {**query_parameters(page.filters, page.period), **parameters}
    url = Warehouse(url=database_url(ANALYTICS_DATABASE_URL) or "").resolved_url
    file = io.BytesIO()
    with open_export(url, dataset, columns, values, settings.chatwoot_url, page.pool.restrict) as export:
        writer = CsvWriter(file, export.columns, page.language, settings.reporting_timezone)
        for batch in export.batches:
            writer.write(batch)
        writer.close()
    return file.getvalue()
