-- How long the episodes took that were resolved in the period, from their start to their last resolution, grouped by
-- :'dimension' as in new_conversations.sql. An episode is an agent's if the agent was assigned at that resolution.
-- Episodes that ended before their start count, but have no time.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) AS episodes_resolved,
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds)
        FILTER (WHERE seconds >= 0) AS resolution_percentiles
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', episodes.resolved_date::timestamp)::date
        END AS starts_on,
        :event_group_id AS group_id,
        :event_group_name AS group_name,
        CASE
            WHEN :'business_hours'::boolean THEN episodes.resolution_business_seconds
            ELSE episodes.resolution_seconds
        END AS seconds
    FROM episodes
    -- Labels are read only when they are needed: the index holds everything but them.
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN episodes.labels END) AS label (label)
        ON :'dimension' = 'label'
    WHERE
        episodes.resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
) AS grouped
GROUP BY starts_on, group_id, group_name;
