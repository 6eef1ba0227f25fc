-- The conversations created between two instants (UTC), with what follows from their own columns. The names that belong
-- to their ids are read once each; see names.sql. extract/columns.py declares the columns; a test compares.
\ir settings.psql

SELECT
    own.id,
    own.display_id,
    own.account_id,
    own.inbox_id,
    own.contact_id,
    own.assignee_id,
    own.team_id,
    own.status,
    own.status_code,
    own.priority,
    own.priority_code,
    own.created_at,
    own.updated_at,
    own.first_reply_created_at,
    own.waiting_since,
    own.first_response_seconds,
    own.is_resolved,
    own.is_assigned,
    own.conversation_hour,
    own.day_of_week,
    own.custom_attributes::text AS custom_attributes,
    own.status_changed_at,
    own.is_unassigned,
    own.is_imported,
    own.imported_at,
    own.captain_outcomes::text AS captain_outcomes,
    own.participants::text AS participants
FROM :"views_schema".vw_conversations_own AS own
WHERE own.created_at >= :'starts_at' AND own.created_at < :'ends_at';
