-- Our numbers for the comparison with Chatwoot's reports, grouped by :'dimension':
--   time                   starts_on: the first day of each day, week or month, as :'grain' says
--   inbox                  group_id
--   team, agent            group_id; 0 for none
--   label                  group_name; a conversation with three labels counts in each of the three
-- Any other dimension counts everything in one row. As in Chatwoot's reports, an agent's conversations are those
-- assigned now, an agent's messages those written by the agent, and everything else is the agent's who did it. Message
-- counts are NULL where those of Chatwoot's report are: see sql/warehouse/chatwoot_report.sql. As there, rows are
-- counted where they are read.
\ir settings.psql
\ir filters.psql

WITH counted AS (
    SELECT
        CASE WHEN :'dimension' = 'time' THEN conversation_date END AS counted_date,
        CASE :'dimension'
            WHEN 'inbox' THEN inbox_id
            WHEN 'team' THEN coalesce(team_id, 0)
            WHEN 'agent' THEN coalesce(assignee_id, 0)
        END::bigint AS group_id,
        CASE WHEN :'dimension' = 'label' THEN labels END AS labels,
        count(*) AS conversations,
        count(*) FILTER (WHERE bot_resolved) AS bot_resolved,
        count(*) FILTER (WHERE bot_handed_off) AS bot_handed_off,
        NULL::bigint AS ratings,
        NULL::bigint AS satisfied,
        NULL::bigint AS replies,
        NULL::double precision AS reply_seconds,
        NULL::bigint AS first_responses,
        NULL::double precision AS first_response_seconds,
        NULL::bigint AS resolutions,
        NULL::bigint AS timed_resolutions,
        NULL::double precision AS resolution_seconds,
        NULL::numeric AS incoming,
        NULL::numeric AS outgoing
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND :assignee_filter
        AND :label_filter
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        CASE WHEN :'dimension' = 'time' THEN conversation_date END AS counted_date,
        CASE :'dimension'
            WHEN 'inbox' THEN inbox_id
            WHEN 'team' THEN coalesce(team_id, 0)
            WHEN 'agent' THEN coalesce(rating_agent_id, 0)
        END::bigint AS group_id,
        CASE WHEN :'dimension' = 'label' THEN labels END AS labels,
        NULL AS conversations,
        NULL AS bot_resolved,
        NULL AS bot_handed_off,
        count(*) AS ratings,
        count(*) FILTER (WHERE rating >= 4) AS satisfied,
        NULL AS replies,
        NULL AS reply_seconds,
        NULL AS first_responses,
        NULL AS first_response_seconds,
        NULL AS resolutions,
        NULL AS timed_resolutions,
        NULL AS resolution_seconds,
        NULL AS incoming,
        NULL AS outgoing
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND rating IS NOT NULL
        AND :common_filters
        AND :rating_agent_filter
        AND :label_filter
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        CASE WHEN :'dimension' = 'time' THEN ended_date END AS counted_date,
        :event_group_id AS group_id,
        CASE WHEN :'dimension' = 'label' THEN labels END AS labels,
        NULL AS conversations,
        NULL AS bot_resolved,
        NULL AS bot_handed_off,
        NULL AS ratings,
        NULL AS satisfied,
        count(seconds) AS replies,
        sum(seconds) AS reply_seconds,
        count(seconds) FILTER (WHERE is_first_response) AS first_responses,
        sum(seconds) FILTER (WHERE is_first_response) AS first_response_seconds,
        NULL AS resolutions,
        NULL AS timed_resolutions,
        NULL AS resolution_seconds,
        NULL AS incoming,
        NULL AS outgoing
    FROM response_intervals
    WHERE
        ended_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND :agent_filter
        AND :label_filter
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        CASE WHEN :'dimension' = 'time' THEN resolved_date END AS counted_date,
        :event_group_id AS group_id,
        CASE WHEN :'dimension' = 'label' THEN labels END AS labels,
        NULL AS conversations,
        NULL AS bot_resolved,
        NULL AS bot_handed_off,
        NULL AS ratings,
        NULL AS satisfied,
        NULL AS replies,
        NULL AS reply_seconds,
        NULL AS first_responses,
        NULL AS first_response_seconds,
        count(*) AS resolutions,
        count(seconds) AS timed_resolutions,
        sum(seconds) AS resolution_seconds,
        NULL AS incoming,
        NULL AS outgoing
    FROM resolutions
    WHERE
        resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :common_filters
        AND :agent_filter
        AND :label_filter
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        CASE WHEN :'dimension' = 'time' THEN message_date END AS counted_date,
        :event_group_id AS group_id,
        CASE WHEN :'dimension' = 'label' THEN '{}'::text[] END AS labels,
        NULL AS conversations,
        NULL AS bot_resolved,
        NULL AS bot_handed_off,
        NULL AS ratings,
        NULL AS satisfied,
        NULL AS replies,
        NULL AS reply_seconds,
        NULL AS first_responses,
        NULL AS first_response_seconds,
        NULL AS resolutions,
        NULL AS timed_resolutions,
        NULL AS resolution_seconds,
        sum(incoming) AS incoming,
        sum(outgoing) AS outgoing
    FROM hourly_messages
    WHERE
        message_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :counts_messages_by_hour
        AND :aggregate_filters
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT
        CASE WHEN :'dimension' = 'time' THEN event_date END AS counted_date,
        NULL::bigint AS group_id,
        CASE WHEN :'dimension' = 'label' THEN ARRAY[label] END AS labels,
        NULL AS conversations,
        NULL AS bot_resolved,
        NULL AS bot_handed_off,
        NULL AS ratings,
        NULL AS satisfied,
        NULL AS replies,
        NULL AS reply_seconds,
        NULL AS first_responses,
        NULL AS first_response_seconds,
        NULL AS resolutions,
        NULL AS timed_resolutions,
        NULL AS resolution_seconds,
        sum(incoming_messages) AS incoming,
        sum(outgoing_messages) AS outgoing
    FROM daily_by_label
    WHERE
        event_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :counts_messages_by_label
        AND :label_sum_filters
    GROUP BY 1, 2, 3
)

SELECT
    starts_on,
    group_id,
    group_name,
    coalesce(sum(conversations), 0)::bigint AS conversations_count,
    CASE WHEN :counts_messages_exactly THEN coalesce(sum(incoming), 0)::bigint END AS incoming_messages_count,
    CASE WHEN :counts_messages_exactly THEN coalesce(sum(outgoing), 0)::bigint END AS outgoing_messages_count,
    sum(first_response_seconds) / nullif(sum(first_responses), 0) AS avg_first_response_time,
    sum(resolution_seconds) / nullif(sum(timed_resolutions), 0) AS avg_resolution_time,
    coalesce(sum(resolutions), 0)::bigint AS resolutions_count,
    sum(reply_seconds) / nullif(sum(replies), 0) AS reply_time,
    coalesce(sum(bot_resolved), 0)::bigint AS bot_resolutions_count,
    coalesce(sum(bot_handed_off), 0)::bigint AS bot_handoffs_count,
    coalesce(sum(ratings), 0)::bigint AS csat_responses,
    sum(satisfied)::double precision / nullif(sum(ratings), 0) AS csat_score
FROM (
    SELECT
        counted.*,
        date_trunc(:'grain', counted.counted_date::timestamp)::date AS starts_on,
        label.label AS group_name
    FROM counted
    LEFT JOIN LATERAL unnest(counted.labels) AS label (label) ON :'dimension' = 'label'
) AS grouped
WHERE :group_filter
GROUP BY 1, 2, 3;
