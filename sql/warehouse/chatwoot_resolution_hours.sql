-- Resolutions by the weekday (Sunday is 0) and the hour, in :'timezone': in Chatwoot's heat map, by when its events
-- were written, and by our resolutions. Filters on agent, status and label apply to ours only.
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

WITH resolved AS (
    SELECT
        created_at AT TIME ZONE :'timezone' AS local_time,
        TRUE AS is_chatwoot
    FROM conversation_events
    WHERE
        event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND name = 'conversation_resolved'
    UNION ALL
    SELECT
        resolved_at AT TIME ZONE :'timezone' AS local_time,
        FALSE AS is_chatwoot
    FROM resolutions
    WHERE
        resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
)

SELECT
    extract(DOW FROM local_time)::integer AS day_of_week,
    extract(HOUR FROM local_time)::integer AS hour,
    count(*) FILTER (WHERE is_chatwoot) AS chatwoot,
    count(*) FILTER (WHERE NOT is_chatwoot) AS dashboard
FROM resolved
GROUP BY 1, 2;
