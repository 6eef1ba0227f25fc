"""`chatwoot-assets bi create`, `drop` and `dbt`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from chatwoot_assets.bi import create as bi
from chatwoot_assets.bi.dbt import sources_yaml
from chatwoot_assets.bi.views import VIEWS
from chatwoot_assets.commands.console import out, warehouse_database
from chatwoot_assets.settings import Settings
from chatwoot_assets.warehouse.schema import migrate


def create(readers: Sequence[str], personal_readers: Sequence[str]) -> None:
    """Create or replace the views, and let roles read them.

    Args:
        readers: Roles that may read numbers.
        personal_readers: Roles that may also read names of contacts and contents.

    Raises:
        WarehouseError: The views cannot be created, or a role does not exist.
    """
    settings = Settings.load()
    warehouse = warehouse_database()
    migrate(warehouse)
    with warehouse.connect() as connection, connection.transaction():
        bi.create_views(connection, settings.reporting_timezone.key)
        for role in readers:
            bi.grant(connection, role, personal=False)
        for role in personal_readers:
            bi.grant(connection, role, personal=True)
    out.print(f"{len(VIEWS)} views are in the schema {bi.SCHEMA}, with times in {settings.reporting_timezone.key}")


def drop() -> None:
    """Drop the views.

    Raises:
        WarehouseError: Something depends on them.
    """
    with warehouse_database().connect() as connection:
        bi.drop_views(connection)
    out.print(f"the views of the schema {bi.SCHEMA} are dropped")


def print_dbt() -> None:
    """Print the views as dbt's sources, with tests."""
    click.echo(sources_yaml(), nl=False)
