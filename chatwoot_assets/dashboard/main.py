"""The dashboard as a whole: `main` draws it, for every viewer and whenever one of them does something.

It puts the pages into the frame, and stands between them and whatever goes wrong: a viewer reads what can be done,
never a traceback; the log says what it was and where, never a row.
"""

from __future__ import annotations

import datetime
import logging
import traceback
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from chatwoot_assets.dashboard import i18n as texts
from chatwoot_assets.dashboard import layout as frame
from chatwoot_assets.dashboard.database import ReadOnlyPool
from chatwoot_assets.dashboard.filter_options import filter_options
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.health import notices
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.pages import agents, channels, conversations, data_health, overview, satisfaction
from chatwoot_assets.dashboard.pages import busy_hours as when
from chatwoot_assets.dashboard.queries import cached_rows
from chatwoot_assets.dashboard.state import State, StatusCache
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, database_url
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.settings import Settings

_LOG = logging.getLogger("chatwoot_assets.dashboard")
# Drawn here: of an icon by name Streamlit would have the browser fetch a picture from elsewhere.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#0072B2">'
    '<path d="M1 9h3v6H1z"/><path d="M6.5 5h3v10h-3z"/><path d="M12 1h3v14h-3z"/></svg>'
)
# Of each page its path in the URL, which also names its title, and its icon.
_SCREENS: dict[str, tuple[Callable[[PageContext], None], str]] = {
    "overview": (overview.show, ":material/monitoring:"),
    "conversations": (conversations.show, ":material/forum:"),
    "agents": (agents.show, ":material/support_agent:"),
    "channels": (channels.show, ":material/inbox:"),
    "satisfaction": (satisfaction.show, ":material/sentiment_satisfied:"),
    "when": (when.show, ":material/calendar_month:"),
    "health": (data_health.show, ":material/verified:"),
}


@st.cache_resource(show_spinner=False, on_release=lambda pair: pair[0].close())
def _connected(url: str | None) -> tuple[ReadOnlyPool, StatusCache]:
    """Return what all viewers share, for one database."""
    sessions = ReadOnlyPool(Warehouse(url=url or "").resolved_url)
    return sessions, StatusCache(sessions)


def main() -> None:
    """Draw the dashboard for one viewer."""
    settings = Settings.load()
    language = frame.chosen_language()

    def translate(key: str, **values: object) -> str:
        return texts.translate(key, language, **values)

    st.set_page_config(page_title=translate("title"), page_icon=_ICON, layout="wide")
    sessions, watch = _connected(database_url(ANALYTICS_DATABASE_URL))
    state, failed_since = watch.look()
    view = _view(settings, sessions, watch, state, language)
    drawn: list[str] = []
    page = st.navigation(
        [
            st.Page(
                lambda name=name: drawn.append(name),  # type: ignore[misc]  # what runs is its screen, below
                title=translate(f"page_{name}"),
                icon=icon,
                url_path=name,
                default=name == "overview",
            )
            for name, (_, icon) in _SCREENS.items()
            if settings.dashboard_conversations or name != "conversations"
        ]
    )
    frame.heading(page.title, translate, view)
    page.run()
    if view is None or state is None:
        _explain(settings, state, translate)
        return
    now = datetime.datetime.now(datetime.timezone.utc)
    frame.show_notices(view, notices(state, failed_since, view.period, settings, now))
    with st.spinner(translate("loading")):
        _guarded(watch, translate, lambda: _SCREENS[drawn[0]][0](view))


def _view(
    settings: Settings, sessions: ReadOnlyPool, watch: StatusCache, state: State | None, language: Language
) -> PageContext | None:
    """Draw the filters and return the view that they choose; None where there is nothing to look at."""
    if state is None or not state.days:
        return None

    def translate(key: str, **values: object) -> str:
        return texts.translate(key, language, **values)

    def build() -> PageContext:
        today = datetime.datetime.now(settings.reporting_timezone).date()
        choices = filter_options(cached_rows(sessions, state.version, "filter_options", {}), translate)
        filters = frame.filter_bar(choices, translate, today)
        frame.write_url(filters, language)
        is_dark = st.context.theme.type == "dark"
        return PageContext(settings, sessions, state, choices, filters, today, language, is_dark)

    return _guarded(watch, translate, build)


def _guarded(watch: StatusCache, translate: frame.Say, draw: Callable[[], PageContext | None]) -> PageContext | None:
    try:
        return draw()
    except UserError as error:
        _LOG.error("%s", error)
        watch.failed()
        st.error(translate("error_database"), icon=":material/error:")
    except Exception as error:  # noqa: BLE001  # whatever it is, its text may quote a row: only its place is told
        _LOG.error("%s at %s", type(error).__name__, _places(error))
        st.error(translate("error_unexpected"), icon=":material/error:")
    return None


def _places(error: BaseException) -> str:
    places = traceback.extract_tb(error.__traceback__)[-3:]
    return ", ".join(f"{Path(place.filename).name}:{place.lineno}" for place in places)


def _explain(settings: Settings, state: State | None, translate: frame.Say) -> None:
    """Say why nothing is shown, and what to do."""
    if state is None:
        st.error(translate("error_unreachable"), icon=":material/error:")
        st.code("chatwoot-assets status", language=None)
    elif not state.days:
        st.info(translate("empty_tables"), icon=":material/info:")
        first = settings.partitions_start_date
        st.code(
            f"chatwoot-assets backfill --from {first}" if settings.analytics_url_is_set else "chatwoot-assets demo",
            language=None,
        )
