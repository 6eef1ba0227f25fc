"""Inboxes with the channels that they belong to, and labels."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.pages import groups
from chatwoot_assets.dashboard.tables import Column

_TABS = (groups.INBOXES, groups.LABELS)
_MORE = {groups.INBOXES: [Column("channel", "text", 88)]}


def show(view: PageContext) -> None:
    """Draw the page."""
    tabs = st.tabs([view.translate(f"filter_{grouping.name}") for grouping in _TABS])
    for tab, grouping in zip(tabs, _TABS, strict=True):
        with tab:
            groups.show(view, grouping, _MORE.get(grouping))
