-- Replies and resolutions of the period that missed their target, by the target, the weekday (Sunday is 0) and the hour
-- at which they came, in :'timezone'. They count for the agent who replied or resolved, also in the filter.
\ir settings.psql
\ir filters.psql

SELECT
    target,
    extract(DOW FROM ended_at AT TIME ZONE :'timezone')::integer AS day_of_week,
    extract(HOUR FROM ended_at AT TIME ZONE :'timezone')::integer AS hour,
    count(*) AS missed
FROM targets
WHERE
    NOT is_met
    AND ended_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND :event_filters
GROUP BY 1, 2, 3;
