-- What is known of each loaded day. One row a day: a few thousand after ten years.
\ir settings.psql

SELECT
    conversation_date,
    conversations,
    messages,
    csat AS rated,
    snapshot_at,
    loaded_at,
    summarized_at
FROM partition_state
ORDER BY conversation_date;
