-- The latest rating of each conversation: in all, by rating, and by day, week or month. Satisfied is 4 or 5, as
-- Chatwoot counts it.
\ir settings.psql

SELECT
    date_trunc(:'grain', conversation_date)::date AS starts_on,
    rating,
    grouping(date_trunc(:'grain', conversation_date)::date) = 1 AS is_whole_period,
    grouping(rating) = 1 AS is_every_rating,
    count(*) AS rated,
    count(*) FILTER (WHERE rating >= 4) AS satisfied,
    coalesce(sum(rating), 0)::bigint AS sum_rating,
    coalesce(sum(csat_responses), 0)::bigint AS responses
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
    AND rating IS NOT NULL
GROUP BY GROUPING SETS ((), (rating), (date_trunc(:'grain', conversation_date)::date))
ORDER BY starts_on, rating;
