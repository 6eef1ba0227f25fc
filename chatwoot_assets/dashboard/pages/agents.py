"""Agents, and the teams of the conversations. Shows names of agents, but not of contacts."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.calls import show_calls
from chatwoot_assets.dashboard.groupings import AGENTS, TEAMS
from chatwoot_assets.dashboard.groups import show_groups
from chatwoot_assets.dashboard.open_tab import open_tab
from chatwoot_assets.dashboard.page_context import PageContext

_TABS = {grouping.filter_name: grouping for grouping in (AGENTS, TEAMS)}


def show(page: PageContext) -> None:
    """Draw the page."""
    name, tab = open_tab(page, list(_TABS), "agents_tab")
    with tab:
        st.caption(page.translate(f"definition_{name}"))
        show_groups(page, _TABS[name])
        if _TABS[name] == AGENTS:
            show_calls(page)
