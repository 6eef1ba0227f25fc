-- SLAs as a licensed Chatwoot applies them: a policy per account, for every fourth conversation, with its misses.
INSERT INTO public.sla_policies (
    id, account_id, name, first_response_time_threshold, next_response_time_threshold, resolution_time_threshold,
    created_at, updated_at
)
SELECT
    id,
    id AS account_id,
    'Padrão' AS name,
    3600 AS first_response_time_threshold,
    14400 AS next_response_time_threshold,
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
LEFT JOIN (
    SELECT
        conversation_id,
        min(event_end_time) AS resolved_at
    FROM public.reporting_events
    WHERE name = 'conversation_resolved'
    GROUP BY conversation_id
) AS resolution ON c.id = resolution.conversation_id
-- Chatwoot finds a miss some minutes after the threshold.
CROSS JOIN LATERAL (
    VALUES
    (0, c.created_at + interval '63 min', coalesce(c.first_reply_created_at, resolution.resolved_at)),
    (
        1,
        (
            -- A question after the first reply that nobody answered within four hours.
            SELECT min(question.created_at) + interval '4 h 3 min'
            FROM public.messages AS question
            WHERE
                question.conversation_id = c.id
                AND question.message_type = 0
                AND question.created_at > c.first_reply_created_at
                AND NOT EXISTS (
                    SELECT FROM public.messages AS reply
                    WHERE
                        reply.conversation_id = c.id
                        AND reply.message_type = 1
                        AND reply.created_at BETWEEN question.created_at AND question.created_at + interval '4 h'
                )
        ),
        resolution.resolved_at
    ),
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
        WHEN c.status = 1 THEN CASE WHEN missed.applied_sla_id IS NULL THEN 1 ELSE 2 END
        WHEN missed.applied_sla_id IS NOT NULL THEN 3
        ELSE 0
    END AS sla_status,
    c.created_at,
    c.created_at AS updated_at
FROM public.conversations AS c
LEFT JOIN (SELECT DISTINCT applied_sla_id FROM public.sla_events) AS missed ON c.id = missed.applied_sla_id
WHERE c.id % 4 = 0;
