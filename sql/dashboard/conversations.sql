-- A page of the list of conversations, without their messages, newest first. With :'needs_reply', only conversations
-- that wait for a reply, the longest wait first. Names are read for the rows of the page only.
\ir settings.psql
\ir filters.psql

SELECT
    facts.conversation_id AS id,
    conversations.display_id,
    facts.created_at,
    facts.status,
    conversations.contact_name,
    facts.inbox_id,
    facts.assignee_id,
    facts.team_id,
    facts.labels,
    facts.needs_reply,
    facts.waiting_since,
    conversations.t_messages,
    facts.first_response_seconds,
    facts.rating
FROM (
    SELECT
        facts.*,
        row_number() OVER () AS position
    FROM (
        SELECT *
        FROM conversation_facts
        WHERE
            conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
            AND :conversation_filters
            AND (NOT :'needs_reply'::boolean OR needs_reply)
        ORDER BY
            CASE WHEN :'needs_reply'::boolean THEN waiting_since END,
            conversation_date DESC,
            created_at DESC,
            conversation_id DESC
        LIMIT :'rows_per_page' OFFSET :'rows_before'
    ) AS facts
) AS facts
LEFT JOIN conversas_analytics AS conversations ON facts.conversation_id = conversations.id
ORDER BY facts.position;
