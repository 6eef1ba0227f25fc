"""Inboxes, and the channels that they belong to."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.grids import Column
from chatwoot_assets.dashboard.screens import groups
from chatwoot_assets.dashboard.view import View


def show(view: View) -> None:
    """Draw the page."""
    found, whole = groups.grouped(view, "inbox_id", "inboxes")
    if not found:
        st.info(view.say("empty_period"), icon=":material/info:")
        return
    for row in found:
        row["channel"] = view.choices.channels.get(row["id"]) or None
    groups.compare(view, found, whole, "inboxes")
    groups.table(view, found, view.say("filter_inboxes"), "inboxes", [Column("channel", "text", 88)])
