-- A page of the list of conversations that began in the period, without their messages, newest first. With
-- :'needs_reply', of all that wait for a reply, whenever they began, the longest wait first. Names are read for the
-- rows of the page only.
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
            CASE
                WHEN :'needs_reply'::boolean THEN needs_reply
                ELSE conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
            END
            AND :conversation_filters
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
