-- One conversation with its messages.
SELECT
    id,
    status,
    contact_name,
    t_messages,
    message_compiled
FROM conversas_analytics
WHERE id = :'conversation_id';
