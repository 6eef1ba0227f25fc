"""Inboxes with their channels, and labels."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.groups import INBOXES, LABELS, show_groups
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.tables import Column

_TABS = (INBOXES, LABELS)
_EXTRA_COLUMNS = {INBOXES: [Column("channel", "text", 88)]}


def show(page: PageContext) -> None:
    """Draw the page."""
    tabs = st.tabs([page.translate(f"filter_{grouping.filter_name}") for grouping in _TABS])
    for tab, grouping in zip(tabs, _TABS, strict=True):
        with tab:
            show_groups(page, grouping, _EXTRA_COLUMNS.get(grouping))
