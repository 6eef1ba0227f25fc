-- Layer 1. One row a conversation, with the names that belong to its ids; no aggregation.
-- Names come by LEFT JOIN: Chatwoot keeps no foreign keys, and orphans are normal.
-- Of users only the name is selected: that table holds passwords and tokens.
-- From vw_conversations_own and not from vw_conversations_joined: of more than eight tables PostgreSQL keeps the order
-- in which they are joined (join_collapse_limit), and messages joined to that view would be read whole.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversations_base AS
SELECT
    own.id,
    own.display_id,
    own.account_id,
    own.inbox_id,
    own.status,
    own.status_code,
    own.contact_id,
    own.assignee_id,
    own.team_id,
    own.created_at,
    own.updated_at,
    own.priority,
    own.priority_code,
    ct.name AS contact_name,
    ct.email AS contact_email,
    ct.phone_number AS contact_phone,
    i.name AS inbox_name,
    i.channel_type AS inbox_type,
    u.name AS assignee_name
FROM :"views_schema".vw_conversations_own AS own
LEFT JOIN public.contacts AS ct ON own.contact_id = ct.id
LEFT JOIN public.inboxes AS i ON own.inbox_id = i.id
LEFT JOIN public.users AS u ON own.assignee_id = u.id;
