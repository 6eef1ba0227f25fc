-- Layer 1. One row per call in a conversation. Chatwoot has the table since 4.13; only its paid edition writes into it.
-- Neither transcripts nor recordings are read. The view starts from conversations, so that a predicate on
-- conversation_created_at reaches the rows by their index, which begins with the account.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_calls AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    k.id,
    CASE k.direction
        WHEN 0 THEN 'incoming'
        WHEN 1 THEN 'outgoing'
        ELSE 'unknown(' || k.direction || ')'
    END AS direction,
    CASE k.provider
        WHEN 0 THEN 'twilio'
        WHEN 1 THEN 'whatsapp'
        ELSE 'unknown(' || k.provider || ')'
    END AS provider,
    k.status::text AS call_status,
    k.accepted_by_agent_id AS agent_id,
    CASE
        WHEN k.created_at >= '0001-01-01' AND k.created_at < '10000-01-01' THEN k.created_at
    END AS called_at,
    -- When it was accepted.
    CASE
        WHEN k.started_at >= '0001-01-01' AND k.started_at < '10000-01-01' THEN k.started_at
    END AS started_at,
    k.duration_seconds
FROM public.conversations AS c
INNER JOIN public.calls AS k ON c.account_id = k.account_id AND c.id = k.conversation_id;
