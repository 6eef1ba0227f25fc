"""The selected filters as chips below the title. Each says what it selects, and a click removes it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.filter_names import name_filters
from chatwoot_assets.dashboard.filter_urls import BUSINESS_HOURS, PARAMETERS, format_url
from chatwoot_assets.dashboard.layout import LIST_PAGE
from chatwoot_assets.dashboard.list_filters import (
    ALL_CONVERSATIONS,
    LIST_FILTER_PARAMETERS,
    ListFilters,
    parse_list_url,
)
from chatwoot_assets.dashboard.list_widgets import SEARCH, write_list_filters
from chatwoot_assets.dashboard.page_context import PageContext

_MAX_NAMES = 3  # on one chip
_DURATIONS = ("response_over", "resolution_over", "at_least", "below")


def show_chips(page: PageContext, *, has_list: bool, has_comments: bool = False) -> None:
    """Draw the filters as chips, or nothing if there is no filter.

    Args:
        page: The context of the page.
        has_list: Whether the page is the list of conversations, which has conditions of its own.
        has_comments: Whether the page has the comments, whose condition has a widget unless it was not understood.
    """
    chips = name_filters(page.selected_filters, page.options, page.language)
    conditions = parse_list_url(st.query_params)[0]
    if not has_list:
        conditions = ListFilters(is_unknown=has_comments and conditions.is_unknown)
    if not chips and not conditions.to_url() and not (has_list and st.session_state.get(SEARCH)):
        return
    with st.container(horizontal=True, gap="small", key="chips"):
        for name, value, text in chips:
            _show_chip(page, f"chip_{name}_{value}", text, partial(_remove, page, name, value))
        for name in LIST_FILTER_PARAMETERS:
            if name != "sort" and getattr(conditions, name) != getattr(ALL_CONVERSATIONS, name):
                remove = partial(write_list_filters, conditions.without(name))
                _show_chip(page, f"chip_{name}", _describe(page, conditions, name), remove)
        if has_list and st.session_state.get(SEARCH):
            _show_chip(page, "chip_search", page.translate("chip_search"), _clear_search)


def _show_chip(page: PageContext, key: str, text: str, remove: Callable[[], None]) -> None:
    st.button(
        text,
        key=key,
        icon=":material/close:",
        icon_position="right",
        help=page.translate("remove_filter"),
        on_click=remove,
        wrap=False,
    )


def _remove(page: PageContext, name: str, value: object) -> None:
    """Remove a value of the filter bar from the URL; None removes all of its list, or switches business hours off."""
    kept: Any = False
    if name != BUSINESS_HOURS:
        kept = tuple(other for other in getattr(page.filters, name) if value is not None and other != value)
    filters = replace(page.selected_filters, **{name: kept})
    for parameter in PARAMETERS:
        st.query_params.pop(parameter, None)
    for parameter, text in format_url(filters).items():
        st.query_params[parameter] = text
    st.query_params.pop(LIST_PAGE, None)


def _clear_search() -> None:
    st.session_state[SEARCH] = ""


def _describe(page: PageContext, filters: ListFilters, name: str) -> str:
    """Return what a condition of the list says."""
    value = getattr(filters, name)
    if name == "subject":
        return page.translate(f"many_{value}").capitalize()
    if isinstance(value, bool):
        return page.translate(f"list_{name}")
    if name in _DURATIONS:
        text = formats.format_duration(value)
    elif name in ("weekday_and_hour", "event_hour"):
        weekday, hour = divmod(value, 24)
        text = f"{page.translate(f'weekday_{weekday}')}, {hour:02}:00–{hour:02}:59"  # noqa: RUF001  # an en dash
    elif name == "bot":
        text = page.translate(f"bot_{value}")
    elif name == "backlog":
        part, _, day = value.partition(".")
        text = f"{page.translate(f'backlog_{part}')}, {page.format_date(datetime.date.fromisoformat(day))}"
    elif name == "nobody":
        text = page.translate(f"nobody_{value}")
    elif name == "sla":
        text = page.translate(f"sla_{value}")
    elif name == "handoff_reason":
        text = page.translate_term(name, value)
    elif name == "channels":
        text = ", ".join(map(page.channel_name, value))
    elif name in ("ratings", "priorities"):
        kind = {"ratings": "rating", "priorities": "priority"}[name]
        text = ", ".join(page.translate(f"{kind}_{part}") for part in value)
    else:
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return f"{page.translate(f'list_{name}')}: {text}"
