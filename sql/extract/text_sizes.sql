-- The bytes of each conversation's texts. The length of a long text is known without reading the text itself.
\ir settings.psql

SELECT
    messages.conversation_id AS id,
    sum(octet_length(messages.content))::bigint AS text_bytes
FROM :"views_schema".vw_messages_own AS messages
WHERE messages.conversation_id = any(:'ids'::bigint[])
GROUP BY messages.conversation_id;
