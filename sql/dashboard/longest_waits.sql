-- The conversations that wait for a reply, whenever they began, the longest wait first. Nothing in it is personal.
\ir settings.psql
\ir filters.psql
\ir attribute_lookup.psql

SELECT
    facts.conversation_id AS id,
    conversations.display_id,
    facts.account_id,
    facts.inbox_id,
    facts.assignee_id,
    facts.team_id,
    facts.waiting_since
FROM (
    SELECT *
    FROM conversation_facts
    WHERE
        needs_reply
        AND :conversation_filters
    ORDER BY waiting_since, conversation_id
    LIMIT :'rows_per_page'
) AS facts
LEFT JOIN conversas_analytics AS conversations ON facts.conversation_id = conversations.id
ORDER BY facts.waiting_since, facts.conversation_id;
