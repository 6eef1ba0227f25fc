-- The last messages of one conversation, oldest first. A conversation may have tens of thousands.
\ir settings.psql

SELECT
    latest.position,
    latest.message ->> 'created_at' AS created_at,
    latest.message ->> 'message_type' AS message_type,
    latest.message ->> 'sender_type' AS sender_type,
    (latest.message ->> 'sender_id')::bigint AS sender_id,
    (latest.message ->> 'private')::boolean AS private,
    (latest.message ->> 'deleted')::boolean AS deleted,
    latest.message ->> 'content' AS content
FROM (
    SELECT
        element.message,
        element.position
    FROM conversas_analytics AS c
    CROSS JOIN LATERAL jsonb_array_elements(c.message_compiled) WITH ORDINALITY AS element (message, position)
    WHERE c.id = :'conversation_id'::bigint
    ORDER BY element.position DESC
    LIMIT :'rows_per_page'
) AS latest
ORDER BY latest.position;
