-- Layer 1. One row per SLA policy that was applied to a conversation, with what was missed. Every Chatwoot since 3.8
-- has the tables; only those with a licence write into them. It starts from conversations, so that a predicate on
-- conversation_created_at reaches the rows by their index.
--
-- Chatwoot looks for misses every few minutes: the time of a miss is when it was found.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversation_slas AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    s.id,
    s.sla_policy_id,
    p.name::text AS policy_name,
    CASE s.sla_status
        WHEN 0 THEN 'active'
        WHEN 1 THEN 'hit'
        WHEN 2 THEN 'missed'
        WHEN 3 THEN 'active_with_misses'
        ELSE 'unknown(' || s.sla_status || ')'
    END AS sla_status,
    CASE
        WHEN s.created_at >= '0001-01-01' AND s.created_at < '10000-01-01' THEN s.created_at
    END AS applied_at,
    -- When its conversation was resolved. NULL before Chatwoot 4.17.
    CASE
        WHEN s.completed_at >= '0001-01-01' AND s.completed_at < '10000-01-01' THEN s.completed_at
    END AS completed_at,
    misses.first_response_missed_at,
    misses.next_response_misses,
    misses.next_response_missed_at,
    misses.resolution_missed_at
FROM public.conversations AS c
INNER JOIN (
    SELECT applied.*
    FROM (
        -- For a column that this Chatwoot may not have.
        SELECT NULL::timestamp AS completed_at
    ) AS absent
    CROSS JOIN LATERAL (
        SELECT
            id,
            conversation_id,
            sla_policy_id,
            sla_status,
            created_at,
            completed_at
        FROM public.applied_slas
    ) AS applied
) AS s ON c.id = s.conversation_id
LEFT JOIN public.sla_policies AS p ON s.sla_policy_id = p.id
CROSS JOIN LATERAL (
    SELECT
        min(e.created_at) FILTER (WHERE e.event_type = 0) AS first_response_missed_at,
        count(*) FILTER (WHERE e.event_type = 1)::integer AS next_response_misses,
        min(e.created_at) FILTER (WHERE e.event_type = 1) AS next_response_missed_at,
        min(e.created_at) FILTER (WHERE e.event_type = 2) AS resolution_missed_at
    FROM public.sla_events AS e
    WHERE
        e.applied_sla_id = s.id
        AND e.created_at >= '0001-01-01'
        AND e.created_at < '10000-01-01'
) AS misses;
