"""The saved views in the sidebar: those of the setting SAVED_VIEWS, or five that are useful everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.navigation.page import Page

from chatwoot_assets.dashboard.filter_urls import LANGUAGE
from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.saved_views import SavedView

# Each name is the text `view_<name>`.
_DEFAULTS = (
    SavedView("waiting", "conversations", {"waiting": "1"}),
    SavedView("yesterday", "overview", {"period": "yesterday"}),
    SavedView("last_week", "overview", {"period": "last_week"}),
    SavedView("agents_last_week", "agents", {"period": "last_week"}),
    SavedView("badly_rated", "conversations", {"period": "30d", "of": "ratings", "rating": "1,2"}),
)


def show_saved_views(
    views: tuple[SavedView, ...], pages: Mapping[str, Page], translate: Callable[..., str], language: Language
) -> None:
    """Draw a link for each view; a view of a page that this viewer does not have is left out.

    Args:
        views: The viewer's views; if there are none, the five defaults are shown.
        pages: The pages that the viewer has, by path.
        translate: Returns a text in the language of the viewer.
        language: The language, which the link keeps.
    """
    shown = views or tuple(SavedView(translate(f"view_{view.name}"), view.path, view.parameters) for view in _DEFAULTS)
    with st.sidebar.expander(translate("saved_views"), icon=":material/bookmark:"):
        for view in shown:
            if view.path in pages:
                st.page_link(pages[view.path], label=view.name, query_params={**view.parameters, LANGUAGE: language})
