-- For comparison, never deployed: modular views as in a first sketch, with GROUP BY over all messages and jsonb_agg.
-- Changed only where the sketch cannot run on Chatwoot's tables:
--   * status is an integer, and there is no status "closed": is_resolved is status 1.
--   * The sketch leaves jsonb_agg(...) open: the elements are those of message_compiled, except for `deleted`, which
--     would cost more; codes stay numbers.
--   * client_sender_id, inbox_id and client_phone are neither grouped nor aggregated in the sketch, and messages has no
--     phone: here they are aggregates, which cost nothing in vw_conversations_analytics, which does not select them.
-- Not changed, although it adds rows: ratings are joined directly, so a conversation that was rated twice occurs twice.
DROP SCHEMA IF EXISTS seed CASCADE;
CREATE SCHEMA seed;

CREATE VIEW seed.vw_conversations_base AS
SELECT
    c.id,
    c.display_id,
    c.account_id,
    c.inbox_id,
    c.status,
    c.contact_id,
    c.assignee_id,
    c.team_id,
    c.created_at,
    c.updated_at,
    c.priority,
    cont.name AS contact_name,
    cont.email AS contact_email,
    cont.phone_number AS contact_phone,
    i.name AS inbox_name,
    i.channel_type AS inbox_type,
    u.name AS assignee_name
FROM public.conversations AS c
LEFT JOIN public.contacts AS cont ON c.contact_id = cont.id
LEFT JOIN public.inboxes AS i ON c.inbox_id = i.id
LEFT JOIN public.users AS u ON c.assignee_id = u.id;

CREATE VIEW seed.vw_messages_compiled AS
SELECT
    m.conversation_id,
    jsonb_agg(
        jsonb_build_object(
            'id', m.id,
            'created_at', m.created_at,
            'message_type', m.message_type,
            'sender_type', m.sender_type,
            'sender_id', m.sender_id,
            'private', m.private,
            'content', m.content
        ) ORDER BY m.created_at, m.id
    ) AS message_compiled,
    (
        array_agg(m.sender_id ORDER BY m.created_at DESC, m.id DESC)
        FILTER (WHERE m.sender_type = 'Contact')
    )[1] AS client_sender_id,
    max(m.inbox_id) AS inbox_id,
    max(cont.phone_number) AS client_phone,
    count(*) AS t_messages
FROM public.messages AS m
LEFT JOIN public.contacts AS cont ON m.sender_type = 'Contact' AND m.sender_id = cont.id
GROUP BY m.conversation_id;

CREATE VIEW seed.vw_csat_base AS
SELECT
    conversation_id,
    rating,
    feedback_message,
    created_at AS rated_at
FROM public.csat_survey_responses;

CREATE VIEW seed.vw_conversation_metrics AS
SELECT
    c.id AS conversation_id,
    extract(EPOCH FROM c.first_reply_created_at - c.created_at) AS first_response_seconds,
    c.status = 1 AS is_resolved,
    c.assignee_id IS NOT NULL AS is_assigned,
    c.created_at::date AS conversation_date,
    extract(HOUR FROM c.created_at) AS conversation_hour,
    extract(DOW FROM c.created_at) AS day_of_week
FROM public.conversations AS c;

CREATE VIEW seed.vw_message_stats AS
SELECT
    m.conversation_id,
    count(*) FILTER (WHERE m.sender_type = 'User') AS user_msg_count,
    count(*) FILTER (WHERE m.sender_type = 'Contact') AS contact_msg_count,
    min(m.created_at) AS first_message_at,
    max(m.created_at) AS last_message_at,
    extract(EPOCH FROM max(m.created_at) - min(m.created_at)) AS duration_seconds
FROM public.messages AS m
WHERE m.private = FALSE
GROUP BY m.conversation_id;

CREATE VIEW seed.vw_conversations_analytics AS
SELECT
    cb.*,
    mc.message_compiled,
    mc.t_messages,
    csat.rating,
    csat.feedback_message,
    cm.first_response_seconds,
    cm.is_resolved,
    ms.user_msg_count,
    ms.contact_msg_count,
    ms.duration_seconds
FROM seed.vw_conversations_base AS cb
LEFT JOIN seed.vw_messages_compiled AS mc ON cb.id = mc.conversation_id
LEFT JOIN seed.vw_csat_base AS csat ON cb.id = csat.conversation_id
LEFT JOIN seed.vw_conversation_metrics AS cm ON cb.id = cm.conversation_id
LEFT JOIN seed.vw_message_stats AS ms ON cb.id = ms.conversation_id;
