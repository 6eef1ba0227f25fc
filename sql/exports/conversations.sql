-- All conversations that began in the period, or with :'any_time' at any time, and match the list's conditions.
-- Without names of contacts and contents of messages: chatwoot_assets/exports/read.py joins these.
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql
\ir ../dashboard/list.psql

SELECT
    facts.conversation_id,
    conversations.display_id,
    facts.conversation_date,
    facts.account_id,
    facts.account_name,
    facts.created_at,
    facts.status,
    conversations.priority,
    facts.inbox_id,
    conversations.inbox_name,
    conversations.inbox_type,
    facts.assignee_id,
    facts.team_id,
    facts.team_name,
    facts.labels,
    CASE WHEN facts.needs_reply THEN facts.waiting_since END AS waiting_since,
    conversations.t_messages,
    facts.incoming_messages,
    facts.human_replies,
    facts.first_response_seconds,
    facts.first_response_business_seconds,
    facts.resolutions,
    facts.first_resolution_seconds,
    facts.last_resolved_at,
    facts.reopens,
    facts.reassignments,
    facts.bot_resolved,
    facts.bot_handed_off,
    facts.csat_offered,
    facts.rating,
    facts.rated_at
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
) AS facts
INNER JOIN conversas_analytics AS conversations ON facts.conversation_id = conversations.id;
