-- The conversations created between two instants (UTC), with their names and metrics.
\ir settings.psql

SELECT
    base.id,
    base.display_id,
    base.account_id,
    base.inbox_id,
    base.contact_id,
    base.assignee_id,
    base.team_id,
    base.status,
    base.status_code,
    base.priority,
    base.priority_code,
    base.created_at,
    base.updated_at,
    base.contact_name,
    base.contact_email,
    base.contact_phone,
    base.inbox_name,
    base.inbox_type,
    base.assignee_name,
    metrics.first_response_seconds,
    metrics.is_resolved,
    metrics.is_assigned,
    metrics.conversation_hour,
    metrics.day_of_week
FROM :"views_schema".vw_conversations_base AS base
INNER JOIN :"views_schema".vw_conversation_metrics AS metrics ON base.id = metrics.conversation_id
WHERE base.created_at >= :'starts_at' AND base.created_at < :'ends_at';
