-- What is known of each loaded day. One row a day: a few thousand after ten years.
\ir settings.psql

SELECT
    loaded.conversation_date,
    loaded.conversations,
    loaded.messages,
    loaded.csat AS rated,
    loaded.snapshot_at,
    loaded.loaded_at,
    loaded.summarized_at,
    measured.measured_at,
    coalesce(
        measured.fingerprint = concat_ws(
            '|',
            loaded.conversations_fingerprint,
            loaded.messages_fingerprint,
            loaded.csat_fingerprint,
            loaded.events_fingerprint
        ),
        false
    ) AS is_measured
FROM partition_state AS loaded
LEFT JOIN metric_state AS measured ON loaded.conversation_date = measured.conversation_date
ORDER BY loaded.conversation_date;
