"""Agents and teams: the conversations that are theirs now. Agents' names are shown, contacts' are not."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.screens import groups
from chatwoot_assets.dashboard.view import View

_TABS = (("agents", "assignee_id"), ("teams", "team_id"))


def show(view: View) -> None:
    """Draw the page."""
    st.caption(view.say("agents_definition"))
    for tab, (name, column) in zip(st.tabs([view.say(f"filter_{name}") for name, _ in _TABS]), _TABS, strict=True):
        with tab:
            found, whole = groups.grouped(view, column, name)
            if not found:
                st.info(view.say("empty_period"), icon=":material/info:")
                continue
            groups.compare(view, [row for row in found if row["id"] is not None], whole, name)
            groups.table(view, found, view.say(f"filter_{name}"), name)
