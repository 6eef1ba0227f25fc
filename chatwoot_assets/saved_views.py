"""The setting SAVED_VIEWS: pages of the dashboard with their filters, under a name, for everybody or for one viewer.

A view is an address of the dashboard. Which pages and filters there are is known to the dashboard only.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from chatwoot_assets.settings_tables import Table, parse_table, refuse

_EXAMPLE = '{"Sales, last week": "overview?period=last_week&inbox=3"}'
_ACCEPTED = "is an address of the dashboard, such as overview?period=last_week&inbox=3"


@dataclass(frozen=True)
class SavedView:
    """A page of the dashboard with its filters.

    Attributes:
        name: Its name.
        path: The path of the page, such as overview.
        parameters: The parameters of its URL.
    """

    name: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class SavedViews:
    """The views of everybody, and those of single viewers by their e-mail in lower case."""

    shared: tuple[SavedView, ...] = ()
    personal: Mapping[str, tuple[SavedView, ...]] = field(default_factory=dict, hash=False)

    def of(self, email: str | None) -> tuple[SavedView, ...]:
        """Return the views of a viewer, personal ones first; None for somebody without an e-mail."""
        return (*self.personal.get((email or "").lower(), ()), *self.shared)


@functools.lru_cache(maxsize=16)
def parse_saved_views(text: str) -> SavedViews:
    """Return the views that the setting's text holds, a JSON object.

    Raises:
        ValueError: It is not accepted. The message completes a sentence that begins with the setting's name.
    """
    table = parse_table(text, _EXAMPLE)
    shared = {name: value for name, value in table.items() if not isinstance(value, dict)}
    personal = {email: views for email, views in table.items() if isinstance(views, dict)}
    for email in personal:
        if "@" not in email:
            raise ValueError(f"has the table {email}; accepted is an e-mail address, such as ana@example.com")
    return SavedViews(
        _parse_views(shared), {email.lower(): _parse_views(views, f"{email}.") for email, views in personal.items()}
    )


def _parse_views(table: Table, prefix: str = "") -> tuple[SavedView, ...]:
    return tuple(_parse_view(name, address, prefix) for name, address in table.items())


def _parse_view(name: str, address: object, prefix: str) -> SavedView:
    url = urlsplit(address) if isinstance(address, str) else None
    # A whole URL is accepted, too, as the browser shows it.
    path = url.path.rstrip("/").rpartition("/")[2] if url else ""
    if url is None or not re.fullmatch(r"[a-z_]*", path) or not (path or url.netloc):
        raise refuse(prefix + name, address, _ACCEPTED)
    return SavedView(name, path or "overview", dict(parse_qsl(url.query)))
