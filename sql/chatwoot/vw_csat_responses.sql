-- Layer 1. One row per response to a survey. Chatwoot is meant to ask once per conversation, but nothing in its tables
-- prevents more. It starts from conversations, so that a predicate on conversation_created_at reaches responses by
-- their index.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_csat_responses AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    r.id,
    r.rating,
    r.feedback_message,
    CASE
        WHEN r.created_at >= '0001-01-01' AND r.created_at < '10000-01-01' THEN r.created_at
    END AS rated_at,
    -- Who was assigned when the contact answered; NULL for nobody, and for an agent who was deleted since.
    r.assigned_agent_id
FROM public.conversations AS c
INNER JOIN public.csat_survey_responses AS r ON c.id = r.conversation_id;
