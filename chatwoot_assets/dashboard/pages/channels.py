"""Inboxes with their channels, labels, and custom attributes where personal data may be shown."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.filter_options import attribute_name
from chatwoot_assets.dashboard.groupings import INBOXES, LABELS, Grouping, by_attribute
from chatwoot_assets.dashboard.groups import show_groups
from chatwoot_assets.dashboard.inbox_tables import show_channel_summary, show_label_matrix
from chatwoot_assets.dashboard.layout import TREND
from chatwoot_assets.dashboard.open_tab import open_tab
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.tables import Column

_TABS = {grouping.filter_name: grouping for grouping in (INBOXES, LABELS)}
_ATTRIBUTES = "attributes"
_EXTRA_COLUMNS = {INBOXES: [Column("channel", "text", 88)]}


def show(page: PageContext) -> None:
    """Draw the page."""
    attributes = list(page.options.attributes)
    name, tab = open_tab(page, [*_TABS, *([_ATTRIBUTES] if attributes else [])], "channels_tab")
    with tab:
        grouping = _TABS.get(name) or _choose_attribute(page, attributes)
        show_groups(page, grouping, _EXTRA_COLUMNS.get(grouping))
        if grouping == INBOXES:
            show_channel_summary(page)
        elif grouping == LABELS:
            show_label_matrix(page)


def _choose_attribute(page: PageContext, attributes: list[tuple[str, str]]) -> Grouping:
    """Draw the widget that chooses a custom attribute, first the one of the row whose trend is shown."""
    trend = st.query_params.get(TREND, "").removeprefix("attribute.")
    named = [n for n, attribute in enumerate(attributes) if trend.startswith("{}.{}=".format(*attribute))]
    selected = st.selectbox(
        page.translate("attribute"),
        attributes,
        index=named[0] if named else 0,
        format_func=lambda attribute: attribute_name(*attribute),
        key="grouped_attribute",
        width=300,
    )
    return by_attribute(*(selected or attributes[0]))
