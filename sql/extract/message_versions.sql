-- The version of each message of the conversations created between two instants (UTC). A row's version is the
-- transaction that wrote it: while it is the same, so is everything in the row, which then need not be read.
\ir settings.psql

SELECT
    messages.conversation_created_at,
    messages.id,
    messages.row_version
FROM :"views_schema".vw_messages_marked AS messages
WHERE
    messages.conversation_created_at >= :'starts_at'
    AND messages.conversation_created_at < :'ends_at';
