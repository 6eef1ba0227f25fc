-- Layer 1. One row per conversation in which Captain, the assistant of Chatwoot's paid edition, was engaged: a JSON
-- array with one object per engagement, from the contact's message that began it to its end. Chatwoot has the table
-- since 4.17. A predicate on account_id and conversation_id reaches the rows by their index.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_captain_outcomes AS
SELECT
    outcome.account_id,
    outcome.conversation_id,
    jsonb_agg(
        jsonb_strip_nulls(to_jsonb(outcome.*) - 'account_id' - 'conversation_id')
        ORDER BY outcome.started_at, outcome.outcome_id
    ) AS outcomes
FROM (
    SELECT
        o.account_id,
        o.conversation_id,
        o.id AS outcome_id,
        o.assistant_id,
        o.episode_trigger AS began_by,
        CASE
            WHEN o.started_at >= '0001-01-01' AND o.started_at < '10000-01-01' THEN o.started_at
        END AS started_at,
        CASE
            WHEN o.ended_at >= '0001-01-01' AND o.ended_at < '10000-01-01' THEN o.ended_at
        END AS ended_at,
        CASE
            WHEN o.first_captain_reply_at >= '0001-01-01' AND o.first_captain_reply_at < '10000-01-01'
                THEN o.first_captain_reply_at
        END AS first_captain_reply_at,
        CASE
            WHEN o.first_human_reply_at >= '0001-01-01' AND o.first_human_reply_at < '10000-01-01'
                THEN o.first_human_reply_at
        END AS first_human_reply_at,
        CASE
            WHEN o.handoff_at >= '0001-01-01' AND o.handoff_at < '10000-01-01' THEN o.handoff_at
        END AS handed_off_at,
        CASE
            WHEN o.resolved_at >= '0001-01-01' AND o.resolved_at < '10000-01-01' THEN o.resolved_at
        END AS resolved_at,
        o.captain_reply_count AS captain_replies,
        o.handoff_reason_category AS handoff_reason,
        o.csat_rating AS rating
    FROM public.conversation_outcomes AS o
) AS outcome
GROUP BY outcome.account_id, outcome.conversation_id;
