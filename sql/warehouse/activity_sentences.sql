-- The different sentences of activity messages on each day, and how many messages have each.
\ir settings.psql

SELECT
    conversation_date,
    content,
    count(*) AS messages
FROM messages
WHERE
    conversation_date = any(:'days'::date[])
    AND message_type = 'activity'
    AND deleted IS NOT TRUE
    AND content != ''
GROUP BY conversation_date, content;
