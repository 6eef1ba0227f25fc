-- The messages of the conversations created between two instants (UTC), whenever they were written. Types are selected
-- as codes: as words they would be a tenth of all that is sent.
\ir settings.psql

SELECT
    messages.conversation_id,
    messages.conversation_created_at,
    messages.id,
    messages.created_at,
    messages.message_type_code,
    messages.content_type_code,
    messages.sender_type,
    messages.sender_id,
    messages.private,
    messages.marks,
    messages.content
FROM :"views_schema".vw_messages_marked AS messages
WHERE
    messages.conversation_created_at >= :'starts_at'
    AND messages.conversation_created_at < :'ends_at';
