-- Layer 1. One row per conversation with all that belongs to its ids; the extract reads it. Each table is read once,
-- and what a query does not select is not joined.
--
-- Names are added by LEFT JOIN: Chatwoot has no foreign keys, and orphans are normal. Only the name is selected from
-- users: that table holds passwords and tokens.
-- working_hours is JSON, one [weekday, opens, closes] per current opening of the inbox: Sunday is 0, times are minutes
-- of the day in inbox_timezone. It is NULL if working hours are off: such an inbox is neither open nor closed.
\ir settings.psql

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
    ct.name AS contact_name,
    ct.email AS contact_email,
    ct.phone_number AS contact_phone,
    i.name AS inbox_name,
    i.channel_type AS inbox_type,
    i.timezone AS inbox_timezone,
    CASE WHEN i.working_hours_enabled THEN coalesce(opening.working_hours, '[]') END AS working_hours,
    u.name AS assignee_name,
    a.name AS account_name,
    t.name AS team_name
FROM :"views_schema".vw_conversations_own AS own
LEFT JOIN public.contacts AS ct ON own.contact_id = ct.id
LEFT JOIN public.inboxes AS i ON own.inbox_id = i.id
LEFT JOIN public.users AS u ON own.assignee_id = u.id
LEFT JOIN public.accounts AS a ON own.account_id = a.id
LEFT JOIN public.teams AS t ON own.team_id = t.id
LEFT JOIN (
    SELECT
        w.inbox_id,
        jsonb_agg(
            jsonb_build_array(w.day_of_week, w.opens, w.closes) ORDER BY w.day_of_week, w.opens, w.closes
        )::text AS working_hours
    FROM (
        SELECT
            h.inbox_id,
            h.day_of_week,
            CASE WHEN h.open_all_day THEN 0 ELSE 60 * h.open_hour + h.open_minutes END AS opens,
            CASE WHEN h.open_all_day THEN 1440 ELSE 60 * h.close_hour + h.close_minutes END AS closes
        FROM public.working_hours AS h
        WHERE h.closed_all_day IS NOT TRUE AND h.day_of_week BETWEEN 0 AND 6
    ) AS w
    WHERE w.opens >= 0 AND w.closes > w.opens AND w.closes <= 1440
    GROUP BY w.inbox_id
) AS opening ON i.id = opening.inbox_id;
