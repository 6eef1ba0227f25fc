-- The number of conversations outside all partitions: created before the first one, or after the last.
\ir settings.psql

SELECT
    count(*) FILTER (WHERE metrics.conversation_created_at < :'starts_at') AS before_first,
    count(*) FILTER (WHERE metrics.conversation_created_at >= :'ends_at') AS after_last,
    min(metrics.conversation_date) FILTER (
        WHERE metrics.conversation_created_at < :'starts_at' AND metrics.conversation_created_at >= '0001-01-02'
    ) AS oldest
FROM :"views_schema".vw_conversation_metrics AS metrics
WHERE
    metrics.conversation_created_at < :'starts_at'
    OR metrics.conversation_created_at >= :'ends_at';
