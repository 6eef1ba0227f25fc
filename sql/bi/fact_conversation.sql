-- One row per conversation.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_conversation AS
SELECT
    facts.conversation_id,
    conversations.display_id,
    facts.conversation_date AS date,
    facts.created_at AT TIME ZONE :'reporting_timezone' AS created_at,
    facts.conversation_hour AS hour,
    facts.account_id,
    facts.inbox_id,
    coalesce(facts.team_id, 0) AS team_id,
    coalesce(facts.assignee_id, 0) AS agent_id,
    facts.status,
    conversations.priority,
    facts.needs_reply,
    CASE WHEN facts.needs_reply THEN facts.waiting_since AT TIME ZONE :'reporting_timezone' END AS waiting_since,
    facts.first_response_seconds,
    facts.first_response_business_seconds,
    facts.resolutions,
    facts.first_resolution_seconds,
    facts.last_resolved_date,
    facts.reopens,
    facts.reassignments,
    facts.human_replies,
    facts.incoming_messages,
    facts.bot_resolved,
    facts.bot_handed_off,
    facts.csat_offered,
    facts.rating,
    facts.rated_at AT TIME ZONE :'reporting_timezone' AS rated_at,
    coalesce(facts.rating_agent_id, 0) AS rating_agent_id
FROM public.conversation_facts AS facts
INNER JOIN public.conversas_analytics AS conversations ON facts.conversation_id = conversations.id;
