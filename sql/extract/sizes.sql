-- The number of conversations per day of a range: days are read in batches of bounded size.
\ir settings.psql

SELECT
    metrics.conversation_date,
    count(*) AS conversations
FROM :"views_schema".vw_conversation_metrics AS metrics
WHERE
    metrics.conversation_created_at >= :'starts_at'
    AND metrics.conversation_created_at < :'ends_at'
GROUP BY metrics.conversation_date;
