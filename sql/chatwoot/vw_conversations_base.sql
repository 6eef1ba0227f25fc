-- Layer 1. One row per conversation, with the names that belong to its ids; no aggregation.
-- Names are added by LEFT JOIN: Chatwoot has no foreign keys, and orphans are normal.
-- Only the name is selected from users: that table holds passwords and tokens.
-- It reads vw_conversations_own and not vw_conversations_joined: PostgreSQL does not reorder joins of more than eight
-- tables (join_collapse_limit), so that messages joined to that view would be read completely.
\ir settings.psql
\ir attributes.psql
\ir mask.psql

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
    :masked_contact_name AS contact_name,
    :masked_contact_email AS contact_email,
    :masked_contact_phone AS contact_phone,
    i.name AS inbox_name,
    i.channel_type AS inbox_type,
    :masked_user_name AS assignee_name,
    own.custom_attributes,
    :contact_attributes AS contact_attributes
FROM :"views_schema".vw_conversations_own AS own
LEFT JOIN public.contacts AS ct ON own.contact_id = ct.id
LEFT JOIN public.inboxes AS i ON own.inbox_id = i.id
LEFT JOIN public.users AS u ON own.assignee_id = u.id;
