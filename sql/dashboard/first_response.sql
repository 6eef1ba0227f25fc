-- How long the first reply took, in all and by day, week or month: percentiles come from rows, since they cannot be
-- added up from days.
\ir settings.psql

SELECT
    date_trunc(:'grain', conversation_date)::date AS starts_on,
    grouping(date_trunc(:'grain', conversation_date)::date) = 1 AS is_whole_period,
    count(*) AS answered,
    avg(first_response_seconds) AS average,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response_seconds) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY first_response_seconds) AS ninetieth
FROM conversas_analytics
WHERE
    conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (:'accounts'::integer[] = '{}' OR account_id = any(:'accounts'::integer[]))
    AND (:'inboxes'::integer[] = '{}' OR inbox_id = any(:'inboxes'::integer[]))
    AND (
        :'teams'::bigint[] = '{}'
        OR team_id = any(:'teams'::bigint[])
        OR (0 = any(:'teams'::bigint[]) AND team_id IS NULL)
    )
    AND (
        :'agents'::integer[] = '{}'
        OR assignee_id = any(:'agents'::integer[])
        OR (0 = any(:'agents'::integer[]) AND assignee_id IS NULL)
    )
    AND (:'statuses'::text[] = '{}' OR status = any(:'statuses'::text[]))
    AND first_response_seconds IS NOT NULL
GROUP BY GROUPING SETS ((), (date_trunc(:'grain', conversation_date)::date))
ORDER BY starts_on;
