"""`chatwoot-assets views create | drop | print`."""

from __future__ import annotations

import click
from psycopg import sql

from chatwoot_assets.commands.console import chatwoot_database, out
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.tables import check_tables
from chatwoot_assets.source.views import VIEWS, create_views, drop_views


def create() -> None:
    """Create or replace all the views, in one transaction."""
    settings = Settings.load()
    with chatwoot_database(settings).transaction() as connection:
        check_tables(connection)
        create_views(connection, settings.views_schema, settings.reporting_timezone.key)
    out.print(f"{len(VIEWS)} views are in the schema {settings.views_schema}")


def drop() -> None:
    """Drop all the views; their schema stays."""
    settings = Settings.load()
    with chatwoot_database(settings).transaction() as connection:
        dropped = drop_views(connection, settings.views_schema)
    out.print(f"{dropped} views dropped from the schema {settings.views_schema}")


def show() -> None:
    """Print the statements that `create` runs."""
    settings = Settings.load()
    click.echo(f"CREATE SCHEMA IF NOT EXISTS {sql.Identifier(settings.views_schema).as_string()};\n")
    for view in VIEWS:
        statement = view.statement(settings.views_schema, settings.reporting_timezone.key)
        click.echo(statement.as_string().strip() + "\n")
