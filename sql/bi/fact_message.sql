-- One row per message, without its content.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_message AS
SELECT
    messages.id AS message_id,
    messages.conversation_id,
    (messages.created_at AT TIME ZONE :'reporting_timezone')::date AS date,
    extract(HOUR FROM messages.created_at AT TIME ZONE :'reporting_timezone')::integer AS hour,
    messages.created_at AT TIME ZONE :'reporting_timezone' AS created_at,
    messages.account_id,
    messages.inbox_id,
    CASE WHEN messages.sender_type = 'User' THEN coalesce(messages.sender_id, 0) ELSE 0 END AS agent_id,
    messages.message_type,
    messages.sender_type,
    messages.private,
    messages.deleted
FROM public.messages;
