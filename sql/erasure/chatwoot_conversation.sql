-- Counts what Chatwoot has of a conversation: the conversation, its messages, its rating and its events.
\ir settings.psql

SELECT
    matching.kind,
    metrics.conversation_date::text AS day,
    count(*) AS row_count
FROM (
    SELECT
        'conversations' AS kind,
        base.id AS conversation_id
    FROM :"views_schema".vw_conversations_base AS base
    WHERE base.id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'messages' AS kind,
        messages.conversation_id
    FROM :"views_schema".vw_messages_base AS messages
    WHERE messages.conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'ratings' AS kind,
        csat.conversation_id
    FROM :"views_schema".vw_csat_base AS csat
    WHERE csat.conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'events' AS kind,
        events.conversation_id
    FROM :"views_schema".vw_reporting_events_base AS events
    WHERE events.conversation_id = :'subject_id'::bigint
) AS matching
INNER JOIN :"views_schema".vw_conversation_metrics AS metrics ON matching.conversation_id = metrics.conversation_id
GROUP BY matching.kind, metrics.conversation_date;
