-- All waits of contacts: the answered ones by the day of the reply, as the dashboard counts them, and those without a
-- reply by the day on which they began. The filter on agents selects who replied; without a reply, who is assigned now.
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

SELECT
    waits.conversation_id,
    waits.interval_number,
    conversations.display_id,
    waits.conversation_date,
    waits.account_id,
    facts.account_name,
    waits.inbox_id,
    conversations.inbox_name,
    conversations.inbox_type,
    waits.team_id,
    facts.team_name,
    waits.assignee_id,
    waits.started_at,
    waits.ended_at,
    waits.resolved_at,
    waits.agent_id,
    waits.seconds,
    waits.business_seconds,
    waits.is_first_response,
    waits.is_open,
    waits.status,
    waits.labels
FROM (
    SELECT *
    FROM response_intervals
    WHERE
        (ended_date BETWEEN :'first_day'::date AND :'last_day'::date AND :event_filters)
        OR (
            ended_date IS NULL
            AND started_date BETWEEN :'first_day'::date AND :'last_day'::date
            AND :conversation_filters
        )
) AS waits
INNER JOIN conversas_analytics AS conversations ON waits.conversation_id = conversations.id
LEFT JOIN conversation_facts AS facts ON waits.conversation_id = facts.conversation_id;
