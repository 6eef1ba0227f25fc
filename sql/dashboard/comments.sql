-- A page of what was written with ratings, newest first.
\ir settings.psql

SELECT
    facts.conversation_id AS id,
    facts.rated_at,
    facts.rating,
    said.feedback_message,
    facts.inbox_id,
    facts.assignee_id
FROM conversation_facts AS facts
INNER JOIN conversas_analytics AS said ON facts.conversation_id = said.id
WHERE
    facts.conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (:'accounts'::integer[] = '{}' OR facts.account_id = any(:'accounts'::integer[]))
    AND (:'inboxes'::integer[] = '{}' OR facts.inbox_id = any(:'inboxes'::integer[]))
    AND (:'teams'::bigint[] = '{}' OR coalesce(facts.team_id, 0) = any(:'teams'::bigint[]))
    AND (:'agents'::bigint[] = '{}' OR coalesce(facts.assignee_id, 0) = any(:'agents'::bigint[]))
    AND (:'statuses'::text[] = '{}' OR facts.status = any(:'statuses'::text[]))
    AND (:'labels'::text[] = '{}' OR facts.labels && :'labels'::text[])
    AND facts.rating IS NOT NULL
    AND said.feedback_message != ''
ORDER BY facts.rated_at DESC NULLS LAST, facts.conversation_id DESC
LIMIT :'rows_per_page' OFFSET :'rows_before';
