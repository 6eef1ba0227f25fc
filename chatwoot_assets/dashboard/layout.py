"""What surrounds every page: the language, the filter bar and its URL, the heading and the notices."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard.filter_options import FilterOptions
from chatwoot_assets.dashboard.filters import LISTS, PARAMETERS, PRESETS, STATUSES, Filters, Period, from_url
from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.health import Notice
from chatwoot_assets.dashboard.page_context import PageContext

LANGUAGE = "lang"
# Parameters of a page's own; the frame lets them be.
OPENED, LIST_PAGE, WAITING = "conversation", "page", "waiting"

_OWN = "own"
_CLOCK = "clock"
# Of some lists how much there has to be for a choice to make sense.
_FEWEST = {"accounts": 2, "labels": 1}
_EARLIEST, _LATEST = datetime.date(1970, 1, 1), datetime.date(2069, 12, 31)
Say = Callable[..., str]


def chosen_language() -> Language:
    """Return the language: the URL's where it is new, else what was chosen before, else the browser's."""
    state = st.session_state
    url = st.query_params.get(LANGUAGE)
    if url in LANGUAGES and url != state.get("written_language"):
        state["language"] = url
    elif state.get("language") not in LANGUAGES:
        state["language"] = "pt" if (st.context.locale or "").lower().startswith("pt") else "en"
    state["language"] = state["language"]  # a widget's state goes with the widget, this one stays
    language: Language = state["language"]
    return language


def filter_bar(choices: FilterOptions, translate: Say, today: datetime.date) -> Filters:
    """Draw the filters and return what is chosen."""
    current = _current(choices)
    _fill(current, today, (translate("all"), choices.labels))
    with st.sidebar:
        st.selectbox(
            translate("filter_period"),
            [*PRESETS, _OWN],
            format_func=lambda one: translate(f"period_{one}"),
            key="period",
        )
        if st.session_state["period"] == _OWN:
            st.date_input(
                translate("filter_own"),
                key="own",
                min_value=_EARLIEST,
                max_value=_LATEST,
                format=translate("date_widget_form"),
            )
        for name in ("accounts", "inboxes", "teams", "agents", "labels"):
            labels = choices.labels[name]
            if len(labels) < _FEWEST.get(name, 0):
                continue
            st.multiselect(
                translate(f"filter_{name}"),
                list(labels),
                format_func=labels.__getitem__,
                key=name,
                placeholder=translate("all"),
                select_all=False,  # Streamlit says it in English only, and nothing chosen means the same
            )
        st.multiselect(
            translate("filter_statuses"),
            STATUSES,
            format_func=lambda one: translate(f"status_{one}"),
            key="statuses",
            placeholder=translate("all"),
            select_all=False,
        )
        st.toggle(translate("filter_clock"), key=_CLOCK, help=translate("help_filter_clock"))
        st.button(translate("clear_filters"), on_click=_forget, type="tertiary", icon=":material/filter_alt_off:")
    return widget_filters(current)


def _current(choices: FilterOptions) -> Filters:
    """Return what is chosen before anything is drawn: the URL's where it is new, else the widgets'."""
    state = st.session_state
    url = {name: value for name, value in st.query_params.items() if name in PARAMETERS}
    state["ignored"] = []
    if "filters" not in state or (url and url != state["filters"].to_url()):
        chosen, ignored = from_url(url)
    else:
        chosen, ignored = widget_filters(state["filters"]), []
    chosen, unknown = chosen.only(choices.known)
    state["ignored"] = ignored + unknown
    return chosen


def widget_filters(before: Filters) -> Filters:
    """Return what the widgets hold; of an own period that has no end yet, the one before it."""
    state = st.session_state
    if "period" not in state:
        return before
    lists: dict[str, Any] = {name: tuple(state.get(name, getattr(before, name))) for name in LISTS}
    lists["in_business"] = bool(state.get(_CLOCK, before.in_business))
    if state["period"] != _OWN:
        return Filters(preset=state["period"], **lists)
    own = state.get("own")
    period = Period(*own) if isinstance(own, tuple) and len(own) == 2 else before.own
    # Just switched to: from the days that were chosen until now.
    return Filters(preset=None if period else before.preset, own=period, **lists)


def _fill(filters: Filters, today: datetime.date, labels: object) -> None:
    """Put into the widgets' state what is chosen.

    Only what is not there already: Streamlit takes what is set for news, and closes a list that a viewer has just
    opened. Under other labels, of another language say, it does not know again what was chosen under the old ones.
    """
    state = st.session_state
    is_own = filters.own is not None or ("filters" in state and state.get("period") == _OWN)
    wanted: dict[str, Any] = {name: list(getattr(filters, name)) for name in LISTS}
    wanted["period"] = _OWN if is_own else filters.preset
    wanted[_CLOCK] = filters.in_business
    has_one_end = isinstance(state.get("own"), tuple) and len(state["own"]) == 1
    if is_own and not has_one_end:
        period = filters.period(today)
        wanted["own"] = (period.first, period.last)
    for name, value in wanted.items():
        if state.get("options") != labels or state.get(name) != value:
            state[name] = value
    state["options"] = labels


def _forget() -> None:
    for name in ("filters", "period", "own", _CLOCK, *LISTS):
        st.session_state.pop(name, None)
    chosen = (*PARAMETERS, LIST_PAGE, WAITING)
    st.query_params.from_dict({name: value for name, value in st.query_params.items() if name not in chosen})


def write_url(filters: Filters, language: Language) -> None:
    """Write what is chosen into the URL, so that it can be shared; another choice begins at its list's first page."""
    state = st.session_state
    kept = {name: value for name, value in st.query_params.items() if name in (OPENED, LIST_PAGE, WAITING)}
    if "filters" in state and state["filters"] != filters:
        kept.pop(LIST_PAGE, None)
    url = {**filters.to_url(), **kept, LANGUAGE: language}
    if st.query_params.to_dict() != url:
        st.query_params.from_dict(url)
    state["filters"], state["written_language"] = filters, language


_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 4.25rem 2rem 3rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 4.25rem 1rem 2rem; } }
</style>"""


def heading(title: str, translate: Say, view: PageContext | None) -> None:
    """Draw the page's title, the language's switch, and the days and the instant that the numbers are of."""
    st.html(_STYLE)
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
    if view is not None:
        period = view.period
        st.caption(
            view.translate(
                "subheading",
                first=view.date(period.first),
                last=view.date(period.last),
                days=view.number(period.days),
                zone=view.settings.reporting_timezone.key,
                as_of=view.instant(view.state.as_of),
            )
        )


def show_notices(view: PageContext, notices: list[Notice]) -> None:
    """Draw what has to be said of the numbers, and which of the URL's parameters were left out."""
    for notice in notices:
        values = {name: _written(view, value) for name, value in notice.values.items()}
        text = view.translate(notice.text, **values)
        {"error": st.error, "warning": st.warning, "info": st.info}[notice.level](text, icon=_ICONS[notice.level])
    if ignored := st.session_state.get("ignored"):
        st.info(view.translate("notice_ignored_parameters", names=", ".join(ignored)), icon=_ICONS["info"])


_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}
_DAYS_NAMED = 10


def _written(view: PageContext, value: object) -> str:
    if isinstance(value, datetime.datetime):
        return view.instant(value)
    if isinstance(value, datetime.date):
        return view.date(value)
    if isinstance(value, list):
        shown = ", ".join(view.date(day) for day in value[:_DAYS_NAMED])
        return f"{shown} …" if len(value) > _DAYS_NAMED else shown
    return view.number(value) if isinstance(value, int) else str(value)
