-- One conversation with its messages, from the remote views.
SELECT
    id,
    status,
    contact_name,
    t_messages,
    message_compiled
FROM :"views_schema".vw_conversations_analytics
WHERE id = :'conversation_id';
