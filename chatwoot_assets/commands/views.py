"""`chatwoot-assets views create`, `drop` and `print`."""

from __future__ import annotations

import click
from psycopg import sql

from chatwoot_assets.commands.console import chatwoot_database, out
from chatwoot_assets.errors import SettingsError, SourceError
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.create import create_views, drop_views
from chatwoot_assets.source.deployment import schemas_with_views
from chatwoot_assets.source.tables import check_tables
from chatwoot_assets.source.views import VIEWS


def create(*, change_timezone: bool = False) -> None:
    """Create or replace all views, in one transaction.

    Args:
        change_timezone: Whether views of another reporting time zone may be replaced.

    Raises:
        SettingsError: CHATWOOT_VIEWS is inline.
        SourceError: The views cannot be created, or have another time zone.
    """
    settings = Settings.load()
    if settings.has_inline_views:
        raise SettingsError("CHATWOOT_VIEWS is inline: no views are needed, and none are created")
    with chatwoot_database(settings).transaction() as connection:
        check_tables(connection)
        created = create_views(connection, settings.view_options, change_timezone=change_timezone)
    out.print(f"{len(created)} views are in the schema {settings.views_schema}")


def drop() -> None:
    """Drop all views; their schema stays.

    Raises:
        SourceError: There are no views in the schema; the message names the schemas that hold some.
    """
    settings = Settings.load()
    with chatwoot_database(settings).transaction() as connection:
        dropped = drop_views(connection, settings.views_schema)
        elsewhere = schemas_with_views(connection)
    if not dropped:
        places = ", ".join(map(repr, elsewhere))
        advice = f"; they are in {places}: set CHATWOOT_VIEWS_SCHEMA" if places else ", nor in another one"
        raise SourceError(f"no views to drop are in the schema {settings.views_schema!r}{advice}")
    out.print(f"{dropped} views dropped from the schema {settings.views_schema}")


def show() -> None:
    """Print the statements that `create` runs."""
    settings = Settings.load()
    click.echo(f"CREATE SCHEMA IF NOT EXISTS {sql.Identifier(settings.views_schema).as_string()};\n")
    for view in VIEWS:
        click.echo(view.statement(settings.view_options).as_string().strip() + "\n")
