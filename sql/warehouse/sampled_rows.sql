-- Random rows of each of some days, as JSON objects, as vw_conversations_analytics has them. Conversations with more
-- than 16 MB of text are left out, for the sake of memory.
\ir settings.psql

SELECT to_jsonb(v.*) AS row
FROM vw_conversations_analytics AS v
WHERE
    v.id = any(
        array(
            SELECT sampled.id
            FROM unnest(:'days'::date[]) AS day (conversation_date)
            CROSS JOIN LATERAL (
                SELECT c.id
                FROM conversas_analytics AS c
                WHERE
                    c.conversation_date = day.conversation_date
                    AND (
                        SELECT coalesce(sum(octet_length(m.content)), 0)
                        FROM messages AS m
                        WHERE m.conversation_id = c.id
                    ) < 16000000
                ORDER BY random()
                LIMIT :'rows_per_day'
            ) AS sampled
        )
    );
