"""Draw the notices above a page."""

from __future__ import annotations

import datetime

import streamlit as st

from chatwoot_assets.dashboard.notices import Notice
from chatwoot_assets.dashboard.page_context import PageContext

_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}
_MAX_LISTED_DAYS = 10


def show_notices(page: PageContext, notices: list[Notice]) -> None:
    """Draw the notices, and which parts of the URL select nothing or were ignored."""
    for notice in notices:
        values = {name: _format_value(page, value) for name, value in notice.values.items()}
        text = page.translate(notice.text, **values)
        {"error": st.error, "warning": st.warning, "info": st.info}[notice.level](text, icon=_ICONS[notice.level])
    if unknown := page.selected_filters.unknown_lists:
        names = ", ".join(page.translate(f"filter_{name}") for name in unknown)
        st.warning(page.translate("notice_unknown_filters", names=names), icon=_ICONS["warning"])
    if ignored := st.session_state.get("ignored_parameters"):
        st.info(page.translate("notice_ignored_parameters", names=", ".join(ignored)), icon=_ICONS["info"])


def _format_value(page: PageContext, value: object) -> str:
    if isinstance(value, datetime.datetime):
        return page.format_instant(value)
    if isinstance(value, datetime.date):
        return page.format_date(value)
    if isinstance(value, list):
        listed = ", ".join(page.format_date(day) for day in value[:_MAX_LISTED_DAYS])
        return f"{listed} …" if len(value) > _MAX_LISTED_DAYS else listed
    return page.format_number(value) if isinstance(value, int) else str(value)
