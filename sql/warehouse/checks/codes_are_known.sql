-- Days with rows that hold a status, a priority or a rating which Chatwoot 4.15 does not have, or whose
-- rating's time could not be read.
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
