"""The two databases as Dagster resources.

Assets, checks, sensors and schedules declare `dg.ResourceParam[ChatwootDatabase]` or `dg.ResourceParam[Warehouse]`
and get the plain objects of `chatwoot_assets.postgres`. A user may therefore pass either a configurable resource or
such an object as a resource.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import dagster as dg

from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, CHATWOOT_DATABASE_URL, missing_url_error
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.postgres import ChatwootDatabase, Warehouse
from chatwoot_assets.secret_settings import read_mask_key
from chatwoot_assets.settings import Settings


class ChatwootResource(dg.ConfigurableResource[ChatwootDatabase]):
    """Configuration of the source; see `ChatwootDatabase` for the attributes.

    `mask` is what MASK lists. The key is no part of the configuration, which Dagster shows: the settings have it.
    """

    url: str = ""
    views_schema: str = ChatwootDatabase.views_schema
    custom_attributes: str = ChatwootDatabase.custom_attributes
    mask: str = ""
    inline_timezone: str = ChatwootDatabase.inline_timezone
    statement_timeout_seconds: int = ChatwootDatabase.statement_timeout_seconds
    lock_timeout_seconds: int = ChatwootDatabase.lock_timeout_seconds
    url_from_settings: bool = False

    def create_resource(self, _context: dg.InitResourceContext) -> ChatwootDatabase:
        """Return the source that the configuration describes."""
        return ChatwootDatabase(
            url=self.url,
            views_schema=self.views_schema,
            custom_attributes=self.custom_attributes,
            mask=Mask(tuple(self.mask.split(",")), read_mask_key()) if self.mask else NO_MASK,
            inline_timezone=self.inline_timezone,
            statement_timeout_seconds=self.statement_timeout_seconds,
            lock_timeout_seconds=self.lock_timeout_seconds,
            url_from_settings=self.url_from_settings,
        )


class WarehouseResource(dg.ConfigurableResource[Warehouse]):
    """Configuration of the target; see `Warehouse` for the attributes."""

    url: str = ""
    url_from_settings: bool = False
    statement_timeout_seconds: int = Warehouse.statement_timeout_seconds

    def create_resource(self, _context: dg.InitResourceContext) -> Warehouse:
        """Return the target that the configuration describes."""
        return Warehouse(
            url=self.url,
            url_from_settings=self.url_from_settings,
            statement_timeout_seconds=self.statement_timeout_seconds,
        )


def build_resources(settings: Settings, replaced: Container[str] = ()) -> dict[str, Any]:
    """Return the two databases by resource key.

    A URL that the settings give is read only when a session opens, so that no password is part of the definitions.

    Args:
        settings: The project's settings.
        replaced: The keys whose databases the caller brings.

    Raises:
        SettingsError: A database has no URL, and CHATWOOT_ASSETS_EMBEDDED is off.
    """
    for key, is_set, variable in (
        ("chatwoot", settings.chatwoot_url_is_set, CHATWOOT_DATABASE_URL),
        ("warehouse", settings.analytics_url_is_set, ANALYTICS_DATABASE_URL),
    ):
        if not (is_set or settings.embedded or key in replaced):
            raise missing_url_error(variable)
    return {
        "chatwoot": ChatwootResource(
            url_from_settings=settings.chatwoot_url_is_set,
            views_schema=settings.views_schema,
            custom_attributes=settings.custom_attributes,
            mask=settings.mask.text,
            inline_timezone=settings.inline_timezone,
        ),
        "warehouse": WarehouseResource(url_from_settings=settings.analytics_url_is_set),
    }
