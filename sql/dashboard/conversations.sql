-- A page of the list of conversations, newest first, without their messages. By day first: the index on days gives
-- that order, and what is not on the page is not sorted.
\ir settings.psql

SELECT
    id,
    account_id,
    display_id,
    created_at,
    status,
    priority,
    contact_name,
    inbox_id,
    assignee_id,
    team_id,
    t_messages,
    first_response_seconds,
    rating
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
ORDER BY conversation_date DESC, created_at DESC, id DESC
LIMIT :'rows_a_page' OFFSET :'rows_before';
