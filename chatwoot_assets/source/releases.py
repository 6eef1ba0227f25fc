"""The tables and columns that only some releases of Chatwoot have, and the views that use them.

Columns decide, not a version number; see `tables.py`. A view in VIEW_NEEDS has no rows where one of its columns is
missing (`View.substitute`), and is created again when a later Chatwoot brings them. It always exists, so that its
readers do not depend on the tables, which an upgrade may bring before the views are created again.

A column in VIEW_COLUMNS is NULL in the view where Chatwoot does not have it. The view's SQL is the same everywhere: it
selects such a column by its bare name, which PostgreSQL resolves to the table's column or else to a column of an outer
query with a row of NULLs. When a later Chatwoot brings the column, the view is created again: the version in its
comment shows that it lacks the column.
"""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from chatwoot_assets.sql_files import compose, sql_path

# The columns that each optional view needs, by table.
VIEW_NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    # Both are in all releases since 3.4; restored or reduced databases may lack them.
    "vw_attribute_definitions": {
        "custom_attribute_definitions": (
            "account_id", "attribute_key", "attribute_display_name", "attribute_display_type", "attribute_model",
            "attribute_values",
        )
    },
    # Since 4.16.
    "vw_imported_conversations": {
        "data_import_mappings": ("chatwoot_record_type", "chatwoot_record_id", "created_at")
    },
    # Since 4.17.
    "vw_captain_outcomes": {
        "conversation_outcomes": (
            "id", "account_id", "conversation_id", "assistant_id", "episode_trigger", "started_at", "ended_at",
            "captain_reply_count", "first_captain_reply_at", "first_human_reply_at", "handoff_at",
            "handoff_reason_category", "resolved_at", "csat_rating",
        )
    },
    # Since 3.8.
    "vw_conversation_slas": {
        "applied_slas": ("id", "conversation_id", "sla_policy_id", "sla_status", "created_at"),
        "sla_policies": ("id", "name"),
        "sla_events": ("applied_sla_id", "event_type", "created_at"),
    },
    # Since 4.13.
    "vw_calls": {
        "calls": (
            "id", "account_id", "conversation_id", "direction", "provider", "status", "accepted_by_agent_id",
            "created_at", "started_at", "duration_seconds",
        )
    },
    # All releases since 3.4 have it; restored or reduced databases may lack it.
    "vw_campaigns": {
        "campaigns": (
            "id", "account_id", "inbox_id", "title", "campaign_type", "campaign_status", "created_at", "scheduled_at",
        )
    },
    # Since 4.17.
    "vw_campaign_deliveries": {
        "campaign_recipients": (
            "id", "account_id", "campaign_id", "contact_id", "inbox_id", "status", "error_code", "sent_at",
            "delivered_at", "read_at", "failed_at", "created_at", "updated_at",
        )
    },
    "vw_inbox_bots": {"agent_bot_inboxes": ("inbox_id", "status", "created_at"), "inboxes": ("id", "created_at")},
    "vw_dialogflow_inboxes": {
        "integrations_hooks": ("inbox_id", "app_id", "status", "created_at"), "inboxes": ("id", "created_at"),
    },
    # Since 4.0.
    "vw_captain_inboxes": {"captain_inboxes": ("inbox_id", "created_at"), "inboxes": ("id", "created_at")},
}  # fmt: skip

# The columns that views select where they exist, by view and table.
VIEW_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    # Since 4.17, 4.8 and 4.18.
    "vw_conversations_own": {"conversations": ("status_changed_at", "assignee_agent_bot_id", "ai_assignee_type")},
    # Since 4.17.
    "vw_conversation_slas": {"applied_slas": ("completed_at",)},
    # Since 4.17.
    "vw_campaigns": {"campaigns": ("started_at", "completed_at")},
    # Since 4.10.
    "vw_csat_responses": {
        "csat_survey_responses": ("csat_review_notes", "review_notes_updated_at", "review_notes_updated_by_id")
    },
}

_NEEDS = [needs for views in (VIEW_NEEDS, VIEW_COLUMNS) for needs in views.values()]

# The tables, and their columns as table.column, to look for before views are created or compared.
OPTIONAL_TABLES = sorted({table for needs in _NEEDS for table in needs})
OPTIONAL_COLUMNS = sorted({f"{table}.{name}" for needs in _NEEDS for table, names in needs.items() for name in names})


def table_columns_query() -> sql.Composed:
    """Return the query for the columns of the tables that optional views need, as far as they exist."""
    return compose(sql_path("source", "table_columns.sql"), tables=OPTIONAL_TABLES, columns=OPTIONAL_COLUMNS)


def missing_views(existing: Iterable[tuple[str, str]]) -> set[str]:
    """Return the optional views whose tables a database does not have.

    Args:
        existing: The tables and columns that it has, at least those of OPTIONAL_TABLES.
    """
    columns = set(existing)
    return {
        view
        for view, needs in VIEW_NEEDS.items()
        if any((table, column) not in columns for table, names in needs.items() for column in names)
    }


def optional_columns(view: str, existing: Iterable[tuple[str, str]]) -> list[str]:
    """Return the optional columns that a view can select from a database, in order.

    Args:
        view: The view's name.
        existing: The tables and columns that the database has, at least those of OPTIONAL_TABLES.
    """
    columns = set(existing)
    return [name for table, names in VIEW_COLUMNS.get(view, {}).items() for name in names if (table, name) in columns]
