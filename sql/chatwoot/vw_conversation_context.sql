-- Layer 1. One row a conversation: what it belongs to, besides the names of vw_conversations_base. Its labels, its
-- team's and account's names, and the opening times of its inbox as they are now.
--
-- working_hours is JSON, one [weekday, opens, closes] for each time the inbox opens: Sunday is 0, times are minutes of
-- the day in inbox_timezone. It is NULL where working hours are off: an inbox without them is neither open nor closed.
-- Taggings and not cached_label_list: that is empty in conversations which nobody touched since Chatwoot has it.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversation_context AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    CASE
        WHEN c.waiting_since >= '0001-01-01' AND c.waiting_since < '10000-01-01' THEN c.waiting_since
    END AS waiting_since,
    a.name AS account_name,
    t.name AS team_name,
    coalesce(
        (
            SELECT array_agg(DISTINCT tags.name::text)
            FROM public.taggings
            INNER JOIN public.tags ON taggings.tag_id = tags.id
            WHERE
                taggings.taggable_id = c.id
                AND taggings.taggable_type = 'Conversation'
                AND taggings.context = 'labels'
                AND tags.name IS NOT NULL
        ),
        '{}'
    ) AS labels,
    i.timezone AS inbox_timezone,
    CASE WHEN i.working_hours_enabled THEN coalesce(opening.working_hours, '[]') END AS working_hours
FROM public.conversations AS c
LEFT JOIN public.accounts AS a ON c.account_id = a.id
LEFT JOIN public.teams AS t ON c.team_id = t.id
LEFT JOIN public.inboxes AS i ON c.inbox_id = i.id
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
