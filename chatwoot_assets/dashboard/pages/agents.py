"""Agents, and the teams of the conversations. Agents' names are shown, contacts' are not."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.pages import groups

_TABS = (groups.AGENTS, groups.TEAMS)


def show(view: PageContext) -> None:
    """Draw the page."""
    tabs = st.tabs([view.translate(f"filter_{grouping.name}") for grouping in _TABS])
    for tab, grouping in zip(tabs, _TABS, strict=True):
        with tab:
            st.caption(view.translate(f"definition_{grouping.name}"))
            groups.show(view, grouping)
