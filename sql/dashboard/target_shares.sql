-- Replies and resolutions of the period that had a target, and how many of them were in time, grouped by :'dimension'
-- as in new_conversations.sql. They count for the agent who replied or resolved, also in the filter.
\ir settings.psql
\ir filters.psql

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) FILTER (WHERE target = 'first_response') AS first_response_ended,
    count(*) FILTER (WHERE target = 'first_response' AND is_met) AS first_response_met,
    count(*) FILTER (WHERE target = 'next_reply') AS next_reply_ended,
    count(*) FILTER (WHERE target = 'next_reply' AND is_met) AS next_reply_met,
    count(*) FILTER (WHERE target = 'resolution') AS resolution_ended,
    count(*) FILTER (WHERE target = 'resolution' AND is_met) AS resolution_met
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', ended.ended_date::timestamp)::date
        END AS starts_on,
        :event_group_id AS group_id,
        :event_group_name AS group_name,
        ended.target,
        ended.is_met
    FROM (
        SELECT
            *,
            ended_at AS happened_at
        FROM targets
    ) AS ended
    -- Labels are read only when they are needed: the index holds everything but them.
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN ended.labels END) AS label (label)
        ON :'dimension' = 'label'
    WHERE
        ended.ended_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
        AND :time_filter
) AS grouped
GROUP BY starts_on, group_id, group_name;
