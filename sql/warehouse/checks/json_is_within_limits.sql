-- Days with conversations whose messages are too long together for one value of jsonb, of 256 MiB at most: to select
-- their message_compiled is an error. A message takes about 200 bytes besides its content.
\ir ../settings.psql

SELECT
    c.conversation_date::text AS day,
    count(*) AS failing_rows
FROM conversas_analytics AS c
CROSS JOIN LATERAL (
    SELECT sum(octet_length(m.content) + 200) AS bytes
    FROM messages AS m
    WHERE m.conversation_id = c.id
) AS held
WHERE
    c.conversation_date = any(:'days'::date[])
    AND held.bytes >= 268435455
GROUP BY c.conversation_date;
