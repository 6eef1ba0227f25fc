"""What surrounds every page: the language switch, the filter bar and its URL, and the heading."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard.delivery_filters import DELIVERY_PARAMETERS
from chatwoot_assets.dashboard.filter_options import FilterOptions
from chatwoot_assets.dashboard.filter_urls import LANGUAGE, ON, PARAMETERS, format_url, parse_url
from chatwoot_assets.dashboard.filters import (
    COMPARISONS,
    LIST_PARAMETERS,
    PRESETS,
    STATUSES,
    Filters,
    Period,
    unknown_value,
)
from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.list_filters import LIST_FILTER_PARAMETERS, parse_list_url
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.shortening import keep_apart
from chatwoot_assets.dashboard.table_lists import LIST_STYLE, TABLE_SCRIPT

# URL parameters that belong to a page: the open conversation, and the page of the list.
CONVERSATION, LIST_PAGE = "conversation", "page"
# With WALL=1 a page is for a television: large, and without a filter bar.
WALL = "wall"
# The row of a table of groups whose trend is shown, such as agent.7.
TREND = "trend"

_SORT = LIST_FILTER_PARAMETERS["sort"]
_KEPT = (CONVERSATION, LIST_PAGE, WALL, TREND, *DELIVERY_PARAMETERS)

# Keys of widgets, and the period's option that opens the date widget.
_CUSTOM = "custom"
_BUSINESS_HOURS, _COMPARISON = "business_hours", "comparison"
# A filter is shown if it has at least so many options.
_MIN_OPTIONS = {"accounts": 2, "labels": 1, "attributes": 1}
_VISIBLE_CHARACTERS = 26  # of an option in the filter bar
_EARLIEST, _LATEST = datetime.date(1970, 1, 1), datetime.date(2069, 12, 31)
Translate = Callable[..., str]


def select_language() -> Language:
    """Return the language: a new one in the URL, else the one selected before, else the browser's."""
    state = st.session_state
    url = st.query_params.get(LANGUAGE)
    if url in LANGUAGES and url != state.get("url_language"):
        state["language"] = url
    elif state.get("language") not in LANGUAGES:
        state["language"] = "pt" if (st.context.locale or "").lower().startswith("pt") else "en"
    # Streamlit deletes the state of a widget that a run does not draw, unless the state is assigned.
    state["language"] = state["language"]
    language: Language = state["language"]
    return language


def is_wall() -> bool:
    """Return whether the URL asks for a page on a television."""
    return st.query_params.get(WALL) == ON


def show_filter_bar(
    options: FilterOptions, translate: Translate, today: datetime.date, earliest: datetime.date
) -> Filters:
    """Draw the filter bar and return the selected filters; on a television, those of the URL without a filter bar.

    Args:
        options: The options of the lists.
        translate: Returns a text in the language of the viewer.
        today: Today's date in the reporting time zone.
        earliest: The first loaded day.
    """
    current = _current_filters(options)
    if is_wall():
        st.html(_LEGIBLE + _WALL_STYLE)
        return current
    period = current.period(today, earliest)
    _set_widgets(current, period, (translate("all_agents"), options.names))
    with st.sidebar:
        st.selectbox(
            translate("filter_period"),
            [*PRESETS, _CUSTOM],
            format_func=lambda preset: translate(f"period_{preset}"),
            key="period",
        )
        if st.session_state["period"] == _CUSTOM:
            st.date_input(
                translate("filter_custom"),
                key=_CUSTOM,
                min_value=_EARLIEST,
                max_value=_LATEST,
                format=translate("date_widget_format"),
            )
        st.selectbox(
            translate("filter_comparison"),
            COMPARISONS,
            format_func=lambda comparison: translate(f"comparison_{comparison}"),
            key=_COMPARISON,
        )
        for filter_name in ("accounts", "inboxes", "teams", "agents", "labels", "attributes"):
            state = st.session_state
            names = options.of_accounts(filter_name, state["accounts"], selected=state[filter_name])
            if len(names) < _MIN_OPTIONS.get(filter_name, 0):
                continue
            names = _add_unknown(filter_name, names, translate)
            st.multiselect(
                translate(f"filter_{filter_name}"),
                list(names),
                format_func=keep_apart(names, _VISIBLE_CHARACTERS).__getitem__,
                key=filter_name,
                placeholder=translate(f"all_{filter_name}"),
                select_all=False,  # Streamlit labels it in English only, and an empty list means the same
            )
        statuses = _add_unknown("statuses", {name: translate(f"status_{name}") for name in STATUSES}, translate)
        st.multiselect(
            translate("filter_statuses"),
            list(statuses),
            format_func=statuses.__getitem__,
            key="statuses",
            placeholder=translate("all_statuses"),
            select_all=False,
        )
        st.toggle(translate("filter_business_hours"), key=_BUSINESS_HOURS, help=translate("help_business_hours"))
        st.button(
            translate("clear_filters"), on_click=_clear_filters, type="tertiary", icon=":material/filter_alt_off:"
        )
    return widget_filters(current)


def _add_unknown(filter_name: str, names: dict[Any, str], translate: Translate) -> dict[Any, str]:
    """Return the names of a list's options; of what is not known, too, if that is selected."""
    unknown = unknown_value(filter_name)
    return {unknown: translate("unknown_value"), **names} if unknown in st.session_state[filter_name] else names


def _current_filters(options: FilterOptions) -> Filters:
    """Return the filters before the widgets are drawn: those of a new URL, else those of the widgets."""
    state = st.session_state
    url = {name: value for name, value in st.query_params.items() if name in PARAMETERS}
    if "filters" not in state or (url and url != format_url(state["filters"])):
        filters, ignored = parse_url(url)
    else:
        filters, ignored = widget_filters(state["filters"]), []
    filters, unknown = filters.drop_unknown(options.known_ids(filters))
    lists = [LIST_PARAMETERS[name] for name in filters.unknown_lists]
    ignored += unknown + [name for name in parse_list_url(st.query_params)[1] if name == _SORT]
    state["ignored_parameters"] = [name for name in ignored if name not in lists]
    return filters


def widget_filters(previous: Filters) -> Filters:
    """Return the filters that the widgets hold.

    Args:
        previous: The filters of the last run. Their period stays while a custom period has no end yet.
    """
    state = st.session_state
    if "period" not in state:
        return previous
    values: dict[str, Any] = {name: tuple(state.get(name, getattr(previous, name))) for name in LIST_PARAMETERS}
    values["business_hours"] = bool(state.get(_BUSINESS_HOURS, previous.business_hours))
    values["comparison"] = state.get(_COMPARISON, previous.comparison)
    if state["period"] != _CUSTOM:
        return Filters(preset=state["period"], **values)
    dates = state.get(_CUSTOM)
    period = Period(*dates) if isinstance(dates, tuple) and len(dates) == 2 else previous.custom
    # No period yet: the viewer just switched to a custom one, which starts with the days of the preset.
    return Filters(preset=None if period else previous.preset, custom=period, **values)


def _set_widgets(filters: Filters, period: Period, labels: object) -> None:
    """Write the filters into the state of the widgets.

    Only values that changed are written: Streamlit treats a written value as a new one, and closes a list that the
    viewer has just opened. When the labels of the options changed, for example with the language, everything is
    written, because Streamlit no longer recognizes what was selected under the old labels.
    """
    state = st.session_state
    is_custom = filters.custom is not None or ("filters" in state and state.get("period") == _CUSTOM)
    values: dict[str, Any] = {name: list(getattr(filters, name)) for name in LIST_PARAMETERS}
    values["period"] = _CUSTOM if is_custom else filters.preset
    values[_BUSINESS_HOURS], values[_COMPARISON] = filters.business_hours, filters.comparison
    has_no_end = isinstance(state.get(_CUSTOM), tuple) and len(state[_CUSTOM]) == 1
    if is_custom and not has_no_end:
        values[_CUSTOM] = (period.first, period.last)
    for name, value in values.items():
        if state.get("option_labels") != labels or state.get(name) != value:
            state[name] = value
    state["option_labels"] = labels


def _clear_filters() -> None:
    for name in ("filters", "period", _CUSTOM, _BUSINESS_HOURS, _COMPARISON, *LIST_PARAMETERS):
        st.session_state.pop(name, None)
    cleared = (*PARAMETERS, LIST_PAGE, *LIST_FILTER_PARAMETERS.values())
    st.query_params.from_dict({name: value for name, value in st.query_params.items() if name not in cleared})


def write_url(filters: Filters, language: Language) -> None:
    """Write the filters and the language into the URL, so that it can be shared.

    New filters start again at the first page of the list of conversations.
    """
    state = st.session_state
    conditions = parse_list_url(st.query_params)[0].to_url()
    kept = conditions | {name: value for name, value in st.query_params.items() if name in _KEPT}
    if "filters" in state and state["filters"] != filters:
        kept.pop(LIST_PAGE, None)
    url = {**format_url(filters), **kept, LANGUAGE: language}
    if st.query_params.to_dict() != url:
        st.query_params.from_dict(url)
    state["filters"], state["url_language"] = filters, language


_LEGIBLE = """<style>
/* Streamlit makes captions transparent (.6), which leaves a contrast of 4.2 to 3.9; WCAG requires 4.5. */
.stApp [data-testid="stCaptionContainer"] { opacity: .8; }
/* The point under the pointer on a card's small line: while there is none, a screen reader finds a nameless mark. */
[data-testid="stMetricChart"] [class*="_highlighted_points_marks"]:empty { display: none; }
</style>"""

_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 4.25rem 2rem 3rem; }
/* A table that is wider than the page shows its scroll bar, also while the pointer is elsewhere. */
.dvn-scroller { scrollbar-color: rgba(128, 128, 128, .65) transparent; }
[data-testid="stSelectbox"] input { text-overflow: ellipsis; }
/* Streamlit highlights every link to the page that is open, also that of a saved view with other filters. */
[data-testid="stSidebar"] [data-testid="stPageLink"] a:not(:hover) { background: transparent; }
[data-testid="stSidebar"] [data-testid="stPageLink"] p { font-weight: 400; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 4.25rem 1rem 2rem; }
  [data-testid="stMarkdownContainer"] table { display: block; overflow-x: auto; }
  [data-testid="stMarkdownContainer"] td:last-child { min-width: 16rem; }
}
</style>"""

_WALL_STYLE = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stSidebarCollapsedControl"] { display: none; }
[data-testid="stMainBlockContainer"] { padding: 1.5rem 2.5rem; max-width: none; }
[data-testid="stMetric"] [data-testid="stMetricValue"] { font-size: clamp(2rem, 3.6vw, 5rem); }
[data-testid="stMetric"] label p { font-size: clamp(1.1rem, 1.4vw, 1.8rem); }
[data-testid="stMetric"] { height: 100%; }
.cw-wall { width: 100%; border-collapse: collapse; font-size: clamp(1rem, 1.7vw, 2.2rem); }
.cw-wall th { text-align: right; font-weight: 600; font-size: .7em; opacity: .75; padding: .3rem .6rem; }
.cw-wall td { text-align: right; padding: .35rem .6rem; white-space: nowrap;
  border-top: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.cw-wall th:first-child, .cw-wall td:first-child { text-align: left; max-width: 22ch; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 1.5rem 1rem; }
  .cw-wall th, .cw-wall td { padding: .35rem .25rem; }
  .cw-wall th:first-child, .cw-wall td:first-child { max-width: 8.5rem; }
}
</style>"""


def show_heading(title: str, translate: Translate, page: PageContext | None) -> None:
    """Draw the title of the page, the language switch, and a line with the period and the age of the data."""
    st.html(_LEGIBLE + LIST_STYLE + _STYLE)
    # For screen readers and the browser's translation. The language comes from a list, never from the URL.
    language = translate("html_language")
    script = f"<script>document.documentElement.lang = '{language}'</script>"
    st.html(script + TABLE_SCRIPT, unsafe_allow_javascript=True)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header(title, anchor=False, width="content")
        st.segmented_control(
            translate("language"),
            LANGUAGES,
            format_func=str.upper,
            key="language",
            label_visibility="collapsed",
            required=True,
        )
    if page is not None:
        period = page.period
        freshness, instant = page.status.freshness
        st.caption(
            page.translate(
                "subheading" if period.days > 1 else "subheading_one_day",
                first=page.format_date(period.first),
                last=page.format_date(period.last),
                days=page.format_number(period.days),
                zone=page.settings.reporting_timezone.key,
                freshness=page.translate(f"freshness_{freshness}", instant=page.format_instant(instant)),
            )
        )
