-- Conversations, first replies and ratings: in all, by status, and by day, week or month (the grain) and status.
-- Nobody's or somebody's conversations are counted from their rows; without such a filter daily_summary has it all,
-- in a thousandth of the rows. PostgreSQL plans only the one of both that is asked.
\ir settings.psql

SELECT
    starts_on,
    status,
    grouping(starts_on) = 1 AS is_whole_period,
    grouping(status) = 1 AS is_every_status,
    coalesce(sum(conversations), 0)::bigint AS conversations,
    coalesce(sum(answered), 0)::bigint AS answered,
    sum(sum_first_response_seconds) / nullif(sum(answered), 0)::double precision AS average_first_response,
    coalesce(sum(rated), 0)::bigint AS rated
FROM (
    SELECT
        date_trunc(:'grain', conversation_date)::date AS starts_on,
        status,
        total_conversations AS conversations,
        responded_conversations AS answered,
        sum_first_response_seconds,
        total_rated AS rated
    FROM daily_summary
    WHERE
        :'teams'::bigint[] = '{}'
        AND :'agents'::integer[] = '{}'
        AND conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND (:'accounts'::integer[] = '{}' OR account_id = any(:'accounts'::integer[]))
        AND (:'inboxes'::integer[] = '{}' OR inbox_id = any(:'inboxes'::integer[]))
        AND (:'statuses'::text[] = '{}' OR status = any(:'statuses'::text[]))
    UNION ALL
    SELECT
        date_trunc(:'grain', conversation_date)::date AS starts_on,
        status,
        1 AS conversations,
        (first_response_seconds IS NOT NULL)::integer AS answered,
        coalesce(first_response_seconds, 0) AS sum_first_response_seconds,
        (rating IS NOT NULL)::integer AS rated
    FROM conversas_analytics
    WHERE
        NOT (:'teams'::bigint[] = '{}' AND :'agents'::integer[] = '{}')
        AND (
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
        )
) AS counted
GROUP BY GROUPING SETS ((), (status), (starts_on), (starts_on, status))
ORDER BY starts_on, status;
