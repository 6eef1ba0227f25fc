"""Check that the views in Chatwoot's database match this code and the reporting time zone."""

from __future__ import annotations

from chatwoot_assets.errors import SourceError
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.source.snapshot import VIEWS_MISSING, Snapshot
from chatwoot_assets.source.views import VERSION_COMMENT, VIEWS, check_timezone, timezone_query
from chatwoot_assets.sql_files import compose, sql_path


def check_views(
    source: Snapshot, schema: str, timezone: str, custom_attributes: str = "", mask: Mask = NO_MASK
) -> None:
    """Check that the deployed views have the reporting time zone, the allowed attributes, the mask and the current SQL.

    Views that a DBA created in psql have no recorded version: only their time zone and what they mask is checked.

    Raises:
        SourceError: The views are missing, or have another time zone, mask or version; the message says what to do.
    """
    if source.has_inline_views:
        return
    deployed_zone = deployed_timezone(source, schema)
    if deployed_zone is None:
        raise SourceError(VIEWS_MISSING)
    check_timezone(schema, deployed_zone, timezone)
    deployed = deployed_versions(source, schema)
    options = schema, timezone, custom_attributes, mask
    # A view that lacks what a later Chatwoot brought is right all the same, until the sensor creates it again.
    outdated = [
        view.name
        for view in VIEWS
        if view.name in deployed
        and deployed[view.name].partition("+")[0]
        not in (view.version(*options, is_missing=missing) for missing in (False, True))
    ]
    if outdated:
        raise SourceError(
            f"views in {schema!r} have another version than this chatwoot_assets or other CUSTOM_ATTRIBUTES, MASK or"
            f" MASK_KEY ({', '.join(outdated)}); run: chatwoot-assets views create"
        )
    masked = source.read(compose(sql_path("source", "views_mask.sql"), views_schema=schema))["mask"][0] or ""
    if masked != mask.text:
        raise SourceError(
            f"the views in {schema!r} mask {masked or 'nothing'}, and MASK is {mask.text or 'not set'};"
            " create them again with this option"
        )


def find_missing_views(source: Snapshot, schema: str) -> list[str]:
    """Return the names of our views that are not in the schema."""
    if source.has_inline_views:
        return []
    existing = source.read(compose(sql_path("source", "deployed_views.sql"), views_schema=schema))["name"].to_list()
    return [view.name for view in VIEWS if view.name not in existing]


def deployed_timezone(source: Snapshot, schema: str) -> str | None:
    """Return the time zone that the deployed views were made for, or None if there are none."""
    zone: str | None = source.read(timezone_query(schema))["reporting_timezone"][0]
    return zone


def deployed_versions(source: Snapshot, schema: str) -> dict[str, str]:
    """Return the recorded version of each of our views that has one."""
    rows = source.read(compose(sql_path("source", "deployed_views.sql"), views_schema=schema)).iter_rows()
    names = {view.name for view in VIEWS}
    return {
        name: comment.removeprefix(VERSION_COMMENT)
        for name, comment in rows
        if name in names and comment.startswith(VERSION_COMMENT)
    }
