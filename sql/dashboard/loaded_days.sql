-- The state of each loaded day. One row per day: a few thousand after ten years.
\ir settings.psql

SELECT
    loaded.conversation_date,
    loaded.conversations,
    loaded.messages,
    loaded.csat AS rated,
    loaded.snapshot_at,
    loaded.loaded_at,
    loaded.summarized_at,
    metrics.computed_at AS metrics_computed_at,
    coalesce(
        metrics.fingerprint = concat_ws(
            '|',
            loaded.conversations_fingerprint,
            loaded.messages_fingerprint,
            loaded.csat_fingerprint,
            loaded.events_fingerprint
        ),
        false
    ) AS has_current_metrics
FROM partition_state AS loaded
LEFT JOIN metric_state AS metrics ON loaded.conversation_date = metrics.conversation_date
ORDER BY loaded.conversation_date;
