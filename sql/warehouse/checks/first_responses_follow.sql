-- Days with conversations whose first reply is dated more than a minute before their creation, as imports write them.
\ir ../settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS failing_rows
FROM conversas_analytics
WHERE
    conversation_date = any(:'days'::date[])
    AND first_response_seconds < -60
GROUP BY conversation_date;
