"""Compare the views that are deployed in Chatwoot's database with those that this code and the settings require."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.source.releases import missing_views, optional_columns
from chatwoot_assets.source.snapshot import VIEWS_MISSING, Snapshot
from chatwoot_assets.source.views import VIEW_NAMES, VIEWS
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.view_options import ViewOptions

# The beginning of a view's comment in the database; the view's version follows.
VERSION_COMMENT = "chatwoot_assets "


def check_views(source: Snapshot, options: ViewOptions) -> None:
    """Check that the deployed views have the wanted time zone, attributes and mask, and the current SQL.

    Views that a DBA created in psql have no recorded version: only their time zone and what they mask is checked.

    Raises:
        SourceError: The views are missing, or have another time zone, mask or version; the message says what to do.
    """
    if source.has_inline_views:
        return
    schema, mask = options.schema, options.mask.text
    deployed_zone = deployed_timezone(source, schema)
    if deployed_zone is None:
        raise SourceError(VIEWS_MISSING)
    check_timezone(options, deployed_zone)
    deployed = deployed_versions(source, schema)
    # A view that lacks a column of a later Chatwoot is accepted until the sensor creates it again.
    outdated = [
        view.name
        for view in VIEWS
        if view.name in deployed
        and deployed[view.name].partition("+")[0]
        not in (view.version(options, is_missing=missing) for missing in (False, True))
    ]
    if outdated:
        raise SourceError(
            f"views in {schema!r} have another version than this chatwoot_assets or other CUSTOM_ATTRIBUTES, MASK or"
            f" MASK_KEY ({', '.join(outdated)}); run: chatwoot-assets views create"
        )
    masked = source.read(compose(sql_path("source", "views_mask.sql"), views_schema=schema))["mask"][0] or ""
    if masked != mask:
        raise SourceError(
            f"the views in {schema!r} mask {masked or 'nothing'}, and MASK is {mask or 'not set'};"
            " create them again with this option"
        )


def check_timezone(options: ViewOptions, deployed: str | None) -> None:
    """Check that the deployed views, if there are any, have the reporting time zone.

    Args:
        options: What the views should be.
        deployed: The time zone of the deployed views, or None if there are none.

    Raises:
        SourceError: They have another; the message names both, and says what to do.
    """
    if deployed not in (None, options.timezone):
        raise SourceError(
            f"the views in {options.schema!r} were made for the time zone {deployed}, and REPORTING_TIMEZONE is"
            f" {options.timezone}; set REPORTING_TIMEZONE={deployed}, or run: chatwoot-assets views create"
            " --change-timezone, and then load all days again"
        )


def wanted_versions(options: ViewOptions, existing: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the version that each view should have: the hash of its statement, and the optional columns it selects.

    Args:
        options: The schema and the settings that the views depend on.
        existing: The tables and columns that this Chatwoot has, from `table_columns_query`.
    """
    columns = list(existing)
    missing = missing_views(columns)
    return {
        view.name: "+".join(
            (view.version(options, is_missing=view.name in missing), *optional_columns(view.name, columns))
        )
        for view in VIEWS
    }


def deployed_versions(source: Snapshot, schema: str) -> dict[str, str]:
    """Return the recorded version of each of our views that has one."""
    rows = source.read(compose(sql_path("source", "deployed_views.sql"), views_schema=schema)).iter_rows()
    return {
        name: comment.removeprefix(VERSION_COMMENT)
        for name, comment in rows
        if name in VIEW_NAMES and comment.startswith(VERSION_COMMENT)
    }


def deployed_timezone(source: Snapshot, schema: str) -> str | None:
    """Return the time zone that the deployed views were made for, or None if there are none."""
    zone: str | None = source.read(timezone_query(schema))["reporting_timezone"][0]
    return zone


def timezone_query(schema: str) -> sql.Composed:
    """Return the query for the time zone that the views in a schema were made for, NULL without views.

    It reads their definition, so that views made in psql are recognized, too.
    """
    return compose(sql_path("source", "views_timezone.sql"), views_schema=schema)


def find_missing_views(source: Snapshot, schema: str) -> list[str]:
    """Return the names of our views that are not in the schema."""
    if source.has_inline_views:
        return []
    existing = source.read(compose(sql_path("source", "deployed_views.sql"), views_schema=schema))["name"].to_list()
    return [name for name in VIEW_NAMES if name not in existing]


def describe_missing_views(missing: list[str], schema: str) -> str:
    """Return one line that says which views are missing, and what to do.

    Args:
        missing: Their names; at least one.
        schema: The schema in which they should be.
    """
    names = "all views" if len(missing) == len(VIEW_NAMES) else ", ".join(missing)
    return f"missing in {schema!r}: {names}; run: chatwoot-assets views create"


def schemas_with_views(connection: psycopg.Connection) -> list[str]:
    """Return the schemas that hold any of the views."""
    rows = connection.execute(
        "SELECT DISTINCT schemaname FROM pg_views WHERE viewname = ANY (%s) ORDER BY schemaname", [VIEW_NAMES]
    )
    return [schema for (schema,) in rows]


def view_columns(connection: psycopg.Connection, schema: str, name: str) -> list[tuple[str, str]]:
    """Return the names and types of a deployed view's columns, in order."""
    return connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass AND attnum > 0 ORDER BY attnum",
        [schema, name],
    ).fetchall()
