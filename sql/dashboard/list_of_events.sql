-- A page of what happened in the period, as :'subject' says, with its conversation, in the order :'sort': the newest
-- or the longest first. Names are read for the rows of the page only.
\ir settings.psql
\ir filters.psql
\ir list.psql

SELECT
    events.conversation_id AS id,
    conversations.display_id,
    events.happened_at,
    events.seconds,
    facts.created_at,
    coalesce(events.status, facts.status) AS status,
    conversations.priority,
    conversations.contact_name,
    events.account_id,
    events.inbox_id,
    events.agent_id AS assignee_id,
    events.team_id,
    coalesce(facts.labels, events.labels, '{}') AS labels,
    facts.needs_reply,
    facts.waiting_since,
    conversations.t_messages,
    facts.first_response_seconds,
    facts.last_resolution_seconds,
    facts.rating
FROM (
    SELECT
        listed.*,
        row_number() OVER () AS position
    FROM (
        SELECT unsorted.*
        FROM (:list_of_events) AS unsorted
        ORDER BY
            CASE WHEN :'sort' = 'longest' THEN unsorted.seconds END DESC NULLS LAST,
            unsorted.happened_at DESC NULLS LAST,
            unsorted.conversation_id DESC
        LIMIT :'rows_per_page' OFFSET :'rows_before'
    ) AS listed
) AS events
LEFT JOIN conversas_analytics AS conversations ON events.conversation_id = conversations.id
LEFT JOIN conversation_facts AS facts ON events.conversation_id = facts.conversation_id
ORDER BY events.position;
