-- A page of the list of conversations that began in the period, or with :'any_time' of all, without their messages, in
-- the order :'sort'. Names are read for the rows of the page only.
\ir settings.psql
\ir filters.psql
\ir list.psql
\ir attribute_lookup.psql

SELECT
    facts.conversation_id AS id,
    conversations.display_id,
    facts.created_at,
    facts.status,
    conversations.priority,
    conversations.contact_name,
    facts.account_id,
    facts.inbox_id,
    facts.assignee_id,
    facts.team_id,
    facts.labels,
    facts.needs_reply,
    facts.waiting_since,
    conversations.t_messages,
    facts.first_response_seconds,
    facts.last_resolution_seconds,
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
                WHEN :'any_time'::boolean THEN TRUE
                ELSE conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
            END
            AND :conversation_filters
            AND :list_conditions
        ORDER BY
            CASE WHEN :'sort' = 'longest_wait' THEN waiting_since END ASC NULLS LAST,
            CASE WHEN :'sort' = 'oldest' THEN created_at END ASC,
            CASE WHEN :'sort' = 'first_response' THEN first_response_seconds END DESC NULLS LAST,
            CASE WHEN :'sort' = 'resolution' THEN last_resolution_seconds END DESC NULLS LAST,
            CASE WHEN :'sort' = 'messages' THEN incoming_messages + outgoing_messages END DESC,
            CASE WHEN :'sort' = 'rating' THEN rating END ASC NULLS LAST,
            conversation_date DESC,
            created_at DESC,
            conversation_id DESC
        LIMIT :'rows_per_page' OFFSET :'rows_before'
    ) AS facts
) AS facts
LEFT JOIN conversas_analytics AS conversations ON facts.conversation_id = conversations.id
ORDER BY facts.position;
