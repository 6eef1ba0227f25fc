-- Conversations by agent, team or inbox (the group column), and all of them together.
\ir settings.psql

SELECT
    :"group_column" AS id,
    grouping(:"group_column") = 1 AS is_all,
    count(*) AS conversations,
    count(*) FILTER (WHERE is_resolved) AS resolved,
    count(first_response_seconds) AS answered,
    avg(first_response_seconds) AS average_first_response,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response_seconds) AS median_first_response,
    count(rating) AS rated,
    count(*) FILTER (WHERE rating >= 4) AS satisfied
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
GROUP BY GROUPING SETS ((), (:"group_column"))
ORDER BY count(*) DESC, :"group_column" ASC;
