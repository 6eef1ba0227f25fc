-- Chatwoot's own nine report metrics as version 4.15 computes them, for comparison with ours.
-- Events count on the day on which their row was written, repeated events count twice, averages include zeros.
-- An agent's conversations are those assigned now, an agent's messages those written by the agent, and an agent's
-- events those with the agent's id. A team's rows are those of the conversations that belong to the team now.
-- Chatwoot applies one filter at a time. If several are given here, a row must match all of them.
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

WITH filtered_events AS NOT MATERIALIZED (
    SELECT
        name,
        conversation_id,
        value,
        value_in_business_hours
    FROM conversation_events
    WHERE
        event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND (:'agents'::bigint[] = '{}' OR coalesce(user_id, 0) = any(:'agents'::bigint[]))
),

conversations AS (
    SELECT count(*) AS conversations_count
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND (:'agents'::bigint[] = '{}' OR coalesce(assignee_id, 0) = any(:'agents'::bigint[]))
),

messages AS (
    SELECT
        coalesce(sum(incoming_all), 0)::bigint AS incoming_messages_count,
        coalesce(sum(outgoing_all), 0)::bigint AS outgoing_messages_count
    FROM hourly_messages
    WHERE
        message_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :aggregate_filters
),

events AS (
    SELECT
        avg(value) FILTER (WHERE name = 'first_response') AS avg_first_response_time,
        avg(value_in_business_hours) FILTER (WHERE name = 'first_response') AS avg_first_response_business_time,
        avg(value) FILTER (WHERE name = 'conversation_resolved') AS avg_resolution_time,
        avg(value_in_business_hours) FILTER (WHERE name = 'conversation_resolved') AS avg_resolution_business_time,
        avg(value) FILTER (WHERE name = 'reply_time') AS reply_time,
        avg(value_in_business_hours) FILTER (WHERE name = 'reply_time') AS reply_business_time,
        count(*) FILTER (WHERE name = 'conversation_resolved') AS resolutions_count,
        count(DISTINCT conversation_id) FILTER (WHERE name = 'conversation_bot_handoff') AS bot_handoffs_count
    FROM filtered_events
    WHERE name IN ('first_response', 'conversation_resolved', 'reply_time', 'conversation_bot_handoff')
),

bots AS (
    SELECT count(*) AS bot_resolutions_count
    FROM filtered_events AS resolved
    WHERE
        resolved.name = 'conversation_bot_resolved'
        AND NOT EXISTS (
            SELECT 1
            FROM filtered_events AS handed_off
            WHERE
                handed_off.name = 'conversation_bot_handoff'
                AND handed_off.conversation_id = resolved.conversation_id
        )
)

SELECT
    conversations.conversations_count,
    messages.incoming_messages_count,
    messages.outgoing_messages_count,
    events.avg_first_response_time,
    events.avg_first_response_business_time,
    events.avg_resolution_time,
    events.avg_resolution_business_time,
    events.reply_time,
    events.reply_business_time,
    events.resolutions_count,
    bots.bot_resolutions_count,
    events.bot_handoffs_count
FROM conversations
CROSS JOIN messages
CROSS JOIN events
CROSS JOIN bots;
