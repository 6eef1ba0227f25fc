-- Chatwoot's bot report as version 4.15 computes it, in total or, with :'dimension' inbox, by inbox (group_id).
-- For inboxes that have an active bot now, it counts the conversations created in the range, and the outgoing messages
-- that were written in them within the range, including notes. For all inboxes, it counts the conversations that a bot
-- resolved or handed over in the range; a resolution does not count if the conversation was handed over in the same
-- range. Chatwoot shows these two as percentages of the conversations, without decimals. They can exceed 100, because a
-- conversation may be resolved in a later range than the one in which it began. The total has a row even if nothing
-- happened.
\if :{?dimension}
\else
\set dimension all
\endif
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

WITH bot_events AS (
    SELECT
        CASE WHEN :'dimension' = 'inbox' THEN inbox_id END AS inbox_id,
        conversation_id,
        name,
        bool_or(name = 'conversation_bot_handoff') OVER (PARTITION BY conversation_id) AS is_handed_off
    FROM conversation_events
    WHERE
        event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND name IN ('conversation_bot_resolved', 'conversation_bot_handoff')
),

counted AS (
    SELECT
        inbox_id,
        'conversation' AS name,
        conversation_id,
        0 AS messages
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND inbox_id IN (
            SELECT bot.inbox_id
            FROM inbox_bot AS bot
        )
    UNION ALL
    SELECT
        inbox_id,
        'messages' AS name,
        NULL AS conversation_id,
        outgoing_all AS messages
    FROM hourly_messages
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND message_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND inbox_id IN (
            SELECT bot.inbox_id
            FROM inbox_bot AS bot
        )
    UNION ALL
    SELECT DISTINCT
        inbox_id,
        name,
        conversation_id,
        0 AS messages
    FROM bot_events
    WHERE name = 'conversation_bot_handoff' OR NOT is_handed_off
    UNION ALL
    SELECT
        NULL AS inbox_id,
        'nothing' AS name,
        NULL AS conversation_id,
        0 AS messages
    WHERE :'dimension' != 'inbox'
)

SELECT
    CASE WHEN :'dimension' = 'inbox' THEN inbox_id END::bigint AS group_id,
    count(*) FILTER (WHERE name = 'conversation') AS conversations,
    sum(messages)::bigint AS messages,
    count(*) FILTER (WHERE name = 'conversation_bot_resolved') AS resolved,
    count(*) FILTER (WHERE name = 'conversation_bot_handoff') AS handed_off
FROM counted
GROUP BY CASE WHEN :'dimension' = 'inbox' THEN inbox_id END;
