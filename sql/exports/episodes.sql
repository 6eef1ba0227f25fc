-- All episodes that began in the period.
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

SELECT
    episodes.conversation_id,
    episodes.episode_number,
    conversations.display_id,
    episodes.conversation_date,
    episodes.account_id,
    facts.account_name,
    episodes.inbox_id,
    conversations.inbox_name,
    conversations.inbox_type,
    episodes.team_id,
    facts.team_name,
    episodes.agent_id,
    episodes.initiated_by,
    episodes.started_at,
    episodes.resolved_at,
    episodes.resolution_seconds,
    episodes.resolution_business_seconds,
    episodes.first_response_seconds,
    episodes.first_response_business_seconds,
    episodes.first_response_agent_id,
    episodes.replies,
    episodes.reopens,
    episodes.incoming_messages,
    episodes.outgoing_messages,
    episodes.open_seconds,
    episodes.pending_seconds,
    episodes.snoozed_seconds,
    episodes.unassigned_seconds,
    episodes.assigned_at,
    episodes.assignment_to_reply_seconds,
    episodes.assignment_to_resolution_seconds,
    episodes.resolved_by,
    episodes.rating,
    episodes.status,
    episodes.labels
FROM (
    SELECT *
    FROM episodes
    WHERE
        started_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
) AS episodes
INNER JOIN conversas_analytics AS conversations ON episodes.conversation_id = conversations.id
LEFT JOIN conversation_facts AS facts ON episodes.conversation_id = facts.conversation_id;
