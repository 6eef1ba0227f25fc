-- The conversations of some days that look imported, and their messages, by sign:
--   left_out     written by one of Chatwoot's imports, or before IMPORTED_BEFORE: they count in no response metric
--   out_of_order with a larger id than the average of some day from two days later on: written later with an old time,
--                as Evolution API and imports of mail do
-- latest is the last instant at which such a conversation was created.
\ir settings.psql

WITH averages AS (
    SELECT
        conversation_date,
        avg(id) AS average_id
    FROM conversas_analytics
    GROUP BY conversation_date
),

limits AS (
    SELECT
        averages.conversation_date,
        min(later.average_id) AS largest_id
    FROM averages
    LEFT JOIN averages AS later ON averages.conversation_date + 2 <= later.conversation_date
    GROUP BY averages.conversation_date
)

SELECT
    CASE WHEN facts.is_imported THEN 'left_out' ELSE 'out_of_order' END AS sign,
    count(*) AS conversations,
    sum(c.t_messages)::bigint AS messages,
    max(c.created_at) AS latest
FROM conversas_analytics AS c
INNER JOIN conversation_facts AS facts ON c.id = facts.conversation_id
INNER JOIN limits ON c.conversation_date = limits.conversation_date
WHERE
    c.conversation_date = any(:'days'::date[])
    AND (facts.is_imported OR c.id > limits.largest_id)
GROUP BY facts.is_imported;
