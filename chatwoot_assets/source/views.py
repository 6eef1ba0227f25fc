"""The remote views: their SQL, their order, and how they are created and dropped.

Nothing here reads rows of views. A DBA gets the same views from `sql/chatwoot/create_all.sql`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from chatwoot_assets.errors import SourceError
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.source.privileges import check_owner_can_read, grant_readers, read_readers
from chatwoot_assets.source.releases import (
    OPTIONAL_COLUMNS,
    OPTIONAL_TABLES,
    VIEW_NEEDS,
    missing_views,
    optional_columns,
)
from chatwoot_assets.sql_files import compose, sql_path

# The beginning of a view's comment in the database; the view's version follows.
VERSION_COMMENT = "chatwoot_assets "


@dataclass(frozen=True)
class View:
    """A remote view.

    Attributes:
        name: The name of the view, of its file and of its asset.
        layer: 1 for rows as Chatwoot has them, 2 for metrics per conversation, 3 for everything joined.
        tables: The tables of Chatwoot that it reads directly.
        views: The views that it reads.
        description: What a row is; for Dagster's UI and `docs/tables.md`.
    """

    name: str
    layer: int
    tables: tuple[str, ...]
    views: tuple[str, ...]
    description: str

    @property
    def substitute(self) -> str | None:
        """The file that creates an optional view without rows, where this Chatwoot does not have its tables."""
        return f"no_{self.name.removeprefix('vw_')}.sql" if self.name in VIEW_NEEDS else None

    def statement(
        self,
        schema: str,
        timezone: str,
        custom_attributes: str = "",
        mask: Mask = NO_MASK,
        *,
        is_missing: bool = False,
    ) -> sql.Composed:
        """Return the CREATE VIEW statement.

        Args:
            schema: The views' schema.
            timezone: The reporting time zone.
            custom_attributes: The attributes that may leave Chatwoot, as in `Settings`.
            mask: What is masked.
            is_missing: Whether the statement is that of the substitute.
        """
        path = sql_path("chatwoot", self.substitute if is_missing and self.substitute else f"{self.name}.sql")
        return compose(
            path,
            views_schema=schema,
            reporting_timezone=timezone,
            custom_attributes=custom_attributes,
            **mask.options,
        )

    def version(
        self,
        schema: str,
        timezone: str,
        custom_attributes: str = "",
        mask: Mask = NO_MASK,
        *,
        is_missing: bool = False,
    ) -> str:
        """Return a short hash of the statement, which is equal for equal views."""
        text = self.statement(schema, timezone, custom_attributes, mask, is_missing=is_missing).as_string()
        return hashlib.sha256(text.encode()).hexdigest()[:12]


VIEWS = (
    View(
        "vw_attribute_definitions", 1, ("custom_attribute_definitions",), (),
        "One row per definition of a custom attribute.",
    ),
    View(
        "vw_allowed_attributes", 1, ("accounts",), ("vw_attribute_definitions",),
        "One row per account and model: the custom attributes that may leave Chatwoot.",
    ),
    View(
        "vw_imported_conversations", 1, ("data_import_mappings",), (),
        "One row per conversation that Chatwoot's own import wrote, and when.",
    ),
    View(
        "vw_conversations_own", 1, ("conversations",), ("vw_allowed_attributes", "vw_imported_conversations"),
        "One row per conversation: its own columns, and what follows from them.",
    ),
    View(
        "vw_conversations_base", 1, ("contacts", "inboxes", "users"), ("vw_conversations_own", "vw_allowed_attributes"),
        "One row per conversation, with the names that belong to its ids.",
    ),
    View("vw_accounts", 1, ("accounts",), (), "One row per account: its name."),
    View(
        "vw_contacts", 1, ("contacts",), ("vw_allowed_attributes",),
        "One row per contact: its name, e-mail address, phone number and allowed attributes.",
    ),
    View("vw_inboxes", 1, ("inboxes", "working_hours"), (), "One row per inbox: its name, channel and working hours."),
    View("vw_teams", 1, ("teams",), (), "One row per team: its name."),
    View("vw_users", 1, ("users",), (), "One row per agent: its name."),
    View(
        "vw_account_names", 1, ("account_users", "users", "teams"), (),
        "One row per name of a user or team in an account.",
    ),
    View(
        "vw_inbox_bots", 1, ("agent_bot_inboxes", "inboxes"), (),
        "One row per inbox with an active bot: since when.",
    ),
    View(
        "vw_conversations_joined", 1, ("contacts", "users", "accounts", "teams"),
        ("vw_conversations_own", "vw_inboxes", "vw_allowed_attributes"),
        "One row per conversation with all that belongs to its ids: names, team, account, the inbox's working hours.",
    ),
    View(
        "vw_conversation_labels", 1, ("conversations", "taggings", "tags"), (),
        "One row per label of a conversation.",
    ),
    View(
        "vw_conversation_slas", 1, ("conversations", "applied_slas", "sla_policies", "sla_events"), (),
        "One row per SLA policy that was applied to a conversation, with what was missed.",
    ),
    View("vw_calls", 1, ("conversations", "calls"), (), "One row per call in a conversation, without its transcript."),
    View(
        "vw_messages_own", 1, ("messages",), (),
        "One row per message: its own columns, and the marks in its attributes.",
    ),
    View(
        "vw_messages_marked", 1, ("conversations",), ("vw_messages_own",),
        "One row per message, flat, with the marks in its attributes: deleted, automated, campaign, echo, reaction.",
    ),
    View(
        "vw_messages_base", 1, (), ("vw_messages_marked",),
        "One row per message, flat; a day is read by the conversations' created_at.",
    ),
    View(
        "vw_messages_compiled", 1, ("conversations", "contacts"), ("vw_messages_base",),
        "One row per conversation: its messages as one JSON array, ordered by created_at, id.",
    ),
    View(
        "vw_csat_responses", 1, ("conversations", "csat_survey_responses"), (),
        "One row per response to a satisfaction survey.",
    ),
    View(
        "vw_csat_base", 1, ("conversations",), ("vw_csat_responses",),
        "One row per rated conversation: its latest response, and the number of responses.",
    ),
    View(
        "vw_reporting_events_own", 1, ("reporting_events",), (),
        "One row per event that Chatwoot recorded for its own reports: its own columns.",
    ),
    View(
        "vw_reporting_events_base", 1, ("conversations",), ("vw_reporting_events_own",),
        "One row per event that Chatwoot recorded for its own reports.",
    ),
    View(
        "vw_conversation_metrics", 2, (), ("vw_conversations_own",),
        "One row per conversation: first response, flags, and its day, hour and weekday in the reporting time zone.",
    ),
    View(
        "vw_message_stats", 2, ("conversations",), ("vw_messages_base",),
        "One row per conversation: counts and times of its public messages.",
    ),
    View(
        "vw_conversations_analytics", 3, (),
        (
            "vw_conversations_base", "vw_messages_compiled", "vw_csat_base", "vw_conversation_metrics",
            "vw_message_stats",
        ),
        "One row per conversation: the columns of conversas_analytics, computed on the source.",
    ),
)  # fmt: skip

_NAMES = [view.name for view in VIEWS]
# Views of earlier versions. They are dropped with the others, because Chatwoot cannot change columns that they read.
_FORMER = ("vw_conversation_context",)


def create_views(
    connection: psycopg.Connection,
    schema: str,
    timezone: str,
    *names: str,
    custom_attributes: str = "",
    mask: Mask = NO_MASK,
    change_timezone: bool = False,
) -> list[str]:
    """Create or replace views, and their schema if it is missing, in the caller's transaction.

    A view whose tables this Chatwoot does not have is created without rows; see `releases.py`.

    If a definition changed in a way that CREATE OR REPLACE refuses (a column was removed or has another
    type), all views are dropped and created again: a reader sees the old ones until the transaction ends, and
    the roles that may read them stay the same.

    Args:
        connection: A session on the source, in a transaction.
        schema: The views' schema.
        timezone: The reporting time zone.
        names: The views to create; all if none is named.
        custom_attributes: The attributes that may leave Chatwoot, as in `Settings`.
        mask: What is masked.
        change_timezone: Whether views of another time zone may be replaced. Every day that is loaded would then
            differ from the source.

    Returns:
        The names of the views that were created.

    Raises:
        SourceError: The views have another time zone and may not be replaced, a view that is read is missing, the
            views' owner cannot read what they need, or they must be dropped and other objects depend on them.
    """
    schema_exists = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone()
    if schema_exists is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    elif not change_timezone:
        (deployed,) = connection.execute(timezone_query(schema)).fetchone() or (None,)
        check_timezone(schema, deployed, timezone)
    columns = connection.execute(table_columns_query()).fetchall()
    versions = wanted_versions(schema, timezone, custom_attributes, mask, columns)
    missing = missing_views(columns)
    created = [view for view in VIEWS if not names or view.name in names]
    try:
        with connection.transaction():
            for view in created:
                statement = view.statement(schema, timezone, custom_attributes, mask, is_missing=view.name in missing)
                _create(connection, schema, view.name, statement, versions[view.name])
    except psycopg.errors.InvalidTableDefinition:
        readers = read_readers(connection, schema, _NAMES)
        drop_views(connection, schema)
        created = list(VIEWS)
        for view in created:
            statement = view.statement(schema, timezone, custom_attributes, mask, is_missing=view.name in missing)
            _create(connection, schema, view.name, statement, versions[view.name])
        grant_readers(connection, schema, readers)
    except psycopg.errors.UndefinedTable:
        raise SourceError(
            f"a view that {', '.join(names)} reads is not in {schema!r}; run: chatwoot-assets views create"
        ) from None
    check_owner_can_read(connection, schema, _NAMES)
    return [view.name for view in created]


def table_columns_query() -> sql.Composed:
    """Return the query for the columns of the tables that optional views need, as far as they exist."""
    return compose(sql_path("source", "table_columns.sql"), tables=OPTIONAL_TABLES, columns=OPTIONAL_COLUMNS)


def timezone_query(schema: str) -> sql.Composed:
    """Return the query for the time zone that the views in a schema were made for, NULL without views.

    It reads their definition, so that views made in psql are recognized, too.
    """
    return compose(sql_path("source", "views_timezone.sql"), views_schema=schema)


def check_timezone(schema: str, deployed: str | None, timezone: str) -> None:
    """Check that the deployed views, if there are any, have the reporting time zone.

    Raises:
        SourceError: They have another; the message names both, and says what to do.
    """
    if deployed not in (None, timezone):
        raise SourceError(
            f"the views in {schema!r} were made for the time zone {deployed}, and REPORTING_TIMEZONE is {timezone};"
            f" set REPORTING_TIMEZONE={deployed}, or run: chatwoot-assets views create --change-timezone, and then"
            " load all days again"
        )


def schemas_with_views(connection: psycopg.Connection) -> list[str]:
    """Return the schemas that hold any of the views."""
    rows = connection.execute(
        "SELECT DISTINCT schemaname FROM pg_views WHERE viewname = ANY (%s) ORDER BY schemaname",
        [_NAMES],
    )
    return [schema for (schema,) in rows]


def wanted_versions(
    schema: str, timezone: str, custom_attributes: str, mask: Mask, existing: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Return the version that each view should have: the hash of its statement, and the optional columns it selects.

    Args:
        schema: The views' schema.
        timezone: The reporting time zone.
        custom_attributes: The attributes that may leave Chatwoot, as in `Settings`.
        mask: What is masked.
        existing: The tables and columns that this Chatwoot has, from `table_columns_query`.
    """
    columns = list(existing)
    missing = missing_views(columns)
    return {
        view.name: "+".join(
            (
                view.version(schema, timezone, custom_attributes, mask, is_missing=view.name in missing),
                *optional_columns(view.name, columns),
            )
        )
        for view in VIEWS
    }


def _create(connection: psycopg.Connection, schema: str, name: str, statement: sql.Composed, version: str) -> None:
    connection.execute(statement)
    connection.execute(
        sql.SQL("COMMENT ON VIEW {} IS {}").format(sql.Identifier(schema, name), sql.Literal(VERSION_COMMENT + version))
    )


def drop_views(connection: psycopg.Connection, schema: str) -> int:
    """Drop the views and return how many existed.

    Raises:
        SourceError: Other objects depend on them; the message names these.
    """
    rows = connection.execute(
        "SELECT viewname FROM pg_views WHERE schemaname = %s AND viewname = ANY (%s)", [schema, [*_NAMES, *_FORMER]]
    )
    existing = [sql.Identifier(schema, name) for (name,) in rows]
    if not existing:
        return 0
    try:
        connection.execute(sql.SQL("DROP VIEW {}").format(sql.SQL(", ").join(existing)))
    except psycopg.errors.DependentObjectsStillExist as error:
        dependents = "; ".join((error.diag.message_detail or "").splitlines())
        raise SourceError(
            f"other objects depend on the views in {schema!r}: {dependents}; drop them, and create them again once"
            " the views are back"
        ) from None
    return len(existing)


def view_columns(connection: psycopg.Connection, schema: str, name: str) -> list[tuple[str, str]]:
    """Return the names and types of a view's columns, in order."""
    return connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass AND attnum > 0 ORDER BY attnum",
        [schema, name],
    ).fetchall()
