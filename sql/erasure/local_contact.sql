-- Counts the rows of some days that contain data of a contact: its conversations, others in which it wrote, and
-- its episodes.
\ir settings.psql

SELECT
    'conversations' AS kind,
    conversation_date::text AS day,
    count(*) AS row_count
FROM conversas_analytics
WHERE
    conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (
        contact_id = :'subject_id'::bigint
        OR client_sender_id = :'subject_id'::bigint
        OR EXISTS (
            SELECT 1
            FROM messages AS m
            WHERE
                m.conversation_id = conversas_analytics.id
                AND m.sender_type = 'Contact'
                AND m.sender_id = :'subject_id'::bigint
        )
    )
GROUP BY conversation_date
UNION ALL
SELECT
    'episodes' AS kind,
    conversation_date::text AS day,
    count(*) AS row_count
FROM episodes
WHERE
    contact_id = :'subject_id'::bigint
    AND conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
GROUP BY conversation_date;
