-- The last messages of one conversation, oldest first, each with its first :'max_characters'. A conversation may have
-- tens of thousands of messages, and a mail a hundred thousand characters.
\ir settings.psql

SELECT
    latest.id,
    to_char(latest.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
    latest.message_type,
    latest.sender_type,
    latest.sender_id,
    latest.private,
    latest.deleted,
    left(latest.content, :'max_characters'::integer) AS content,
    coalesce(length(latest.content) > :'max_characters'::integer, FALSE) AS is_cut
FROM (
    SELECT *
    FROM messages
    WHERE conversation_id = :'conversation_id'::bigint
    ORDER BY created_at DESC NULLS LAST, id DESC
    LIMIT :'rows_per_page'
) AS latest
ORDER BY latest.created_at NULLS FIRST, latest.id;
