-- How many conversations the list has in total, from the one remote view that it needs.
SELECT count(*) AS conversations
FROM :"views_schema".vw_conversations_base AS cb
WHERE
    cb.created_at >= :'starts_at' AND cb.created_at < :'ends_at'
    AND (:'inboxes'::integer[] = '{}' OR cb.inbox_id = any(:'inboxes'::integer[]))
    AND (:'agents'::integer[] = '{}' OR cb.assignee_id = any(:'agents'::integer[]))
    AND (:'statuses'::text[] = '{}' OR cb.status = any(:'statuses'::text[]));
