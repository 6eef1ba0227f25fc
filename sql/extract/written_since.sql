-- The messages with ids above a given one, each with the position of its conversation's day in the list of the days'
-- first instants. Ids are in the primary key's index, while no index has conversations.created_at.
\ir settings.psql

SELECT
    messages.id,
    width_bucket(messages.conversation_created_at, :'bounds'::TIMESTAMP[]) AS bucket
FROM :"views_schema".vw_messages_base AS messages
WHERE
    messages.id > :'after_id'
    AND messages.conversation_created_at >= :'starts_at'
    AND messages.conversation_created_at < :'ends_at';
