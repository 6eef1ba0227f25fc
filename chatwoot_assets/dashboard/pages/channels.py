"""Inboxes with their channels, labels, and custom attributes where personal data may be shown."""

from __future__ import annotations

import streamlit as st

from chatwoot_assets.dashboard.filter_options import attribute_name
from chatwoot_assets.dashboard.groupings import INBOXES, LABELS, by_attribute
from chatwoot_assets.dashboard.groups import show_groups
from chatwoot_assets.dashboard.layout import TREND
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.tables import Column

_TABS = (INBOXES, LABELS)
_EXTRA_COLUMNS = {INBOXES: [Column("channel", "text", 88)]}


def show(page: PageContext) -> None:
    """Draw the page."""
    attributes = list(page.options.attributes)
    names = [grouping.filter_name for grouping in _TABS] + (["attributes"] if attributes else [])
    tabs = st.tabs([page.translate(f"filter_{name}") for name in names])
    for tab, grouping in zip(tabs, _TABS, strict=False):
        with tab:
            show_groups(page, grouping, _EXTRA_COLUMNS.get(grouping))
    if attributes:
        # The attribute of the row whose trend is shown.
        trend = st.query_params.get(TREND, "").removeprefix("attribute.")
        with tabs[-1]:
            named = [n for n, attribute in enumerate(attributes) if trend.startswith("{}.{}=".format(*attribute))]
            selected = st.selectbox(
                page.translate("attribute"),
                attributes,
                index=named[0] if named else 0,
                format_func=lambda attribute: attribute_name(*attribute),
                key="grouped_attribute",
                width=300,
            )
            show_groups(page, by_attribute(*(selected or attributes[0])))
