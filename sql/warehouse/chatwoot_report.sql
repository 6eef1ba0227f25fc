-- Chatwoot's own nine report metrics as version 4.15 computes them, for comparison with ours, grouped by :'dimension':
--   time                   starts_on: the first day of each day, week or month, as :'grain' says
--   account, inbox         group_id
--   team, agent            group_id; 0 for none
--   label                  group_name; a conversation with three labels counts in each of the three
-- Any other dimension counts everything in one row, which exists even if nothing happened.
-- Events count on the day on which their row was written, repeated events count twice, averages include zeros. A bot's
-- resolution does not count if the conversation was handed over in the same range.
-- An agent's conversations are those assigned now, an agent's messages those written by the agent, and an agent's
-- events those with the agent's id. A team's or a label's rows are those of the conversations that have it now.
-- Chatwoot applies one filter at a time. If several are given here, a row must match all of them. Messages by label are
-- counted by day and account only: message counts are NULL for a label together with an inbox, a team or an agent, and
-- for several labels in one row, where a conversation with two of them would count twice.
\if :{?dimension}
\else
\set dimension all
\endif
\ir ../dashboard/settings.psql
\ir ../dashboard/filters.psql

WITH selected_events AS NOT MATERIALIZED (
    SELECT
        event_date,
        account_id,
        inbox_id,
        team_id,
        coalesce(user_id, 0) AS agent_id,
        conversation_id,
        name,
        value,
        value_in_business_hours,
        -- Chatwoot looks for handovers among the same agent's or inbox's events.
        CASE :'dimension' WHEN 'agent' THEN coalesce(user_id, 0) WHEN 'inbox' THEN inbox_id END AS scope_id
    FROM conversation_events
    WHERE
        event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND (:'agents'::bigint[] = '{}' OR coalesce(user_id, 0) = any(:'agents'::bigint[]))
        AND (
            :'labels'::text[] = '{}'
            OR conversation_id IN (
                SELECT labelled.conversation_id
                FROM conversation_facts AS labelled
                WHERE labelled.labels && :'labels'::text[]
            )
        )
),

counted AS (
    SELECT
        'conversation' AS name,
        conversation_date AS counted_date,
        account_id,
        inbox_id,
        team_id,
        coalesce(assignee_id, 0) AS agent_id,
        conversation_id,
        NULL AS message_label,
        NULL::double precision AS value,
        NULL::double precision AS value_in_business_hours,
        0 AS incoming,
        0 AS outgoing
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND (:'agents'::bigint[] = '{}' OR coalesce(assignee_id, 0) = any(:'agents'::bigint[]))
        AND :label_filter
    UNION ALL
    SELECT
        name,
        event_date AS counted_date,
        account_id,
        inbox_id,
        team_id,
        agent_id,
        conversation_id,
        NULL AS message_label,
        value,
        value_in_business_hours,
        0 AS incoming,
        0 AS outgoing
    FROM selected_events
    WHERE name IN ('first_response', 'conversation_resolved', 'reply_time', 'conversation_bot_handoff')
    UNION ALL
    SELECT
        resolved.name,
        resolved.event_date AS counted_date,
        resolved.account_id,
        resolved.inbox_id,
        resolved.team_id,
        resolved.agent_id,
        resolved.conversation_id,
        NULL AS message_label,
        NULL AS value,
        NULL AS value_in_business_hours,
        0 AS incoming,
        0 AS outgoing
    FROM selected_events AS resolved
    WHERE
        resolved.name = 'conversation_bot_resolved'
        AND NOT EXISTS (
            SELECT 1
            FROM selected_events AS handed_off
            WHERE
                handed_off.name = 'conversation_bot_handoff'
                AND handed_off.conversation_id = resolved.conversation_id
                AND coalesce(handed_off.scope_id, 0) = coalesce(resolved.scope_id, 0)
        )
    UNION ALL
    SELECT
        'messages' AS name,
        message_date AS counted_date,
        account_id,
        inbox_id,
        team_id,
        agent_id,
        NULL AS conversation_id,
        NULL AS message_label,
        NULL AS value,
        NULL AS value_in_business_hours,
        incoming_all AS incoming,
        outgoing_all AS outgoing
    FROM hourly_messages
    WHERE
        :counts_messages_by_hour
        AND message_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :aggregate_filters
    UNION ALL
    SELECT
        'messages' AS name,
        event_date AS counted_date,
        account_id,
        NULL AS inbox_id,
        NULL AS team_id,
        NULL AS agent_id,
        NULL AS conversation_id,
        label AS message_label,
        NULL AS value,
        NULL AS value_in_business_hours,
        incoming_all AS incoming,
        outgoing_all AS outgoing
    FROM daily_by_label
    WHERE
        :counts_messages_by_label
        AND incoming_all + outgoing_all > 0
        AND event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :account_filter
        AND (:'labels'::text[] = '{}' OR label = any(:'labels'::text[]))
        AND array_length(:'inboxes'::bigint[] || :'teams'::bigint[] || :'agents'::bigint[], 1) IS NULL
    UNION ALL
    SELECT
        'nothing' AS name,
        NULL AS counted_date,
        NULL AS account_id,
        NULL AS inbox_id,
        NULL AS team_id,
        NULL AS agent_id,
        NULL AS conversation_id,
        NULL AS message_label,
        NULL AS value,
        NULL AS value_in_business_hours,
        0 AS incoming,
        0 AS outgoing
    WHERE :'dimension' NOT IN ('time', 'account', 'inbox', 'team', 'agent', 'label')
),

grouped AS (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', counted.counted_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'account' THEN counted.account_id
            WHEN 'inbox' THEN counted.inbox_id
            WHEN 'team' THEN coalesce(counted.team_id, 0)
            WHEN 'agent' THEN counted.agent_id
        END::bigint AS group_id,
        CASE WHEN :'dimension' = 'label' THEN coalesce(counted.message_label, label.label) END AS group_name,
        counted.name,
        counted.conversation_id,
        counted.value,
        counted.value_in_business_hours,
        counted.incoming,
        counted.outgoing
    FROM counted
    LEFT JOIN conversation_facts AS facts
        ON :'dimension' = 'label' AND counted.conversation_id = facts.conversation_id
    LEFT JOIN LATERAL unnest(facts.labels) AS label (label) ON :'dimension' = 'label'
)

SELECT
    grouped.starts_on,
    grouped.group_id,
    grouped.group_name,
    count(*) FILTER (WHERE grouped.name = 'conversation') AS conversations_count,
    CASE WHEN :counts_messages_exactly THEN sum(grouped.incoming)::bigint END AS incoming_messages_count,
    CASE WHEN :counts_messages_exactly THEN sum(grouped.outgoing)::bigint END AS outgoing_messages_count,
    avg(grouped.value) FILTER (WHERE grouped.name = 'first_response') AS avg_first_response_time,
    avg(grouped.value_in_business_hours)
        FILTER (WHERE grouped.name = 'first_response') AS avg_first_response_business_time,
    avg(grouped.value) FILTER (WHERE grouped.name = 'conversation_resolved') AS avg_resolution_time,
    avg(grouped.value_in_business_hours)
        FILTER (WHERE grouped.name = 'conversation_resolved') AS avg_resolution_business_time,
    avg(grouped.value) FILTER (WHERE grouped.name = 'reply_time') AS reply_time,
    avg(grouped.value_in_business_hours) FILTER (WHERE grouped.name = 'reply_time') AS reply_business_time,
    count(*) FILTER (WHERE grouped.name = 'conversation_resolved') AS resolutions_count,
    count(*) FILTER (WHERE grouped.name = 'conversation_bot_resolved') AS bot_resolutions_count,
    count(DISTINCT grouped.conversation_id)
        FILTER (WHERE grouped.name = 'conversation_bot_handoff') AS bot_handoffs_count
FROM grouped
WHERE :group_filter
GROUP BY grouped.starts_on, grouped.group_id, grouped.group_name;
