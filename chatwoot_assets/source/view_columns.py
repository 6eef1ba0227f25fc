"""The columns of the remote views, in order, where no database says them: for Dagster's asset graph.

The views' SQL decides; a test compares it with these names. Types are not declared, because they differ between
releases of Chatwoot.
"""

VIEW_COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "vw_attribute_definitions": ("account_id", "model", "key", "type", "list_values", "is_personal"),
    "vw_allowed_attributes": ("account_id", "model", "attributes"),
    "vw_imported_conversations": ("conversation_id", "imported_at"),
    "vw_captain_outcomes": ("account_id", "conversation_id", "outcomes"),
    "vw_conversations_own": (
        "id", "display_id", "account_id", "inbox_id", "status", "status_code", "contact_id", "assignee_id", "team_id",
        "created_at", "updated_at", "first_reply_created_at", "waiting_since", "priority", "priority_code",
        "first_response_seconds", "is_resolved", "is_assigned", "conversation_date", "conversation_hour", "day_of_week",
        "custom_attributes", "status_changed_at", "is_unassigned", "is_imported", "imported_at", "captain_outcomes",
        "participants",
    ),
    "vw_conversations_base": (
        "id", "display_id", "account_id", "inbox_id", "status", "status_code", "contact_id", "assignee_id", "team_id",
        "created_at", "updated_at", "priority", "priority_code", "contact_name", "contact_email", "contact_phone",
        "inbox_name", "inbox_type", "assignee_name", "custom_attributes", "contact_attributes",
    ),
    "vw_accounts": ("id", "name"),
    "vw_contacts": ("id", "name", "email", "phone_number", "contact_attributes"),
    "vw_inboxes": ("id", "name", "channel_type", "timezone", "working_hours", "auto_assigns"),
    "vw_teams": ("id", "name"),
    "vw_users": ("id", "name"),
    "vw_account_names": ("account_id", "name", "is_team"),
    "vw_inbox_bots": ("inbox_id", "bot_since"),
    "vw_campaigns": (
        "id", "account_id", "inbox_id", "title", "campaign_type", "campaign_status", "created_at", "scheduled_at",
        "started_at", "completed_at",
    ),
    "vw_campaign_deliveries": (
        "id", "campaign_id", "account_id", "inbox_id", "contact_id", "delivery_status", "error_code", "sent_at",
        "delivered_at", "read_at", "failed_at", "created_at", "updated_at",
    ),
    "vw_dialogflow_inboxes": ("inbox_id", "bot_since"),
    "vw_captain_inboxes": ("inbox_id", "bot_since"),
    "vw_conversations_joined": (
        "id", "display_id", "account_id", "inbox_id", "status", "status_code", "contact_id", "assignee_id", "team_id",
        "created_at", "updated_at", "first_reply_created_at", "waiting_since", "priority", "priority_code",
        "first_response_seconds", "is_resolved", "is_assigned", "conversation_date", "conversation_hour", "day_of_week",
        "contact_name", "contact_email", "contact_phone", "inbox_name", "inbox_type", "inbox_timezone", "working_hours",
        "assignee_name", "account_name", "team_name", "custom_attributes", "contact_attributes", "status_changed_at",
        "is_unassigned", "is_imported", "imported_at", "captain_outcomes", "participants", "inbox_auto_assigns",
    ),
    "vw_conversation_labels": ("conversation_id", "conversation_created_at", "label"),
    "vw_conversation_slas": (
        "conversation_id", "conversation_created_at", "id", "sla_policy_id", "policy_name", "sla_status", "applied_at",
        "completed_at", "first_response_missed_at", "next_response_misses", "next_response_missed_at",
        "resolution_missed_at",
    ),
    "vw_calls": (
        "conversation_id", "conversation_created_at", "id", "direction", "provider", "call_status", "agent_id",
        "called_at", "started_at", "duration_seconds",
    ),
    "vw_messages_own": (
        "conversation_id", "id", "created_at", "message_type", "message_type_code", "content_type", "content_type_code",
        "sender_type", "sender_id", "private", "marks", "content", "row_version",
    ),
    "vw_messages_marked": (
        "conversation_id", "conversation_created_at", "id", "created_at", "message_type", "message_type_code",
        "content_type", "content_type_code", "sender_type", "sender_id", "private", "marks", "content", "row_version",
    ),
    "vw_messages_base": (
        "conversation_id", "conversation_created_at", "id", "created_at", "message_type", "message_type_code",
        "content_type", "sender_type", "sender_id", "private", "deleted", "content",
    ),
    "vw_messages_compiled": (
        "conversation_id", "conversation_created_at", "message_compiled", "client_sender_id", "inbox_id",
        "client_phone", "t_messages",
    ),
    "vw_csat_responses": (
        "conversation_id", "conversation_created_at", "id", "rating", "feedback_message", "rated_at",
        "assigned_agent_id", "review_notes", "review_notes_updated_at", "review_notes_updated_by_id",
    ),
    "vw_csat_base": (
        "conversation_id", "conversation_created_at", "rating", "feedback_message", "rated_at", "csat_responses",
    ),
    "vw_reporting_events_own": (
        "conversation_id", "id", "account_id", "inbox_id", "user_id", "name", "value", "value_in_business_hours",
        "event_start_time", "event_end_time", "created_at", "row_version",
    ),
    "vw_reporting_events_base": (
        "conversation_id", "conversation_created_at", "id", "account_id", "inbox_id", "user_id", "name", "value",
        "value_in_business_hours", "event_start_time", "event_end_time", "created_at", "row_version",
    ),
    "vw_conversation_metrics": (
        "conversation_id", "conversation_created_at", "first_response_seconds", "is_resolved", "is_assigned",
        "conversation_date", "conversation_hour", "day_of_week",
    ),
    "vw_message_stats": (
        "conversation_id", "conversation_created_at", "user_msg_count", "contact_msg_count", "first_message_at",
        "last_message_at", "duration_seconds",
    ),
    "vw_conversations_analytics": (
        "id", "display_id", "account_id", "inbox_id", "contact_id", "assignee_id", "team_id", "status", "status_code",
        "priority", "priority_code", "created_at", "updated_at", "contact_name", "contact_email", "contact_phone",
        "inbox_name", "inbox_type", "assignee_name", "message_compiled", "t_messages", "client_sender_id",
        "client_phone", "rating", "feedback_message", "rated_at", "csat_responses", "first_response_seconds",
        "is_resolved", "is_assigned", "conversation_date", "conversation_hour", "day_of_week", "user_msg_count",
        "contact_msg_count", "first_message_at", "last_message_at", "duration_seconds", "custom_attributes",
        "contact_attributes",
    ),
}  # fmt: skip
