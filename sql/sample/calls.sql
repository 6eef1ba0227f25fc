-- Calls as a licensed Chatwoot records them: in every thirteenth conversation with a contact; two thirds are answered.
INSERT INTO public.calls (
    id, account_id, inbox_id, conversation_id, contact_id, accepted_by_agent_id, provider_call_id, provider, direction,
    status, started_at, duration_seconds, created_at, updated_at
)
SELECT
    c.id,
    c.account_id,
    c.inbox_id,
    c.id AS conversation_id,
    c.contact_id,
    CASE WHEN answers.is_answered THEN c.assignee_id END AS accepted_by_agent_id,
    'call-' || c.id AS provider_call_id,
    c.id % 3 % 2 AS provider,
    c.id / 13 % 2 AS direction,
    CASE WHEN answers.is_answered THEN 'completed' ELSE 'no_answer' END AS status,
    CASE WHEN answers.is_answered THEN c.created_at + interval '72 s' END AS started_at,
    CASE WHEN answers.is_answered THEN 30 + c.id % 600 END AS duration_seconds,
    c.created_at + interval '60 s' AS created_at,
    c.created_at + interval '60 s' AS updated_at
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT c.id % 3 > 0 AS is_answered
) AS answers
WHERE c.id % 13 = 0 AND c.contact_id IS NOT NULL;
