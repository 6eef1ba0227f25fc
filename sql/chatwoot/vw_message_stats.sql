-- Layer 2. One row per conversation: counts and times of its public messages; 0 and NULL for none.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_message_stats AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    m.user_msg_count,
    m.contact_msg_count,
    m.first_message_at,
    m.last_message_at,
    extract(EPOCH FROM m.last_message_at - m.first_message_at)::double precision AS duration_seconds
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT
        (count(*) FILTER (WHERE b.sender_type = 'User'))::integer AS user_msg_count,
        (count(*) FILTER (WHERE b.sender_type = 'Contact'))::integer AS contact_msg_count,
        min(b.created_at) AS first_message_at,
        max(b.created_at) AS last_message_at
    FROM :"views_schema".vw_messages_base AS b
    WHERE b.conversation_id = c.id AND NOT b.private
) AS m;
