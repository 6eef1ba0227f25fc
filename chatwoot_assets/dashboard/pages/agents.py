"""Agents, and the teams of the conversations. Shows names of agents, but not of contacts."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.groupings import AGENTS, TEAMS
from chatwoot_assets.dashboard.groups import show_groups
from chatwoot_assets.dashboard.page_context import PageContext

_TABS = (AGENTS, TEAMS)


def show(page: PageContext) -> None:
    """Draw the page."""
    tabs = st.tabs([page.translate(f"filter_{grouping.filter_name}") for grouping in _TABS])
    for tab, grouping in zip(tabs, _TABS, strict=True):
        with tab:
            st.caption(page.translate(f"definition_{grouping.filter_name}"))
            show_groups(page, grouping)
