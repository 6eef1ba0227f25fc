"""The widgets above the list of conversations. The URL holds what they select, except what is searched for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.layout import LIST_PAGE
from chatwoot_assets.dashboard.list_filters import (
    BOTS,
    LIST_FILTER_PARAMETERS,
    PRIORITIES,
    RATINGS,
    SUBJECTS,
    ListFilters,
    parse_list_url,
)
from chatwoot_assets.dashboard.page_context import PageContext

SEARCH = "list_search"  # the key of the search, whose value is in the state of the session only
_MAX_SEARCH_LENGTH = 100
_DURATIONS = (300, 900, 3_600, 4 * 3_600, 86_400, 3 * 86_400, 7 * 86_400)


def show_list_widgets(page: PageContext, filters: ListFilters) -> ListFilters:
    """Draw the widgets and return the conditions, which are those of the URL."""
    waiting = page.rows(
        "list_count", **ListFilters(needs_reply=True).query_parameters(zone=page.settings.reporting_timezone.key)
    )[0]["total"]
    # A widget shows what the URL says; what a viewer changes goes into the URL before the page is drawn again.
    for name in LIST_FILTER_PARAMETERS:
        value = getattr(filters, name)
        st.session_state[f"list_{name}"] = list(value) if isinstance(value, tuple) else value
    st.session_state["list_sort"] = filters.order
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            page.translate("list_search"),
            key=SEARCH,
            max_chars=_MAX_SEARCH_LENGTH,
            placeholder=page.translate("list_search_hint"),
            help=page.translate("help_list_search"),
            on_change=_first_page,
            width=300,
            icon=":material/search:",
        )
        _select(page, "subject", SUBJECTS, "many", width=230)
        _select(page, "sort", filters.sorts, "sorted", width=230)
    label = page.translate("only_waiting", count=page.format_number(waiting))
    _toggle("needs_reply", label, page.translate("help_only_waiting"))
    with st.expander(page.translate("more_filters"), icon=":material/tune:"):
        left, middle, right = st.columns(3)
        with left:
            _multiselect(page, "ratings", RATINGS, lambda rating: page.translate(f"rating_{rating}"))
            _multiselect(page, "priorities", PRIORITIES, lambda priority: page.translate(f"priority_{priority}"))
            channels = {channel for channel in page.options.channels.values() if channel}
            _multiselect(page, "channels", tuple(sorted(channels, key=page.channel_name)), page.channel_name)
        with middle:
            _select(page, "bot", ("", *BOTS), "bot")
            _select_duration(page, "response_over")
            _select_duration(page, "resolution_over")
        with right:
            for name in ("unattended", "unresolved", "reopened", "answered", "surveyed", "without_label", "any_time"):
                _toggle(name, page.translate(f"list_{name}"))
    return filters


def show_rating_filter(page: PageContext, filters: ListFilters) -> None:
    """Draw a selection of ratings, which the URL holds."""
    st.session_state["list_ratings"] = list(filters.ratings)
    with st.container(width=300):
        _multiselect(page, "ratings", RATINGS, lambda rating: page.translate(f"rating_{rating}"))


def write_list_filters(filters: ListFilters) -> None:
    """Write the conditions into the URL, and go to the first page of the list."""
    _first_page()
    for parameter in LIST_FILTER_PARAMETERS.values():
        st.query_params.pop(parameter, None)
    for parameter, value in filters.to_url().items():
        st.query_params[parameter] = value


def _first_page() -> None:
    st.query_params.pop(LIST_PAGE, None)
    st.session_state["table_number"] = st.session_state.get("table_number", 0) + 1


def _write_one(name: str) -> None:
    value = st.session_state[f"list_{name}"]
    changed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
    if name == "subject":
        changed["sort"] = ""
    write_list_filters(replace(parse_list_url(st.query_params)[0], **changed))


def _toggle(name: str, label: str, help_text: str | None = None) -> None:
    st.toggle(label, key=f"list_{name}", on_change=_write_one, args=(name,), help=help_text)


def _select(page: PageContext, name: str, options: tuple[str, ...], kind: str, width: int | None = None) -> None:
    st.selectbox(
        page.translate(f"list_{name}"),
        options,
        format_func=lambda option: _capitalize(page.translate(f"{kind}_{option}" if option else f"all_{name}")),
        key=f"list_{name}",
        on_change=_write_one,
        args=(name,),
        width=width or "stretch",
    )


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


def _multiselect(page: PageContext, name: str, options: tuple[Any, ...], name_of: Callable[[Any], str]) -> None:
    st.multiselect(
        page.translate(f"list_{name}"),
        options,
        format_func=name_of,
        key=f"list_{name}",
        on_change=_write_one,
        args=(name,),
        placeholder=page.translate(f"all_{name}"),
        select_all=False,
    )


def _select_duration(page: PageContext, name: str) -> None:
    selected = st.session_state[f"list_{name}"]
    no_limit = page.translate(f"all_{name}")
    options = sorted({*_DURATIONS, *([selected] if selected is not None else [])})
    st.selectbox(
        page.translate(f"list_{name}"),
        [None, *options],
        format_func=lambda seconds: no_limit if seconds is None else formats.format_duration(seconds),
        key=f"list_{name}",
        on_change=_write_one,
        args=(name,),
        placeholder=no_limit,  # what the browser shows for None
    )
