-- Layer 1. One row per rated conversation: its latest response, and the number of responses.
-- Chatwoot is meant to ask once, but nothing in its tables prevents more: a plain join would multiply rows. A response
-- whose time cannot be read counts as the earliest.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_csat_base AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    latest.rating,
    latest.feedback_message,
    latest.rated_at,
    latest.csat_responses
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT
        response.rating,
        response.feedback_message,
        response.rated_at,
        (count(*) OVER ())::integer AS csat_responses
    FROM :"views_schema".vw_csat_responses AS response
    WHERE response.conversation_id = c.id
    ORDER BY response.rated_at DESC NULLS LAST, response.id DESC
    LIMIT 1
) AS latest;
