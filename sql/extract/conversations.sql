-- The conversations created between two instants (UTC), with their names.
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
    base.assignee_name
FROM :"views_schema".vw_conversations_base AS base
WHERE base.created_at >= :'starts_at' AND base.created_at < :'ends_at';
