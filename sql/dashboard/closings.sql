-- Resolutions and reopenings that happened in the period, by :'dimension' as in created.sql; an agent's are those of
-- whoever was assigned then, where that is known. Seconds are from the conversation's beginning, each time.
\ir settings.psql

SELECT
    starts_on,
    id,
    word,
    count(*) FILTER (WHERE NOT is_reopening) AS resolved,
    count(*) FILTER (WHERE is_reopening) AS reopened,
    avg(seconds) AS average,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds) AS percentiles
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', happened.event_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'inbox' THEN happened.inbox_id
            WHEN 'team' THEN coalesce(happened.team_id, 0)
            WHEN 'agent' THEN coalesce(happened.agent_id, happened.assignee_id, 0)
        END::bigint AS id,
        CASE :'dimension'
            WHEN 'label' THEN coalesce(label.label, '')
        END AS word,
        CASE :'clock' WHEN 'business' THEN happened.business_seconds ELSE happened.seconds END AS seconds,
        happened.is_reopening
    FROM (
        SELECT
            account_id,
            inbox_id,
            team_id,
            assignee_id,
            status,
            labels,
            agent_id,
            resolved_date AS event_date,
            FALSE AS is_reopening,
            seconds,
            business_seconds
        FROM resolutions
        UNION ALL
        SELECT
            account_id,
            inbox_id,
            team_id,
            assignee_id,
            status,
            labels,
            NULL AS agent_id,
            reopened_date AS event_date,
            TRUE AS is_reopening,
            NULL AS seconds,
            NULL AS business_seconds
        FROM resolutions
        WHERE reopened_date IS NOT NULL
    ) AS happened
    -- Named only where they are asked for: the labels are not in the index, which is enough for everything else.
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN happened.labels END) AS label (label)
        ON :'dimension' = 'label'
    WHERE
        happened.event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND (:'accounts'::integer[] = '{}' OR happened.account_id = any(:'accounts'::integer[]))
        AND (:'inboxes'::integer[] = '{}' OR happened.inbox_id = any(:'inboxes'::integer[]))
        AND (:'teams'::bigint[] = '{}' OR coalesce(happened.team_id, 0) = any(:'teams'::bigint[]))
        AND (:'agents'::bigint[] = '{}' OR coalesce(happened.assignee_id, 0) = any(:'agents'::bigint[]))
        AND (:'statuses'::text[] = '{}' OR happened.status = any(:'statuses'::text[]))
        AND (:'labels'::text[] = '{}' OR happened.labels && :'labels'::text[])
) AS closed
GROUP BY starts_on, id, word;
