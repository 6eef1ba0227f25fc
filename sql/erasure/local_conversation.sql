-- The rows of a conversation in every local table that has rows of single conversations, whatever its day.
\ir settings.psql

SELECT
    found.kind,
    found.conversation_date::text AS day,
    count(*) AS found
FROM (
    SELECT
        'conversations' AS kind,
        conversation_date
    FROM conversas_analytics
    WHERE id = :'subject_id'::bigint
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
) AS found
GROUP BY found.kind, found.conversation_date;
