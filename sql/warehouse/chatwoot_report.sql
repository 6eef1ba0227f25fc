-- Chatwoot's own nine report metrics as version 4.15 computes them, for comparison with ours, grouped by :'dimension':
--   time                   starts_on: the first day of each day, week or month, as :'grain' says
--   account, inbox         group_id
--   team, agent            group_id; 0 for none
--   label                  group_name; a conversation with three labels counts in each of the three
-- Any other dimension counts everything in one row, which exists even if nothing happened. Rows are counted where they
-- are read: to count all kinds of them together takes three times as long.
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
        name,
        CASE WHEN :'dimension' = 'time' THEN event_date END AS counted_date,
        CASE :'dimension'
            WHEN 'account' THEN account_id
            WHEN 'inbox' THEN inbox_id
            WHEN 'team' THEN coalesce(team_id, 0)
            WHEN 'agent' THEN coalesce(user_id, 0)
        END::bigint AS group_id,
        -- Chatwoot looks for handovers among the same agent's or inbox's events.
        coalesce(CASE :'dimension' WHEN 'agent' THEN user_id WHEN 'inbox' THEN inbox_id END, 0) AS scope_id,
        conversation_id,
        value,
        value_in_business_hours
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

bot_events AS MATERIALIZED (
    SELECT
        *,
        bool_or(name = 'conversation_bot_handoff') OVER (PARTITION BY conversation_id, scope_id) AS is_handed_off
    FROM selected_events
    WHERE name IN ('conversation_bot_resolved', 'conversation_bot_handoff')
),

counted AS (
    SELECT
        'conversation' AS name,
        CASE WHEN :'dimension' = 'time' THEN conversation_date END AS counted_date,
        CASE :'dimension'
            WHEN 'account' THEN account_id
            WHEN 'inbox' THEN inbox_id
            WHEN 'team' THEN coalesce(team_id, 0)
            WHEN 'agent' THEN coalesce(assignee_id, 0)
        END::bigint AS group_id,
        CASE WHEN :'dimension' = 'label' THEN conversation_id END AS conversation_id,
        NULL AS message_label,
        count(*) AS number,
        NULL::bigint AS timed,
        NULL::double precision AS seconds,
        NULL::bigint AS business_timed,
        NULL::double precision AS business_seconds,
        0::numeric AS incoming,
        0::numeric AS outgoing
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND :assignee_filter
        AND :label_filter
    GROUP BY 2, 3, 4
    UNION ALL
    SELECT
        name,
        counted_date,
        group_id,
        CASE WHEN :'dimension' = 'label' THEN conversation_id END AS conversation_id,
        NULL AS message_label,
        count(*) AS number,
        count(value) AS timed,
        sum(value) AS seconds,
        count(value_in_business_hours) AS business_timed,
        sum(value_in_business_hours) AS business_seconds,
        0 AS incoming,
        0 AS outgoing
    FROM selected_events
    WHERE name IN ('first_response', 'conversation_resolved', 'reply_time')
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT
        name,
        counted_date,
        group_id,
        CASE WHEN :'dimension' = 'label' THEN conversation_id END AS conversation_id,
        NULL AS message_label,
        count(*) AS number,
        NULL AS timed,
        NULL AS seconds,
        NULL AS business_timed,
        NULL AS business_seconds,
        0 AS incoming,
        0 AS outgoing
    FROM bot_events
    WHERE name = 'conversation_bot_resolved' AND NOT is_handed_off
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT
        name,
        date_trunc(:'grain', counted_date::timestamp)::date AS counted_date,
        group_id,
        CASE WHEN :'dimension' = 'label' THEN conversation_id END AS conversation_id,
        NULL AS message_label,
        count(DISTINCT conversation_id) AS number,
        NULL AS timed,
        NULL AS seconds,
        NULL AS business_timed,
        NULL AS business_seconds,
        0 AS incoming,
        0 AS outgoing
    FROM bot_events
    WHERE name = 'conversation_bot_handoff'
    GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT
        'messages' AS name,
        CASE WHEN :'dimension' = 'time' THEN message_date END AS counted_date,
        CASE :'dimension'
            WHEN 'account' THEN account_id
            WHEN 'inbox' THEN inbox_id
            WHEN 'team' THEN coalesce(team_id, 0)
            WHEN 'agent' THEN agent_id
        END::bigint AS group_id,
        NULL AS conversation_id,
        NULL AS message_label,
        NULL AS number,
        NULL AS timed,
        NULL AS seconds,
        NULL AS business_timed,
        NULL AS business_seconds,
        sum(incoming_all) AS incoming,
        sum(outgoing_all) AS outgoing
    FROM hourly_messages
    WHERE
        :counts_messages_by_hour
        AND message_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :aggregate_filters
    GROUP BY 2, 3
    UNION ALL
    SELECT
        'messages' AS name,
        CASE WHEN :'dimension' = 'time' THEN event_date END AS counted_date,
        CASE :'dimension' WHEN 'account' THEN account_id END AS group_id,
        NULL AS conversation_id,
        label AS message_label,
        NULL AS number,
        NULL AS timed,
        NULL AS seconds,
        NULL AS business_timed,
        NULL AS business_seconds,
        sum(incoming_all) AS incoming,
        sum(outgoing_all) AS outgoing
    FROM daily_by_label
    WHERE
        :counts_messages_by_label
        AND incoming_all + outgoing_all > 0
        AND event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :label_sum_filters
    GROUP BY 2, 3, 5
    UNION ALL
    SELECT
        'nothing' AS name,
        NULL AS counted_date,
        NULL AS group_id,
        NULL AS conversation_id,
        NULL AS message_label,
        NULL AS number,
        NULL AS timed,
        NULL AS seconds,
        NULL AS business_timed,
        NULL AS business_seconds,
        0 AS incoming,
        0 AS outgoing
    WHERE :'dimension' NOT IN ('time', 'account', 'inbox', 'team', 'agent', 'label')
),

grouped AS (
    SELECT
        counted.*,
        date_trunc(:'grain', counted.counted_date::timestamp)::date AS starts_on,
        CASE WHEN :'dimension' = 'label' THEN coalesce(counted.message_label, label.label) END AS group_name
    FROM counted
    LEFT JOIN conversation_facts AS facts
        ON :'dimension' = 'label' AND counted.conversation_id = facts.conversation_id
    LEFT JOIN LATERAL unnest(facts.labels) AS label (label) ON :'dimension' = 'label'
)

SELECT
    grouped.starts_on,
    grouped.group_id,
    grouped.group_name,
    coalesce(sum(grouped.number) FILTER (WHERE grouped.name = 'conversation'), 0)::bigint AS conversations_count,
    CASE WHEN :counts_messages_exactly THEN sum(grouped.incoming)::bigint END AS incoming_messages_count,
    CASE WHEN :counts_messages_exactly THEN sum(grouped.outgoing)::bigint END AS outgoing_messages_count,
    sum(grouped.seconds) FILTER (WHERE grouped.name = 'first_response')
    / nullif(sum(grouped.timed) FILTER (WHERE grouped.name = 'first_response'), 0) AS avg_first_response_time,
    sum(grouped.business_seconds) FILTER (WHERE grouped.name = 'first_response')
    / nullif(sum(grouped.business_timed) FILTER (WHERE grouped.name = 'first_response'), 0)
        AS avg_first_response_business_time,
    sum(grouped.seconds) FILTER (WHERE grouped.name = 'conversation_resolved')
    / nullif(sum(grouped.timed) FILTER (WHERE grouped.name = 'conversation_resolved'), 0) AS avg_resolution_time,
    sum(grouped.business_seconds) FILTER (WHERE grouped.name = 'conversation_resolved')
    / nullif(sum(grouped.business_timed) FILTER (WHERE grouped.name = 'conversation_resolved'), 0)
        AS avg_resolution_business_time,
    sum(grouped.seconds) FILTER (WHERE grouped.name = 'reply_time')
    / nullif(sum(grouped.timed) FILTER (WHERE grouped.name = 'reply_time'), 0) AS reply_time,
    sum(grouped.business_seconds) FILTER (WHERE grouped.name = 'reply_time')
    / nullif(sum(grouped.business_timed) FILTER (WHERE grouped.name = 'reply_time'), 0)
        AS reply_business_time,
    coalesce(sum(grouped.number) FILTER (WHERE grouped.name = 'conversation_resolved'), 0)::bigint AS resolutions_count,
    coalesce(sum(grouped.number) FILTER (WHERE grouped.name = 'conversation_bot_resolved'), 0)::bigint
        AS bot_resolutions_count,
    coalesce(sum(grouped.number) FILTER (WHERE grouped.name = 'conversation_bot_handoff'), 0)::bigint
        AS bot_handoffs_count
FROM grouped
WHERE :group_filter
GROUP BY 1, 2, 3;
