-- The conversations created between two instants (UTC), with what follows from their columns and the names that belong
-- to their ids. extract/columns.py declares the columns; a test compares.
\ir settings.psql

SELECT
    joined.id,
    joined.display_id,
    joined.account_id,
    joined.inbox_id,
    joined.contact_id,
    joined.assignee_id,
    joined.team_id,
    joined.status,
    joined.status_code,
    joined.priority,
    joined.priority_code,
    joined.created_at,
    joined.updated_at,
    joined.first_reply_created_at,
    joined.waiting_since,
    joined.first_response_seconds,
    joined.is_resolved,
    joined.is_assigned,
    joined.conversation_hour,
    joined.day_of_week,
    joined.contact_name,
    joined.contact_email,
    joined.contact_phone,
    joined.inbox_name,
    joined.inbox_type,
    joined.inbox_timezone,
    joined.working_hours,
    joined.assignee_name,
    joined.account_name,
    joined.team_name,
    joined.custom_attributes::text AS custom_attributes,
    joined.contact_attributes::text AS contact_attributes,
    joined.status_changed_at,
    joined.is_unassigned,
    joined.is_imported,
    joined.imported_at,
    joined.captain_outcomes::text AS captain_outcomes
FROM :"views_schema".vw_conversations_joined AS joined
WHERE joined.created_at >= :'starts_at' AND joined.created_at < :'ends_at';
