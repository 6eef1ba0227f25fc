-- How many first responses of the range took up to 1, 4, 8 and 24 hours, or longer: in Chatwoot's report, by its
-- events, and by our waits. One row per inbox (group_id) and bucket, which is the lower limit in seconds. Chatwoot
-- shows the sums of the inboxes of a channel. Filters on agent, status and label apply to ours only.
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

WITH responses AS (
    SELECT
        inbox_id,
        value AS seconds,
        TRUE AS is_chatwoot
    FROM conversation_events
    WHERE
        event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND name = 'first_response'
    UNION ALL
    SELECT
        inbox_id,
        seconds,
        FALSE AS is_chatwoot
    FROM response_intervals
    WHERE
        ended_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
        AND is_first_response
        AND seconds >= 0
)

SELECT
    inbox_id AS group_id,
    CASE
        WHEN seconds < 3600 THEN 0
        WHEN seconds < 14400 THEN 3600
        WHEN seconds < 28800 THEN 14400
        WHEN seconds < 86400 THEN 28800
        ELSE 86400
    END AS bucket,
    count(*) FILTER (WHERE is_chatwoot) AS chatwoot,
    count(*) FILTER (WHERE NOT is_chatwoot) AS dashboard
FROM responses
WHERE seconds IS NOT NULL
GROUP BY 1, 2;
