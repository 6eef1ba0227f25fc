-- The waits that a human's reply ended in the period, by :'dimension' as in created.sql; an agent's are those that the
-- agent answered. Percentiles come from rows, since they cannot be added up; of :'clock' business only those in inboxes
-- with opening hours, and in these hours.
\ir settings.psql

SELECT
    starts_on,
    id,
    word,
    count(*) AS responses,
    count(seconds) AS timed,
    avg(seconds) AS average,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds) AS percentiles,
    count(*) FILTER (WHERE is_first_response) AS first_responses,
    avg(seconds) FILTER (WHERE is_first_response) AS first_average,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds)
        FILTER (WHERE is_first_response) AS first_percentiles
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', happened.ended_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'inbox' THEN happened.inbox_id
            WHEN 'team' THEN coalesce(happened.team_id, 0)
            WHEN 'agent' THEN coalesce(happened.agent_id, 0)
        END::bigint AS id,
        CASE :'dimension'
            WHEN 'label' THEN coalesce(label.label, '')
        END AS word,
        CASE :'clock' WHEN 'business' THEN happened.business_seconds ELSE happened.seconds END AS seconds,
        happened.is_first_response
    FROM response_intervals AS happened
    -- Named only where they are asked for: the labels are not in the index, which is enough for everything else.
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN happened.labels END) AS label (label)
        ON :'dimension' = 'label'
    WHERE
        happened.ended_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND (:'accounts'::integer[] = '{}' OR happened.account_id = any(:'accounts'::integer[]))
        AND (:'inboxes'::integer[] = '{}' OR happened.inbox_id = any(:'inboxes'::integer[]))
        AND (:'teams'::bigint[] = '{}' OR coalesce(happened.team_id, 0) = any(:'teams'::bigint[]))
        AND (:'agents'::bigint[] = '{}' OR coalesce(happened.assignee_id, 0) = any(:'agents'::bigint[]))
        AND (:'statuses'::text[] = '{}' OR happened.status = any(:'statuses'::text[]))
        AND (:'labels'::text[] = '{}' OR happened.labels && :'labels'::text[])
) AS ended
GROUP BY starts_on, id, word;
