-- Days on which the metrics tables do not agree with conversas_analytics or with each other: how many of the daily
-- tables (by agent, inbox, team and label) give a different number where the same thing is counted in two places.
\ir ../settings.psql

WITH days AS (
    SELECT day.conversation_date
    FROM unnest(:'days'::date[]) AS day (conversation_date)
),

conversas AS (
    SELECT
        conversation_date,
        count(*) AS conversations,
        count(*) FILTER (WHERE status = 'open') AS open,
        count(*) FILTER (WHERE status = 'pending') AS pending,
        count(*) FILTER (WHERE status = 'snoozed') AS snoozed,
        count(rating) AS rated,
        coalesce(sum(rating), 0) AS sum_rating
    FROM conversas_analytics
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

facts AS (
    SELECT
        conversation_date,
        count(*) AS conversations,
        sum(waits_answered) AS answered,
        sum(waits_open) AS unanswered,
        count(first_response_seconds) AS first_responses,
        sum(sum_wait_seconds) AS wait_seconds,
        count(*) FILTER (WHERE status = 'open' AND is_unassigned) AS unassigned,
        sum(coalesce(resolutions, 0)) AS resolutions,
        sum(incoming_messages) AS incoming,
        sum(outgoing_messages) AS outgoing,
        sum(human_replies) AS replies,
        sum(csat_responses) AS responses
    FROM conversation_facts
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

waits AS (
    SELECT
        conversation_date,
        count(*) FILTER (WHERE NOT is_open) AS answered,
        count(*) FILTER (WHERE is_open) AS unanswered,
        coalesce(sum(seconds), 0) AS seconds
    FROM response_intervals
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

resolved AS (
    SELECT
        conversation_date,
        count(*) AS resolutions,
        count(reopened_date) AS reopened
    FROM resolutions
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

-- Every public message is in exactly one episode, and every conversation has a first one.
served AS (
    SELECT
        conversation_date,
        count(*) AS started,
        count(resolved_at) AS resolved,
        count(*) FILTER (WHERE episode_number = 1) AS conversations,
        sum(incoming_messages) AS incoming,
        sum(outgoing_messages) AS outgoing,
        sum(replies) AS replies,
        coalesce(sum(resolution_seconds) FILTER (WHERE resolution_seconds >= 0), 0) AS resolution_seconds
    FROM episodes
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

due AS (
    SELECT
        conversation_date,
        count(*) FILTER (WHERE is_met) AS met,
        count(*) FILTER (WHERE NOT is_met) AS missed
    FROM targets
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

daily AS (
    SELECT
        conversation_date,
        grouping_name,
        sum(created) AS created,
        sum(responses) AS answered,
        sum(first_responses) AS first_responses,
        sum(resolved) AS resolutions,
        sum(reopened) AS reopened,
        sum(human_replies) AS replies,
        sum(csat_answered) AS rated,
        sum(sum_rating) AS sum_rating,
        sum(incoming_messages) AS incoming,
        sum(outgoing_messages) AS outgoing,
        sum(episodes_started) AS episodes_started,
        sum(episodes_resolved) AS episodes_resolved,
        sum(sum_resolution_seconds) AS resolution_seconds,
        sum(targets_met) AS targets_met,
        sum(targets_missed) AS targets_missed
    FROM (
        SELECT
            'agent' AS grouping_name,
            conversation_date,
            created,
            responses,
            first_responses,
            resolved,
            reopened,
            human_replies,
            csat_answered,
            sum_rating,
            incoming_messages,
            outgoing_messages,
            episodes_started,
            episodes_resolved,
            sum_resolution_seconds,
            first_response_targets_met + next_reply_targets_met + resolution_targets_met AS targets_met,
            first_response_targets_missed + next_reply_targets_missed + resolution_targets_missed AS targets_missed
        FROM daily_by_agent
        UNION ALL
        SELECT
            'inbox' AS grouping_name,
            conversation_date,
            created,
            responses,
            first_responses,
            resolved,
            reopened,
            human_replies,
            csat_answered,
            sum_rating,
            incoming_messages,
            outgoing_messages,
            episodes_started,
            episodes_resolved,
            sum_resolution_seconds,
            first_response_targets_met + next_reply_targets_met + resolution_targets_met AS targets_met,
            first_response_targets_missed + next_reply_targets_missed + resolution_targets_missed AS targets_missed
        FROM daily_by_inbox
        UNION ALL
        SELECT
            'team' AS grouping_name,
            conversation_date,
            created,
            responses,
            first_responses,
            resolved,
            reopened,
            human_replies,
            csat_answered,
            sum_rating,
            incoming_messages,
            outgoing_messages,
            episodes_started,
            episodes_resolved,
            sum_resolution_seconds,
            first_response_targets_met + next_reply_targets_met + resolution_targets_met AS targets_met,
            first_response_targets_missed + next_reply_targets_missed + resolution_targets_missed AS targets_missed
        FROM daily_by_team
        UNION ALL
        SELECT
            'label' AS grouping_name,
            conversation_date,
            created,
            responses,
            first_responses,
            resolved,
            reopened,
            human_replies,
            csat_answered,
            sum_rating,
            incoming_messages,
            outgoing_messages,
            episodes_started,
            episodes_resolved,
            sum_resolution_seconds,
            first_response_targets_met + next_reply_targets_met + resolution_targets_met AS targets_met,
            first_response_targets_missed + next_reply_targets_missed + resolution_targets_missed AS targets_missed
        FROM daily_by_label
        WHERE label = ''
    ) AS groupings
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date, grouping_name
),

backlog AS (
    SELECT
        conversation_date,
        sum(open) AS open,
        sum(pending) AS pending,
        sum(snoozed) AS snoozed,
        sum(unassigned) AS unassigned
    FROM backlog_changes
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

hourly AS (
    SELECT
        conversation_date,
        sum(incoming_all) AS incoming,
        sum(outgoing_all) AS outgoing
    FROM hourly_messages
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
),

rated AS (
    SELECT
        conversation_date,
        count(*) AS responses
    FROM ratings
    WHERE conversation_date = any(:'days'::date[])
    GROUP BY conversation_date
)

SELECT
    days.conversation_date::text AS day,
    count(*) AS failing_rows
FROM days
LEFT JOIN conversas ON days.conversation_date = conversas.conversation_date
LEFT JOIN facts ON days.conversation_date = facts.conversation_date
LEFT JOIN waits ON days.conversation_date = waits.conversation_date
LEFT JOIN resolved ON days.conversation_date = resolved.conversation_date
LEFT JOIN served ON days.conversation_date = served.conversation_date
LEFT JOIN due ON days.conversation_date = due.conversation_date
LEFT JOIN backlog ON days.conversation_date = backlog.conversation_date
LEFT JOIN hourly ON days.conversation_date = hourly.conversation_date
LEFT JOIN rated ON days.conversation_date = rated.conversation_date
CROSS JOIN (VALUES ('agent'), ('inbox'), ('team'), ('label')) AS groupings (grouping_name)
LEFT JOIN daily ON days.conversation_date = daily.conversation_date AND groupings.grouping_name = daily.grouping_name
WHERE
    (
        coalesce(conversas.conversations, 0), coalesce(conversas.open, 0), coalesce(conversas.pending, 0),
        coalesce(conversas.snoozed, 0), coalesce(facts.unassigned, 0), coalesce(conversas.rated, 0),
        coalesce(conversas.sum_rating, 0), coalesce(facts.answered, 0), coalesce(facts.unanswered, 0),
        coalesce(facts.first_responses, 0), coalesce(facts.resolutions, 0), coalesce(facts.replies, 0),
        coalesce(facts.incoming, 0), coalesce(facts.outgoing, 0)
    )
    IS DISTINCT FROM
    (
        coalesce(facts.conversations, 0), coalesce(backlog.open, 0), coalesce(backlog.pending, 0),
        coalesce(backlog.snoozed, 0), coalesce(backlog.unassigned, 0), coalesce(daily.rated, 0),
        coalesce(daily.sum_rating, 0), coalesce(waits.answered, 0), coalesce(waits.unanswered, 0),
        coalesce(daily.first_responses, 0), coalesce(daily.resolutions, 0), coalesce(daily.replies, 0),
        coalesce(hourly.incoming, 0), coalesce(hourly.outgoing, 0)
    )
    OR coalesce(rated.responses, 0) != coalesce(facts.responses, 0)
    OR coalesce(daily.created, 0) != coalesce(conversas.conversations, 0)
    OR coalesce(daily.answered, 0) != coalesce(waits.answered, 0)
    OR coalesce(daily.resolutions, 0) != coalesce(resolved.resolutions, 0)
    OR coalesce(daily.reopened, 0) != coalesce(resolved.reopened, 0)
    OR (
        coalesce(served.conversations, 0), coalesce(served.started, 0), coalesce(served.resolved, 0),
        coalesce(served.incoming, 0), coalesce(served.outgoing, 0), coalesce(served.replies, 0),
        coalesce(due.met, 0), coalesce(due.missed, 0)
    )
    IS DISTINCT FROM
    (
        coalesce(conversas.conversations, 0), coalesce(daily.episodes_started, 0),
        coalesce(daily.episodes_resolved, 0), coalesce(daily.incoming, 0), coalesce(daily.outgoing, 0),
        coalesce(daily.replies, 0), coalesce(daily.targets_met, 0), coalesce(daily.targets_missed, 0)
    )
    -- The last digits of a sum of doubles depend on the order of its terms.
    OR abs(coalesce(facts.wait_seconds, 0) - coalesce(waits.seconds, 0)) > 1e-9 * (1 + coalesce(waits.seconds, 0))
    OR abs(coalesce(served.resolution_seconds, 0) - coalesce(daily.resolution_seconds, 0))
    > 1e-9 * (1 + coalesce(served.resolution_seconds, 0))
GROUP BY days.conversation_date;
