"""The tabs of a page, of which only the open one is drawn."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chatwoot_assets.dashboard.filters import LIST_PARAMETERS
from chatwoot_assets.dashboard.layout import TREND
from chatwoot_assets.dashboard.page_context import PageContext


def open_tab(page: PageContext, names: list[str], key: str) -> tuple[str, DeltaGenerator]:
    """Draw tabs, and return the name and the container of the open one.

    The others are empty: most of a page's queries would be for tabs that nobody looks at. The first time, the tab with
    the trend that the URL names is open. Then the open tab stays open, also in another language.

    Args:
        page: The context of the page.
        names: The names of the tabs, such as "inboxes"; a tab's label is the text `filter_<name>`.
        key: The widget's key.
    """
    state = st.session_state
    labels = [page.translate(f"filter_{name}") for name in names]
    if state.get(key) not in labels:
        trend = st.query_params.get(TREND, "")
        named = [name for name in names if trend.startswith(f"{LIST_PARAMETERS[name]}.")]
        wanted = named[0] if named else state.get(f"{key}_name")
        state[key] = labels[names.index(wanted) if wanted in names else 0]
    tabs = st.tabs(labels, key=key, on_change="rerun")
    position = next((position for position, tab in enumerate(tabs) if tab.open), 0)
    state[f"{key}_name"] = names[position]
    return names[position], tabs[position]
