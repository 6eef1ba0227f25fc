-- Layer 1. One row per response to a survey. Chatwoot is meant to ask once per conversation, but nothing in its tables
-- prevents more. It starts from conversations, so that a predicate on conversation_created_at reaches responses by
-- their index.
\ir settings.psql
\ir mask.psql

CREATE OR REPLACE VIEW :"views_schema".vw_csat_responses AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    r.id,
    r.rating,
    :masked_feedback AS feedback_message,
    CASE
        WHEN r.created_at >= '0001-01-01' AND r.created_at < '10000-01-01' THEN r.created_at
    END AS rated_at,
    -- Who was assigned when the contact answered; NULL for nobody, and for an agent who was deleted since.
    r.assigned_agent_id,
    -- What the team noted about the answer. NULL before Chatwoot 4.10.
    :masked_review_notes AS review_notes,
    CASE
        WHEN r.review_notes_updated_at >= '0001-01-01' AND r.review_notes_updated_at < '10000-01-01'
            THEN r.review_notes_updated_at
    END AS review_notes_updated_at,
    r.review_notes_updated_by_id
FROM (
    -- For columns that this Chatwoot may not have.
    SELECT
        NULL::text AS csat_review_notes,
        NULL::timestamp AS review_notes_updated_at,
        NULL::bigint AS review_notes_updated_by_id
) AS absent
CROSS JOIN public.conversations AS c
CROSS JOIN LATERAL (
    SELECT
        id,
        rating,
        feedback_message,
        created_at,
        assigned_agent_id,
        csat_review_notes,
        review_notes_updated_at,
        review_notes_updated_by_id,
        conversation_id
    FROM public.csat_survey_responses
) AS r
WHERE c.id = r.conversation_id;
