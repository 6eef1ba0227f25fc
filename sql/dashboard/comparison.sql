-- Our numbers for the comparison with Chatwoot's reports, grouped by :'dimension':
--   time                   starts_on: the first day of each day, week or month, as :'grain' says
--   inbox                  group_id
--   team, agent            group_id; 0 for none
--   label                  group_name; a conversation with three labels counts in each of the three
-- Any other dimension counts everything in one row. As in Chatwoot's reports, an agent's conversations are those
-- assigned now, an agent's messages those written by the agent, and everything else is the agent's who did it. Message
-- counts are NULL where those of Chatwoot's report are: see sql/warehouse/chatwoot_report.sql.
\ir settings.psql
\ir filters.psql

WITH counted AS (
    SELECT events.*
    FROM (
        SELECT
            'conversation' AS name,
            conversation_date AS counted_date,
            account_id,
            inbox_id,
            team_id,
            coalesce(assignee_id, 0)::bigint AS agent_id,
            labels,
            NULL::double precision AS seconds,
            FALSE AS is_first_response,
            bot_resolved,
            bot_handed_off,
            NULL::smallint AS rating,
            0::bigint AS incoming,
            0::bigint AS outgoing
        FROM conversation_facts
        UNION ALL
        SELECT
            'rating' AS name,
            conversation_date AS counted_date,
            account_id,
            inbox_id,
            team_id,
            coalesce(rating_agent_id, 0)::bigint AS agent_id,
            labels,
            NULL AS seconds,
            FALSE AS is_first_response,
            FALSE AS bot_resolved,
            FALSE AS bot_handed_off,
            rating,
            0 AS incoming,
            0 AS outgoing
        FROM conversation_facts
        WHERE rating IS NOT NULL
        UNION ALL
        SELECT
            'reply' AS name,
            ended_date AS counted_date,
            account_id,
            inbox_id,
            team_id,
            coalesce(agent_id, 0)::bigint AS agent_id,
            labels,
            seconds,
            is_first_response,
            FALSE AS bot_resolved,
            FALSE AS bot_handed_off,
            NULL AS rating,
            0 AS incoming,
            0 AS outgoing
        FROM response_intervals
        UNION ALL
        SELECT
            'resolution' AS name,
            resolved_date AS counted_date,
            account_id,
            inbox_id,
            team_id,
            coalesce(agent_id, 0)::bigint AS agent_id,
            labels,
            seconds,
            FALSE AS is_first_response,
            FALSE AS bot_resolved,
            FALSE AS bot_handed_off,
            NULL AS rating,
            0 AS incoming,
            0 AS outgoing
        FROM resolutions
        UNION ALL
        SELECT
            'messages' AS name,
            message_date AS counted_date,
            account_id,
            inbox_id,
            team_id,
            agent_id,
            '{}'::text[] AS labels,
            NULL AS seconds,
            FALSE AS is_first_response,
            FALSE AS bot_resolved,
            FALSE AS bot_handed_off,
            NULL AS rating,
            incoming,
            outgoing
        FROM hourly_messages
        WHERE :counts_messages_by_hour
        UNION ALL
        SELECT
            'messages' AS name,
            event_date AS counted_date,
            account_id,
            NULL AS inbox_id,
            NULL AS team_id,
            NULL AS agent_id,
            ARRAY[label] AS labels,
            NULL AS seconds,
            FALSE AS is_first_response,
            FALSE AS bot_resolved,
            FALSE AS bot_handed_off,
            NULL AS rating,
            incoming_messages AS incoming,
            outgoing_messages AS outgoing
        FROM daily_by_label
        WHERE :counts_messages_by_label
    ) AS events
    WHERE
        events.counted_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :aggregate_filters
        AND :label_filter
)

SELECT
    starts_on,
    group_id,
    group_name,
    count(*) FILTER (WHERE name = 'conversation') AS conversations_count,
    CASE WHEN :counts_messages_exactly THEN sum(incoming)::bigint END AS incoming_messages_count,
    CASE WHEN :counts_messages_exactly THEN sum(outgoing)::bigint END AS outgoing_messages_count,
    avg(seconds) FILTER (WHERE is_first_response) AS avg_first_response_time,
    avg(seconds) FILTER (WHERE name = 'resolution') AS avg_resolution_time,
    count(*) FILTER (WHERE name = 'resolution') AS resolutions_count,
    avg(seconds) FILTER (WHERE name = 'reply') AS reply_time,
    count(*) FILTER (WHERE bot_resolved) AS bot_resolutions_count,
    count(*) FILTER (WHERE bot_handed_off) AS bot_handoffs_count,
    count(rating) AS csat_responses,
    count(*) FILTER (WHERE rating >= 4)::double precision / nullif(count(rating), 0) AS csat_score
FROM (
    SELECT
        CASE
            WHEN :'dimension' = 'time' THEN date_trunc(:'grain', counted.counted_date::timestamp)::date
        END AS starts_on,
        CASE :'dimension'
            WHEN 'inbox' THEN counted.inbox_id
            WHEN 'team' THEN coalesce(counted.team_id, 0)
            WHEN 'agent' THEN counted.agent_id
        END::bigint AS group_id,
        label.label AS group_name,
        counted.name,
        counted.seconds,
        counted.is_first_response,
        counted.bot_resolved,
        counted.bot_handed_off,
        counted.rating,
        counted.incoming,
        counted.outgoing
    FROM counted
    LEFT JOIN LATERAL unnest(CASE :'dimension' WHEN 'label' THEN counted.labels END) AS label (label)
        ON :'dimension' = 'label'
) AS grouped
WHERE :group_filter
GROUP BY starts_on, group_id, group_name;
