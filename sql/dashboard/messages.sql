-- The last messages of one conversation, in their order; a conversation may have tens of thousands.
\ir settings.psql

SELECT
    last_ones.position,
    last_ones.message ->> 'created_at' AS created_at,
    last_ones.message ->> 'message_type' AS message_type,
    last_ones.message ->> 'sender_type' AS sender_type,
    (last_ones.message ->> 'sender_id')::bigint AS sender_id,
    (last_ones.message ->> 'private')::boolean AS private,
    (last_ones.message ->> 'deleted')::boolean AS deleted,
    last_ones.message ->> 'content' AS content
FROM (
    SELECT
        element.message,
        element.position
    FROM conversas_analytics AS c
    CROSS JOIN LATERAL jsonb_array_elements(c.message_compiled) WITH ORDINALITY AS element (message, position)
    WHERE c.id = :'conversation_id'::bigint
    ORDER BY element.position DESC
    LIMIT :'rows_per_page'
) AS last_ones
ORDER BY last_ones.position;
