-- All messages of the conversations that began in the period, whenever they were written, without their contents.
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

SELECT
    messages.id AS message_id,
    messages.conversation_id,
    conversations.display_id,
    messages.conversation_date,
    messages.account_id,
    facts.account_name,
    messages.inbox_id,
    conversations.inbox_name,
    messages.created_at,
    messages.message_type,
    messages.content_type,
    messages.sender_type,
    CASE WHEN messages.sender_type = 'User' THEN messages.sender_id END AS agent_id,
    messages.private,
    messages.deleted
FROM (
    SELECT *
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :conversation_filters
) AS facts
INNER JOIN conversas_analytics AS conversations ON facts.conversation_id = conversations.id
INNER JOIN messages ON facts.conversation_id = messages.conversation_id;
