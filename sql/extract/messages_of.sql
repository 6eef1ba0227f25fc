-- The messages of some conversations. Types are selected as codes: as words they would be a tenth of all that is sent.
\ir settings.psql

SELECT
    messages.conversation_id,
    messages.id,
    messages.created_at,
    messages.message_type_code,
    messages.content_type_code,
    messages.sender_type,
    messages.sender_id,
    messages.private,
    messages.marks,
    messages.content
FROM :"views_schema".vw_messages_own AS messages
WHERE messages.conversation_id = any(:'ids'::bigint[]);
