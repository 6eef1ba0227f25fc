-- How many conversations the dashboard's list has in total.
SELECT count(*) AS conversations
FROM conversas_analytics
WHERE
    conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (:'inboxes'::integer[] = '{}' OR inbox_id = any(:'inboxes'::integer[]))
    AND (:'agents'::integer[] = '{}' OR assignee_id = any(:'agents'::integer[]))
    AND (:'statuses'::text[] = '{}' OR status = any(:'statuses'::text[]));
