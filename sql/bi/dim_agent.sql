-- One row per agent with the latest name, and 0 for nobody. Agents who were never assigned have no name.
\ir settings.psql

CREATE OR REPLACE VIEW bi.dim_agent AS
WITH assigned AS (
    SELECT DISTINCT ON (conversations.assignee_id)
        conversations.assignee_id AS agent_id,
        conversations.assignee_name AS agent_name
    FROM public.conversas_analytics AS conversations
    WHERE conversations.assignee_id IS NOT NULL
    ORDER BY conversations.assignee_id ASC, conversations.assignee_name IS NULL, conversations.conversation_date DESC
)

SELECT
    agents.agent_id,
    assigned.agent_name
FROM (
    SELECT 0::bigint AS agent_id
    UNION
    SELECT named.agent_id
    FROM assigned AS named
    UNION
    SELECT daily.agent_id
    FROM public.daily_by_agent AS daily
    UNION
    SELECT facts.rating_agent_id AS agent_id
    FROM public.conversation_facts AS facts
    WHERE facts.rating_agent_id IS NOT NULL
) AS agents
LEFT JOIN assigned ON agents.agent_id = assigned.agent_id;
