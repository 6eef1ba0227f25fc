-- Counts what Chatwoot has of a contact: its conversations with their messages, ratings and events, the messages that
-- it sent in other conversations, and the deliveries of campaigns. Rows are found by indexes only: contact_id of
-- conversations and deliveries, conversation_id and (sender_type, sender_id) of messages.
-- Messages are found in two ways, which are a UNION because an OR over two tables
-- would read both of them whole; a message that is found in both ways is counted once.
\ir settings.psql

SELECT
    'conversations' AS kind,
    metrics.conversation_date::text AS day,
    count(*) AS row_count
FROM :"views_schema".vw_conversations_base AS base
INNER JOIN :"views_schema".vw_conversation_metrics AS metrics ON base.id = metrics.conversation_id
WHERE base.contact_id = :'subject_id'::bigint
GROUP BY metrics.conversation_date
UNION ALL
SELECT
    'messages' AS kind,
    metrics.conversation_date::text AS day,
    count(*) AS row_count
FROM (
    SELECT
        messages.id,
        messages.conversation_id
    FROM :"views_schema".vw_messages_base AS messages
    INNER JOIN :"views_schema".vw_conversations_base AS base ON messages.conversation_id = base.id
    WHERE base.contact_id = :'subject_id'::bigint
    UNION
    SELECT
        messages.id,
        messages.conversation_id
    FROM :"views_schema".vw_messages_base AS messages
    WHERE messages.sender_type = 'Contact' AND messages.sender_id = :'subject_id'::bigint
) AS written
INNER JOIN :"views_schema".vw_conversation_metrics AS metrics ON written.conversation_id = metrics.conversation_id
GROUP BY metrics.conversation_date
UNION ALL
SELECT
    'ratings' AS kind,
    metrics.conversation_date::text AS day,
    count(*) AS row_count
FROM :"views_schema".vw_csat_base AS csat
INNER JOIN :"views_schema".vw_conversations_base AS base ON csat.conversation_id = base.id
INNER JOIN :"views_schema".vw_conversation_metrics AS metrics ON csat.conversation_id = metrics.conversation_id
WHERE base.contact_id = :'subject_id'::bigint
GROUP BY metrics.conversation_date
UNION ALL
SELECT
    'events' AS kind,
    metrics.conversation_date::text AS day,
    count(*) AS row_count
FROM :"views_schema".vw_reporting_events_base AS events
INNER JOIN :"views_schema".vw_conversations_base AS base ON events.conversation_id = base.id
INNER JOIN :"views_schema".vw_conversation_metrics AS metrics ON events.conversation_id = metrics.conversation_id
WHERE base.contact_id = :'subject_id'::bigint
GROUP BY metrics.conversation_date
UNION ALL
SELECT
    'campaign deliveries' AS kind,
    coalesce(deliveries.created_at::date::text, '') AS day,
    count(*) AS row_count
FROM :"views_schema".vw_campaign_deliveries AS deliveries
WHERE deliveries.contact_id = :'subject_id'::bigint
GROUP BY day;
