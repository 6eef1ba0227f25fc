-- Layer 1. One row a conversation, with the names that belong to its ids; no aggregation.
-- Names come by LEFT JOIN: Chatwoot keeps no foreign keys, and orphans are normal.
-- Of users only the name is selected: that table holds passwords and tokens.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversations_base AS
SELECT
    c.id,
    c.display_id,
    c.account_id,
    c.inbox_id,
    CASE c.status
        WHEN 0 THEN 'open'
        WHEN 1 THEN 'resolved'
        WHEN 2 THEN 'pending'
        WHEN 3 THEN 'snoozed'
        ELSE 'unknown(' || c.status || ')'
    END AS status,
    c.status AS status_code,
    c.contact_id,
    c.assignee_id,
    c.team_id,
    c.created_at,
    -- A timestamp that is infinite or outside the years 1 to 9999 has no meaning to any client: NULL.
    CASE
        WHEN c.updated_at >= '0001-01-01' AND c.updated_at < '10000-01-01' THEN c.updated_at
    END AS updated_at,
    CASE c.priority
        WHEN 0 THEN 'low'
        WHEN 1 THEN 'medium'
        WHEN 2 THEN 'high'
        WHEN 3 THEN 'urgent'
        ELSE 'unknown(' || c.priority || ')'
    END AS priority,
    c.priority AS priority_code,
    ct.name AS contact_name,
    ct.email AS contact_email,
    ct.phone_number AS contact_phone,
    i.name AS inbox_name,
    i.channel_type AS inbox_type,
    u.name AS assignee_name
FROM public.conversations AS c
LEFT JOIN public.contacts AS ct ON c.contact_id = ct.id
LEFT JOIN public.inboxes AS i ON c.inbox_id = i.id
LEFT JOIN public.users AS u ON c.assignee_id = u.id;
