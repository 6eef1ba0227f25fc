-- Days with rows that have a status, priority or rating unknown to Chatwoot 4.15, or a rating without a readable
-- time.
\ir ../settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS failing_rows
FROM conversas_analytics
WHERE
    conversation_date = any(:'days'::date[])
    AND (
        status NOT IN ('open', 'resolved', 'pending', 'snoozed')
        OR priority NOT IN ('low', 'medium', 'high', 'urgent')
        OR rating NOT BETWEEN 1 AND 5
        OR (csat_responses > 0 AND (rating IS NULL OR rated_at IS NULL))
    )
GROUP BY conversation_date;
