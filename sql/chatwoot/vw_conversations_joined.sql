-- Layer 1. One row per conversation with all that belongs to its ids; comparisons read it. Each table is read once, and
-- what a query does not select is not joined. The extract reads each name once instead, and joins them itself.
--
-- Names are added by LEFT JOIN: Chatwoot has no foreign keys, and orphans are normal. Only the name is selected from
-- users: that table holds passwords and tokens.
\ir settings.psql
\ir attributes.psql
\ir mask.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversations_joined AS
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
    own.first_reply_created_at,
    own.waiting_since,
    own.priority,
    own.priority_code,
    own.first_response_seconds,
    own.is_resolved,
    own.is_assigned,
    own.conversation_date,
    own.conversation_hour,
    own.day_of_week,
    :masked_contact_name AS contact_name,
    :masked_contact_email AS contact_email,
    :masked_contact_phone AS contact_phone,
    i.name AS inbox_name,
    i.channel_type AS inbox_type,
    i.timezone AS inbox_timezone,
    i.working_hours,
    :masked_user_name AS assignee_name,
    a.name AS account_name,
    t.name AS team_name,
    own.custom_attributes,
    :contact_attributes AS contact_attributes,
    own.status_changed_at,
    own.is_unassigned,
    own.is_imported,
    own.imported_at,
    own.captain_outcomes,
    own.participants,
    i.auto_assigns AS inbox_auto_assigns
FROM :"views_schema".vw_conversations_own AS own
LEFT JOIN public.contacts AS ct ON own.contact_id = ct.id
LEFT JOIN :"views_schema".vw_inboxes AS i ON own.inbox_id = i.id
LEFT JOIN public.users AS u ON own.assignee_id = u.id
LEFT JOIN public.accounts AS a ON own.account_id = a.id
LEFT JOIN public.teams AS t ON own.team_id = t.id;
