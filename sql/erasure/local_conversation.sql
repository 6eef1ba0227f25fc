-- Counts the rows of a conversation in every table of the warehouse that has rows per conversation, on any day.
\ir settings.psql

SELECT
    matching.kind,
    matching.conversation_date::text AS day,
    count(*) AS row_count
FROM (
    SELECT
        'conversations' AS kind,
        conversation_date
    FROM conversas_analytics
    WHERE id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'messages' AS kind,
        conversation_date
    FROM messages
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'facts' AS kind,
        conversation_date
    FROM conversation_facts
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'waits' AS kind,
        conversation_date
    FROM response_intervals
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'resolutions' AS kind,
        conversation_date
    FROM resolutions
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'events' AS kind,
        conversation_date
    FROM conversation_events
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'episodes' AS kind,
        conversation_date
    FROM episodes
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'ratings' AS kind,
        conversation_date
    FROM ratings
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'slas' AS kind,
        conversation_date
    FROM conversation_slas
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'calls' AS kind,
        conversation_date
    FROM calls
    WHERE conversation_id = :'subject_id'::bigint
    UNION ALL
    SELECT
        'targets' AS kind,
        conversation_date
    FROM targets
    WHERE conversation_id = :'subject_id'::bigint
) AS matching
GROUP BY matching.kind, matching.conversation_date;
