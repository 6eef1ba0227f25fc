-- Which version of each message there is, of the conversations created between two instants (UTC). A row's version is
-- the transaction that wrote it: where it is the same, so is all that the row holds, and nothing of that need be read.
\ir settings.psql

SELECT
    messages.conversation_created_at,
    messages.id,
    messages.row_version
FROM :"views_schema".vw_messages_marked AS messages
WHERE
    messages.conversation_created_at >= :'starts_at'
    AND messages.conversation_created_at < :'ends_at';
