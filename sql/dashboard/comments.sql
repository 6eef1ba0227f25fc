-- A page of what was written with ratings, newest first.
\ir settings.psql

SELECT
    id,
    rated_at,
    rating,
    feedback_message,
    inbox_id,
    assignee_id
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
    AND feedback_message != ''
ORDER BY rated_at DESC NULLS LAST, id DESC
LIMIT :'rows_a_page' OFFSET :'rows_before';
