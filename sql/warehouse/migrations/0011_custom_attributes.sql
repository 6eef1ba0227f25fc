-- The attributes of conversations and contacts that may leave Chatwoot.
ALTER TABLE conversas_analytics
ADD COLUMN custom_attributes jsonb DEFAULT '{}',
ADD COLUMN contact_attributes jsonb DEFAULT '{}';

CREATE OR REPLACE VIEW vw_conversations_analytics AS
SELECT
    c.id,
    c.display_id,
    c.account_id,
    c.inbox_id,
    c.contact_id,
    c.assignee_id,
    c.team_id,
    c.status,
    c.status_code,
    c.priority,
    c.priority_code,
    c.created_at AT TIME ZONE 'UTC' AS created_at,
    c.updated_at AT TIME ZONE 'UTC' AS updated_at,
    c.contact_name,
    c.contact_email,
    c.contact_phone,
    c.inbox_name,
    c.inbox_type,
    c.assignee_name,
    m.message_compiled,
    c.t_messages,
    c.client_sender_id,
    c.client_phone,
    c.rating,
    c.feedback_message,
    c.rated_at AT TIME ZONE 'UTC' AS rated_at,
    c.csat_responses,
    c.first_response_seconds,
    c.is_resolved,
    c.is_assigned,
    c.conversation_date,
    c.conversation_hour,
    c.day_of_week,
    c.user_msg_count,
    c.contact_msg_count,
    c.first_message_at AT TIME ZONE 'UTC' AS first_message_at,
    c.last_message_at AT TIME ZONE 'UTC' AS last_message_at,
    c.duration_seconds,
    c.custom_attributes,
    c.contact_attributes
FROM conversas_analytics AS c
INNER JOIN vw_messages_compiled AS m ON c.id = m.conversation_id;
