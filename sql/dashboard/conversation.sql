-- One conversation, without its messages.
\ir settings.psql

SELECT
    id,
    account_id,
    display_id,
    created_at,
    status,
    priority,
    contact_name,
    contact_email,
    contact_phone,
    inbox_id,
    inbox_name,
    assignee_id,
    assignee_name,
    team_id,
    t_messages,
    first_response_seconds,
    duration_seconds,
    rating,
    feedback_message,
    rated_at,
    extracted_at
FROM conversas_analytics
WHERE id = :'conversation_id'::bigint;
