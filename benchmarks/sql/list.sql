-- A page of a filtered list of conversations, newest first; sorted by day first, as the index is.
SELECT
    id,
    display_id,
    created_at AT TIME ZONE 'UTC' AS created_at,
    status,
    contact_name,
    inbox_id,
    assignee_id,
    first_response_seconds,
    rating
FROM conversas_analytics
WHERE
    conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (:'inboxes'::integer[] = '{}' OR inbox_id = any(:'inboxes'::integer[]))
    AND (:'agents'::integer[] = '{}' OR assignee_id = any(:'agents'::integer[]))
    AND (:'statuses'::text[] = '{}' OR status = any(:'statuses'::text[]))
ORDER BY conversation_date DESC, created_at DESC, id DESC
LIMIT :'rows_per_page';
