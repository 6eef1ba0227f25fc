"""The dashboard as a whole: `main` draws it, on every interaction of every viewer.

It puts the pages into the layout and handles whatever goes wrong. A viewer reads what to do, never a traceback. The
log says what failed and where, and never quotes a row.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from chatwoot_assets.dashboard import i18n, layout
from chatwoot_assets.dashboard.chips import show_chips
from chatwoot_assets.dashboard.database import NO_ACCESS, ReadOnlyPool
from chatwoot_assets.dashboard.failures import run_safely
from chatwoot_assets.dashboard.filter_options import build_filter_options
from chatwoot_assets.dashboard.filters import UNASSIGNED, Period
from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.login import find_email, require_access, show_logout
from chatwoot_assets.dashboard.notice_boxes import show_notices
from chatwoot_assets.dashboard.notices import collect_notices
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.pages import (
    agents,
    bots,
    busy_hours,
    campaigns,
    channels,
    comparison,
    conversations,
    data_health,
    distribution,
    live,
    overview,
    satisfaction,
)
from chatwoot_assets.dashboard.queries import Row, cached_rows
from chatwoot_assets.dashboard.status import StatusCache, WarehouseStatus
from chatwoot_assets.dashboard.view_links import show_saved_views
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, database_url
from chatwoot_assets.errors import UserError
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets.settings import Settings

# An inline drawing: for an icon by name, Streamlit makes the browser fetch a picture from another server.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="#0072B2">'
    '<path d="M1 9h3v6H1z"/><path d="M6.5 5h3v10h-3z"/><path d="M12 1h3v14h-3z"/></svg>'
)
# Each page's path in the URL, its function and its icon. Its title is the text `page_<path>`.
_NOT_FOUND = "not_found"
# Streamlit serves its default page at the root only, but people also follow links to /overview.
_OVERVIEW, _ROOT = "overview", "overview.root"
_LIVE = "live"  # the only page without a period
_CAMPAIGNS = "campaigns"  # has a list of its own
_PAGES: dict[str, tuple[Callable[[PageContext], None], str]] = {
    _OVERVIEW: (overview.show, ":material/monitoring:"),
    _LIVE: (live.show, ":material/sensors:"),
    "conversations": (conversations.show, ":material/forum:"),
    "agents": (agents.show, ":material/support_agent:"),
    "channels": (channels.show, ":material/inbox:"),
    "bots": (bots.show, ":material/smart_toy:"),
    _CAMPAIGNS: (campaigns.show, ":material/campaign:"),
    "satisfaction": (satisfaction.show, ":material/sentiment_satisfied:"),
    "distribution": (distribution.show, ":material/bar_chart:"),
    "busy_hours": (busy_hours.show, ":material/calendar_month:"),
    "comparison": (comparison.show, ":material/compare_arrows:"),
    "data_health": (data_health.show, ":material/verified:"),
}


@st.cache_resource(show_spinner=False, on_release=lambda pair: pair[0].close())
def _connect(url: str | None, *, has_login: bool) -> tuple[ReadOnlyPool, StatusCache]:
    """Return the pool and the status that all viewers share.

    With a login, the pool sees no account: each viewer gets its own access to it.
    """
    pool = ReadOnlyPool(Warehouse(url=url or "").resolved_url, NO_ACCESS if has_login else None)
    return pool, StatusCache(pool)


def main() -> None:
    """Draw the dashboard for one viewer."""
    settings = Settings.load()
    language = layout.select_language()

    def translate(key: str, **values: object) -> str:
        return i18n.translate(key, language, **values)

    st.set_page_config(page_title=translate("title"), page_icon=_ICON, layout="wide")
    access = require_access(settings.login, translate) if settings.login else None
    if settings.login and access is None:
        return
    pool, status_cache = _connect(database_url(ANALYTICS_DATABASE_URL), has_login=settings.login is not None)
    if access is not None:
        pool = pool.restricted_to(access)
        settings = replace(settings, dashboard_conversations=settings.dashboard_conversations and access.has_contents)
    status, failing_since = status_cache.get()
    selected: list[str] = []
    has_campaigns = _has_campaigns(pool, status)
    pages = {
        path: st.Page(
            lambda path=path: selected.append(path),  # type: ignore[misc]  # the page itself is drawn below
            title=translate(f"page_{path}"),
            icon=icon,
            url_path=path if path != _OVERVIEW else _ROOT,
            default=path == _OVERVIEW,
        )
        for path, (_, icon) in _PAGES.items()
        if (settings.dashboard_conversations or path != "conversations")
        # It counts the rows of days, over all accounts and teams.
        and (access is None or access.has_everything or path != "data_health")
        and (path != _CAMPAIGNS or has_campaigns)
    }
    if not layout.is_wall():
        email = find_email(st.user.to_dict()) if access is not None else None
        show_saved_views(settings.saved_views.of(email), pages, translate, language)
    page = _build_context(settings, pool, status_cache, status, language)
    missing = _missing_path(pages)
    if missing is not None:
        # Streamlit's own message is in English only.
        pages[_NOT_FOUND] = st.Page(
            lambda: selected.append(_NOT_FOUND),
            title=translate("page_not_found"),
            url_path=missing,
            visibility="hidden",
        )
    navigation = st.navigation(list(pages.values()))
    list_page = pages.get(_CAMPAIGNS if navigation.url_path == _CAMPAIGNS else "conversations")
    page = page and replace(page, list_page=list_page)
    if missing == _OVERVIEW:
        st.switch_page(pages[_OVERVIEW], query_params=st.query_params.to_dict())
    has_period = navigation.url_path != _LIVE
    if layout.is_wall():
        st.header(navigation.title, anchor=False)
    else:
        layout.show_heading(navigation.title, translate, page if has_period else None)
    navigation.run()
    if selected[0] == _NOT_FOUND:
        _show_not_found(pages[_OVERVIEW])
        return
    if page is None or status is None:
        _show_next_step(settings, status, translate)
        return
    now = datetime.datetime.now(datetime.timezone.utc)
    period = page.period if has_period else Period(page.today, page.today)
    if not layout.is_wall():
        path = navigation.url_path
        show_chips(page, has_list=path == "conversations", has_comments=path == "satisfaction")
        if access is not None:
            with st.sidebar:
                show_logout(translate)
    show_notices(page, collect_notices(status, failing_since, period, settings, now))
    with st.spinner(translate("loading")):
        run_safely(status_cache, translate, lambda: _PAGES[selected[0]][0](page))


def _has_campaigns(pool: ReadOnlyPool, status: WarehouseStatus | None) -> bool:
    """Return whether the viewer sees campaigns. They belong to no team, so that a viewer of some teams sees none."""
    if status is None or not status.days or (pool.access and pool.access.teams is not None):
        return False
    try:
        return bool(cached_rows(pool, status.version, campaigns.STATE_QUERY, {})[0]["has_campaigns"])
    except UserError:  # the page that is drawn says so
        return False


def _missing_path(pages: Mapping[str, object]) -> str | None:
    """Return the path of the URL if Streamlit has no page there; a path with several parts is left to Streamlit."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = urlsplit(st.context.url or "").path.strip("/").removeprefix(base).strip("/")
    exists = path in pages and path != _OVERVIEW
    return path if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", path) and not exists else None


def _show_not_found(overview_page: Page) -> None:
    """Say in every language that there is no such page."""
    for language in LANGUAGES:
        st.markdown(i18n.translate("not_found", language))
        st.page_link(overview_page, label=i18n.translate("page_overview", language))


def _build_context(
    settings: Settings,
    pool: ReadOnlyPool,
    status_cache: StatusCache,
    status: WarehouseStatus | None,
    language: Language,
) -> PageContext | None:
    """Draw the filter bar and return the context for the page, or None if no day is loaded."""
    if status is None or not status.days:
        return None

    def translate(key: str, **values: object) -> str:
        return i18n.translate(key, language, **values)

    def build() -> PageContext:
        today = datetime.datetime.now(settings.reporting_timezone).date()

        def rows(name: str) -> list[Row]:
            return cached_rows(pool, status.version, name, {})

        shows_attributes = settings.dashboard_conversations and rows("attribute_access")[0]["is_granted"]
        attributes = rows("attribute_options") if shows_attributes else []
        teams = pool.access.teams if pool.access else None
        found = rows("filter_options" if teams is None else "filter_options_of_teams")
        options = build_filter_options(found, translate, attributes)
        if teams is not None:
            options.names["teams"].pop(UNASSIGNED)
        filters = layout.show_filter_bar(options, translate, today, min(status.days))
        layout.write_url(filters, language)
        if teams is not None and not filters.teams:
            filters = replace(filters, teams=teams)
        is_dark = st.context.theme.type == "dark"
        return PageContext(settings, pool, status_cache, status, options, filters, today, language, is_dark)

    return run_safely(status_cache, translate, build)


def _show_next_step(settings: Settings, status: WarehouseStatus | None, translate: layout.Translate) -> None:
    """Say why there is nothing to show, and which command helps."""
    if status is None:
        st.error(translate("error_unreachable"), icon=":material/error:")
        st.code("chatwoot-assets status", language=None)
    elif not status.days:
        st.info(translate("empty_tables"), icon=":material/info:")
        first = settings.partitions_start_date
        st.code(
            f"chatwoot-assets backfill --from {first}" if settings.analytics_url_is_set else "chatwoot-assets demo",
            language=None,
        )
