-- The row of a conversation, whatever its day.
\ir settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS found
FROM conversas_analytics
WHERE id = :'subject_id'::bigint
GROUP BY conversation_date;
