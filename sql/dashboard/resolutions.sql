-- Resolutions and reopenings that happened in the period, grouped by :'dimension' as in new_conversations.sql. A
-- resolution counts for the agent who was assigned at the time, a reopening for the agent who is assigned now, also in
-- the filter. Seconds run from the start of the conversation to each resolution.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) FILTER (WHERE NOT is_reopening) AS resolved,
    count(*) FILTER (WHERE is_reopening) AS reopened,
    avg(seconds) AS average,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds) AS percentiles
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', events.event_date::timestamp)::date
        END AS starts_on,
        :event_group_id AS group_id,
        :event_group_name AS group_name,
        CASE WHEN :'business_hours'::boolean THEN events.business_seconds ELSE events.seconds END AS seconds,
        events.is_reopening
    FROM (
        SELECT
            conversation_id,
            conversation_date,
            account_id,
            inbox_id,
            team_id,
            status,
            labels,
            agent_id,
            resolved_date AS event_date,
            resolved_at AS happened_at,
            FALSE AS is_reopening,
            seconds,
            business_seconds
        FROM resolutions
        UNION ALL
        SELECT
            conversation_id,
            conversation_date,
            account_id,
            inbox_id,
            team_id,
            status,
            labels,
            assignee_id AS agent_id,
            reopened_date AS event_date,
            reopened_at AS happened_at,
            TRUE AS is_reopening,
            NULL AS seconds,
            NULL AS business_seconds
        FROM resolutions
        WHERE reopened_date IS NOT NULL
    ) AS events
    -- Labels are read only when they are needed: the index holds everything but them.
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN events.labels END) AS label (label)
        ON :'dimension' = 'label'
    WHERE
        events.event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
        AND :time_filter
) AS grouped
GROUP BY starts_on, group_id, group_name;
