-- The state of each loaded day. One row per day: a few thousand after ten years.
\ir settings.psql

SELECT
    conversation_date,
    conversations,
    messages,
    csat AS rated,
    snapshot_at,
    loaded_at,
    definition IS NOT NULL AND conversations_fingerprint IS NOT NULL AS is_current
FROM partition_state
ORDER BY conversation_date;
