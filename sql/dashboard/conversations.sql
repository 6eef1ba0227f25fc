-- A page of the list of conversations, without their messages: the newest first; of those that wait for a reply
-- (:'needs_reply') those that wait longest. Names are read for the page's rows only.
\ir settings.psql

SELECT
    facts.conversation_id AS id,
    named.display_id,
    facts.created_at,
    facts.status,
    named.contact_name,
    facts.inbox_id,
    facts.assignee_id,
    facts.team_id,
    facts.labels,
    facts.needs_reply,
    facts.waiting_since,
    named.t_messages,
    facts.first_response_seconds,
    facts.rating
FROM (
    SELECT
        facts.*,
        row_number() OVER () AS position
    FROM (
        SELECT facts.*
        FROM conversation_facts AS facts
        WHERE
            facts.conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
            AND (:'accounts'::integer[] = '{}' OR facts.account_id = any(:'accounts'::integer[]))
            AND (:'inboxes'::integer[] = '{}' OR facts.inbox_id = any(:'inboxes'::integer[]))
            AND (:'teams'::bigint[] = '{}' OR coalesce(facts.team_id, 0) = any(:'teams'::bigint[]))
            AND (:'agents'::bigint[] = '{}' OR coalesce(facts.assignee_id, 0) = any(:'agents'::bigint[]))
            AND (:'statuses'::text[] = '{}' OR facts.status = any(:'statuses'::text[]))
            AND (:'labels'::text[] = '{}' OR facts.labels && :'labels'::text[])
            AND (NOT :'needs_reply'::boolean OR facts.needs_reply)
        ORDER BY
            CASE WHEN :'needs_reply'::boolean THEN facts.waiting_since END,
            facts.conversation_date DESC,
            facts.created_at DESC,
            facts.conversation_id DESC
        LIMIT :'rows_per_page' OFFSET :'rows_before'
    ) AS facts
) AS facts
LEFT JOIN conversas_analytics AS named ON facts.conversation_id = named.id
ORDER BY facts.position;
