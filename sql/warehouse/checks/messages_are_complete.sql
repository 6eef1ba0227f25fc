-- Days with conversations that have more or fewer messages than they count, or messages with another day, account or
-- inbox than theirs.
\ir ../settings.psql

SELECT
    c.conversation_date::text AS day,
    count(*) AS failing_rows
FROM conversas_analytics AS c
CROSS JOIN LATERAL (
    SELECT
        count(*) AS messages,
        bool_and(
            (m.conversation_date, m.account_id, m.inbox_id) = (c.conversation_date, c.account_id, c.inbox_id)
        ) AS belong
    FROM messages AS m
    WHERE m.conversation_id = c.id
) AS held
WHERE
    c.conversation_date = any(:'days'::date[])
    AND (held.messages != c.t_messages OR NOT held.belong)
GROUP BY c.conversation_date;
