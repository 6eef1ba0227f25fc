-- How many of the first responses given in the period, or of the episodes resolved in it, as :'subject' says, took how
-- long, by inbox. Bucket 0 is below the first of the :'edges' in seconds, bucket 1 from there to below the second.
\ir settings.psql
\ir filters.psql

SELECT
    inbox_id,
    width_bucket(seconds, :'edges'::double precision[]) AS bucket,
    count(*) AS amount
FROM (
    SELECT
        inbox_id,
        CASE WHEN :'business_hours'::boolean THEN business_seconds ELSE seconds END AS seconds
    FROM response_intervals
    WHERE
        :'subject' = 'first_responses'
        AND is_first_response
        AND ended_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
    UNION ALL
    SELECT
        inbox_id,
        CASE WHEN :'business_hours'::boolean THEN resolution_business_seconds ELSE resolution_seconds END AS seconds
    FROM episodes
    WHERE
        :'subject' = 'resolved_episodes'
        AND resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
) AS timed
WHERE seconds >= 0
GROUP BY inbox_id, bucket;
