-- The dashboard's list of conversations from the remote views that have its columns.
SELECT
    cb.id,
    cb.display_id,
    cb.created_at,
    cb.status,
    cb.contact_name,
    cb.inbox_id,
    cb.assignee_id,
    cm.first_response_seconds,
    csat.rating
FROM :"views_schema".vw_conversations_base AS cb
INNER JOIN :"views_schema".vw_conversation_metrics AS cm ON cb.id = cm.conversation_id
LEFT JOIN :"views_schema".vw_csat_base AS csat ON cb.id = csat.conversation_id
WHERE
    cb.created_at >= :'starts_at' AND cb.created_at < :'ends_at'
    AND (:'inboxes'::integer[] = '{}' OR cb.inbox_id = any(:'inboxes'::integer[]))
    AND (:'agents'::integer[] = '{}' OR cb.assignee_id = any(:'agents'::integer[]))
    AND (:'statuses'::text[] = '{}' OR cb.status = any(:'statuses'::text[]))
ORDER BY cb.created_at DESC, cb.id DESC
LIMIT :'rows_per_page';
