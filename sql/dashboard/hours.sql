-- Conversations by the weekday (Sunday is 0) and the hour at which they began, in the reporting time zone.
\ir settings.psql

SELECT
    day_of_week,
    conversation_hour,
    count(*) AS conversations
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
GROUP BY day_of_week, conversation_hour
ORDER BY day_of_week, conversation_hour;
