-- Layer 3. One row per conversation with everything: the columns of the local conversas_analytics.
-- For direct queries and for reconciliation. Select one day by created_at, which is read by index; for everything,
-- query the local table instead.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversations_analytics AS
SELECT
    cb.id,
    cb.display_id,
    cb.account_id,
    cb.inbox_id,
    cb.contact_id,
    cb.assignee_id,
    cb.team_id,
    cb.status,
    cb.status_code,
    cb.priority,
    cb.priority_code,
    cb.created_at,
    cb.updated_at,
    cb.contact_name,
    cb.contact_email,
    cb.contact_phone,
    cb.inbox_name,
    cb.inbox_type,
    cb.assignee_name,
    mc.message_compiled,
    mc.t_messages,
    mc.client_sender_id,
    mc.client_phone,
    csat.rating,
    csat.feedback_message,
    csat.rated_at,
    coalesce(csat.csat_responses, 0) AS csat_responses,
    cm.first_response_seconds,
    cm.is_resolved,
    cm.is_assigned,
    cm.conversation_date,
    cm.conversation_hour,
    cm.day_of_week,
    ms.user_msg_count,
    ms.contact_msg_count,
    ms.first_message_at,
    ms.last_message_at,
    ms.duration_seconds,
    cb.custom_attributes,
    cb.contact_attributes
FROM :"views_schema".vw_conversations_base AS cb
LEFT JOIN :"views_schema".vw_messages_compiled AS mc ON cb.id = mc.conversation_id
LEFT JOIN :"views_schema".vw_csat_base AS csat ON cb.id = csat.conversation_id
LEFT JOIN :"views_schema".vw_conversation_metrics AS cm ON cb.id = cm.conversation_id
LEFT JOIN :"views_schema".vw_message_stats AS ms ON cb.id = ms.conversation_id;
