-- The version of each message of the conversations with ids in a range. A row's version is the transaction that wrote
-- it: while it is the same, so is everything in the row, which then need not be read.
\ir settings.psql

SELECT
    messages.conversation_id,
    messages.id,
    messages.row_version
FROM :"views_schema".vw_messages_own AS messages
WHERE messages.conversation_id >= :'first_id' AND messages.conversation_id < :'end_id';
