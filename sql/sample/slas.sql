-- SLAs as a licensed Chatwoot applies them: a policy per account, for every fourth conversation, with its misses.
INSERT INTO public.sla_policies (
    id, account_id, name, first_response_time_threshold, resolution_time_threshold, created_at, updated_at
)
SELECT
    id,
    id AS account_id,
    'Padrão' AS name,
    3600 AS first_response_time_threshold,
    172800 AS resolution_time_threshold,
    created_at,
    created_at AS updated_at
FROM public.accounts;

INSERT INTO public.sla_events (
    applied_sla_id, conversation_id, account_id, sla_policy_id, inbox_id, event_type, created_at, updated_at
)
SELECT
    c.id AS applied_sla_id,
    c.id AS conversation_id,
    c.account_id,
    c.account_id AS sla_policy_id,
    c.inbox_id,
    miss.event_type,
    miss.found_at,
    miss.found_at AS updated_at
FROM public.conversations AS c
CROSS JOIN (
    SELECT max(last_activity_at) AS until
    FROM public.conversations
) AS history
CROSS JOIN LATERAL (
    SELECT min(e.event_end_time) AS resolved_at
    FROM public.reporting_events AS e
    WHERE e.conversation_id = c.id AND e.name = 'conversation_resolved'
) AS resolution
-- Chatwoot finds a miss some minutes after the threshold.
CROSS JOIN LATERAL (
    VALUES
    (0, c.created_at + interval '63 min', coalesce(c.first_reply_created_at, resolution.resolved_at)),
    (2, c.created_at + interval '2 days 3 min', resolution.resolved_at)
) AS miss (event_type, found_at, ended_at)
WHERE c.id % 4 = 0 AND miss.found_at < coalesce(miss.ended_at, history.until);

INSERT INTO public.applied_slas (
    id, account_id, sla_policy_id, conversation_id, sla_status, created_at, updated_at
)
SELECT
    c.id,
    c.account_id,
    c.account_id AS sla_policy_id,
    c.id AS conversation_id,
    -- Active, hit, missed, active with misses.
    CASE
        WHEN c.status = 1 THEN CASE WHEN misses.is_missed THEN 2 ELSE 1 END
        WHEN misses.is_missed THEN 3
        ELSE 0
    END AS sla_status,
    c.created_at,
    c.created_at AS updated_at
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT count(*) > 0 AS is_missed
    FROM public.sla_events AS e
    WHERE e.applied_sla_id = c.id
) AS misses
WHERE c.id % 4 = 0;
