-- For comparison, never deployed: everything about a conversation in one view, as such views grow when each report
-- adds its columns: 81 columns, eight joins, and a correlated subquery for each number of messages. Each subquery
-- finds a conversation's messages by an index, so one day does not read the whole table.
DROP SCHEMA IF EXISTS monolith CASCADE;
CREATE SCHEMA monolith;

CREATE VIEW monolith.vw_conversations_full AS
SELECT
    c.id,
    c.display_id,
    c.uuid,
    c.account_id,
    c.inbox_id,
    c.contact_id,
    c.contact_inbox_id,
    c.assignee_id,
    c.team_id,
    c.campaign_id,
    c.identifier,
    c.status AS status_code,
    CASE c.status WHEN 0 THEN 'open' WHEN 1 THEN 'resolved' WHEN 2 THEN 'pending' WHEN 3 THEN 'snoozed' END AS status,
    c.priority AS priority_code,
    CASE c.priority WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high' WHEN 3 THEN 'urgent' END AS priority,
    c.created_at,
    c.updated_at,
    c.last_activity_at,
    c.first_reply_created_at,
    c.waiting_since,
    c.snoozed_until,
    c.contact_last_seen_at,
    c.agent_last_seen_at,
    c.custom_attributes,
    c.additional_attributes,
    c.cached_label_list,
    c.created_at::date AS conversation_date,
    extract(HOUR FROM c.created_at)::integer AS conversation_hour,
    extract(DOW FROM c.created_at)::integer AS day_of_week,
    to_char(c.created_at, 'YYYY-MM') AS conversation_month,
    c.status = 1 AS is_resolved,
    c.assignee_id IS NOT NULL AS is_assigned,
    c.team_id IS NOT NULL AS has_team,
    extract(EPOCH FROM c.first_reply_created_at - c.created_at)::double precision AS first_response_seconds,
    extract(EPOCH FROM c.updated_at - c.created_at)::double precision AS age_seconds,
    a.name AS account_name,
    a.status AS account_status,
    a.domain AS account_domain,
    ct.name AS contact_name,
    ct.email AS contact_email,
    ct.phone_number AS contact_phone,
    ct.identifier AS contact_identifier,
    ct.contact_type,
    ct.location AS contact_location,
    ct.country_code AS contact_country,
    ct.custom_attributes AS contact_attributes,
    ct.created_at AS contact_created_at,
    ct.last_activity_at AS contact_last_activity_at,
    ci.source_id AS contact_source_id,
    ci.hmac_verified AS contact_is_verified,
    i.name AS inbox_name,
    i.channel_type AS inbox_type,
    i.timezone AS inbox_timezone,
    i.working_hours_enabled AS inbox_has_working_hours,
    i.csat_survey_enabled AS inbox_asks_for_ratings,
    u.name AS assignee_name,
    u.email AS assignee_email,
    u.availability AS assignee_availability,
    t.name AS team_name,
    t.description AS team_description,
    r.rating,
    r.feedback_message,
    r.created_at AS rated_at,
    agent.name AS rated_agent_name,
    (
        SELECT count(*)
        FROM public.messages AS m
        WHERE m.conversation_id = c.id
    ) AS t_messages,
    (
        SELECT count(*)
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND m.sender_type = 'User' AND NOT m.private
    ) AS user_msg_count,
    (
        SELECT count(*)
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND m.sender_type = 'Contact' AND NOT m.private
    ) AS contact_msg_count,
    (
        SELECT count(*)
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND m.private
    ) AS note_count,
    (
        SELECT count(*)
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND m.message_type = 2
    ) AS activity_count,
    (
        SELECT min(m.created_at)
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND NOT m.private
    ) AS first_message_at,
    (
        SELECT max(m.created_at)
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND NOT m.private
    ) AS last_message_at,
    (
        SELECT extract(EPOCH FROM max(m.created_at) - min(m.created_at))::double precision
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND NOT m.private
    ) AS duration_seconds,
    (
        SELECT m.content
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND m.message_type = 0
        ORDER BY m.created_at, m.id
        LIMIT 1
    ) AS first_question,
    (
        SELECT m.content
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND NOT m.private
        ORDER BY m.created_at DESC, m.id DESC
        LIMIT 1
    ) AS last_message,
    (
        SELECT m.sender_type
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND NOT m.private
        ORDER BY m.created_at DESC, m.id DESC
        LIMIT 1
    ) AS last_sender_type,
    (
        SELECT m.sender_id
        FROM public.messages AS m
        WHERE m.conversation_id = c.id AND m.sender_type = 'Contact'
        ORDER BY m.created_at DESC, m.id DESC
        LIMIT 1
    ) AS client_sender_id,
    (
        SELECT count(*)
        FROM public.attachments AS f
        INNER JOIN public.messages AS m ON f.message_id = m.id
        WHERE m.conversation_id = c.id
    ) AS attachment_count,
    (
        SELECT string_agg(tags.name, ', ' ORDER BY tags.name)
        FROM public.taggings AS g
        INNER JOIN public.tags AS tags ON g.tag_id = tags.id
        WHERE g.taggable_id = c.id AND g.taggable_type = 'Conversation' AND g.context = 'labels'
    ) AS labels,
    (
        SELECT count(*)
        FROM public.reporting_events AS e
        WHERE e.conversation_id = c.id AND e.name = 'conversation_resolved'
    ) AS resolutions,
    (
        SELECT avg(e.value)
        FROM public.reporting_events AS e
        WHERE e.conversation_id = c.id AND e.name = 'reply_time'
    ) AS avg_reply_seconds,
    (
        SELECT
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
            )
        FROM public.messages AS m
        WHERE m.conversation_id = c.id
    ) AS message_compiled
FROM public.conversations AS c
LEFT JOIN public.accounts AS a ON c.account_id = a.id
LEFT JOIN public.contacts AS ct ON c.contact_id = ct.id
LEFT JOIN public.contact_inboxes AS ci ON c.contact_inbox_id = ci.id
LEFT JOIN public.inboxes AS i ON c.inbox_id = i.id
LEFT JOIN public.users AS u ON c.assignee_id = u.id
LEFT JOIN public.teams AS t ON c.team_id = t.id
LEFT JOIN public.csat_survey_responses AS r ON c.id = r.conversation_id
LEFT JOIN public.users AS agent ON r.assigned_agent_id = agent.id;
