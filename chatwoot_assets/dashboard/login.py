"""Who looks at the dashboard, and what they may see. Streamlit logs people in, by OpenID Connect.

The identity provider's claims come from a cookie that Streamlit signs. They choose one of the rules of VIEWERS, which
`database.py` passes to PostgreSQL.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from chatwoot_assets.dashboard import layout
from chatwoot_assets.settings import Login
from chatwoot_assets.viewer_rules import Access, ViewerRules

# Streamlit's cookie lasts for 30 days. Who leaves a group at the provider keeps its access until the next login.
MAX_AGE_SECONDS = 7 * 24 * 60 * 60


def find_access(claims: Mapping[str, Any], rules: ViewerRules, now: float) -> Access | None:
    """Return the access of a person who logged in; None for no access.

    Args:
        claims: What the identity provider says.
        rules: Who sees what.
        now: The time, as a UNIX timestamp.
    """
    if not is_current(claims, now):
        return None
    groups = claims.get(rules.groups_claim)
    if isinstance(groups, str):
        groups = [groups]
    names = [group for group in groups if isinstance(group, str)] if isinstance(groups, (list, tuple)) else []
    return rules.find(find_email(claims), names)


def find_email(claims: Mapping[str, Any]) -> str | None:
    """Return a person's e-mail address; None if the provider does not name it, or did not check it."""
    email = claims.get("email")
    # Some providers let people enter any address, and say that they did not check it.
    return email if isinstance(email, str) and claims.get("email_verified", True) in (True, "true") else None


def is_current(claims: Mapping[str, Any], now: float) -> bool:
    """Return whether somebody is logged in, recently enough."""
    issued = claims.get("iat")
    return claims.get("is_logged_in") is True and isinstance(issued, int | float) and now - issued < MAX_AGE_SECONDS


def require_access(login: Login, translate: layout.Translate) -> Access | None:
    """Return what the viewer may see; None after drawing the reason why that is nothing."""
    claims, now = st.user.to_dict(), time.time()
    access = find_access(claims, login.viewers, now)
    if access is not None:
        return access
    st.header(translate("title"), anchor=False)
    if is_current(claims, now):
        st.error(translate("login_no_access"), icon=":material/block:")
        show_logout(translate)
    else:
        st.button(translate("login"), on_click=st.login, type="primary", icon=":material/login:")
    return None


def show_logout(translate: layout.Translate) -> None:
    """Draw the button that logs the viewer out."""
    st.button(translate("logout"), on_click=st.logout, type="tertiary", icon=":material/logout:")
