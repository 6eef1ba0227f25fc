-- How long contacts waited for the replies that agents gave in the period, grouped by :'dimension' as in
-- new_conversations.sql. A reply counts for the agent who gave it, also in the filter. Percentiles cannot be added up,
-- so they are computed from the rows. With :'business_hours', only replies in inboxes that have business hours are
-- timed, and only these hours count.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) AS replies,
    count(seconds) AS timed_replies,
    avg(seconds) AS average,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds) AS percentiles,
    count(*) FILTER (WHERE is_first_response) AS first_responses,
    avg(seconds) FILTER (WHERE is_first_response) AS first_response_average,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds)
        FILTER (WHERE is_first_response) AS first_response_percentiles
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', intervals.ended_date::timestamp)::date
        END AS starts_on,
        :event_group_id AS group_id,
        :event_group_name AS group_name,
        CASE WHEN :'business_hours'::boolean THEN intervals.business_seconds ELSE intervals.seconds END AS seconds,
        intervals.is_first_response
    FROM (
        SELECT
            *,
            ended_at AS happened_at
        FROM response_intervals
    ) AS intervals
    -- Labels are read only when they are needed: the index holds everything but them.
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN intervals.labels END) AS label (label)
        ON :'dimension' = 'label'
    WHERE
        intervals.ended_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
        AND :row_label_filter
        AND :time_filter
) AS grouped
GROUP BY starts_on, group_id, group_name;
