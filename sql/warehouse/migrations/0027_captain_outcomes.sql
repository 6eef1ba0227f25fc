-- What came of each engagement of Captain, Chatwoot's assistant: its own records, kept with the conversation.
ALTER TABLE conversation_facts ADD COLUMN captain_outcomes jsonb;

CREATE INDEX conversation_facts_captain_idx ON conversation_facts (conversation_date)
WHERE captain_outcomes IS NOT NULL;

CREATE VIEW captain_outcomes AS
SELECT
    facts.conversation_id,
    outcome.outcome_id,
    facts.conversation_date,
    facts.account_id,
    facts.inbox_id,
    facts.team_id,
    facts.assignee_id,
    outcome.assistant_id,
    outcome.began_by,
    outcome.started_at AT TIME ZONE 'UTC' AS started_at,
    outcome.ended_at AT TIME ZONE 'UTC' AS ended_at,
    outcome.captain_replies,
    outcome.first_captain_reply_at AT TIME ZONE 'UTC' AS first_captain_reply_at,
    outcome.first_human_reply_at AT TIME ZONE 'UTC' AS first_human_reply_at,
    outcome.handed_off_at AT TIME ZONE 'UTC' AS handed_off_at,
    outcome.handoff_reason,
    outcome.resolved_at AT TIME ZONE 'UTC' AS resolved_at,
    outcome.rating,
    facts.status,
    facts.labels
FROM conversation_facts AS facts
CROSS JOIN LATERAL jsonb_to_recordset(facts.captain_outcomes) AS outcome (
    outcome_id bigint,
    assistant_id bigint,
    began_by text,
    started_at timestamp,
    ended_at timestamp,
    captain_replies integer,
    first_captain_reply_at timestamp,
    first_human_reply_at timestamp,
    handed_off_at timestamp,
    handoff_reason text,
    resolved_at timestamp,
    rating integer
)
WHERE facts.captain_outcomes IS NOT NULL;

COMMENT ON VIEW captain_outcomes IS 'Engagements of Captain in conversations, as Chatwoot recorded them.';
