-- The days, as positions among their first instants, of the conversations to which messages of larger ids
-- belong: ids are in the primary key's index, while no index is on what the view calls created_at.
\ir settings.psql

SELECT DISTINCT width_bucket(messages.conversation_created_at, :'bounds'::TIMESTAMP[]) AS bucket
FROM :"views_schema".vw_messages_base AS messages
WHERE
    messages.id > :'after_id'
    AND messages.conversation_created_at >= :'starts_at'
    AND messages.conversation_created_at < :'ends_at';
