-- Engagements of Captain, as a licensed Chatwoot records them: in every seventh conversation with a contact. Those
-- that a human answered were handed over; of the others, Captain resolved those that are resolved. An engagement ends
-- when the next one begins: none of these has an end.
INSERT INTO public.conversation_outcomes (
    id, account_id, assistant_id, conversation_id, inbox_id, captain_reply_count, first_captain_reply_at,
    last_captain_reply_at, first_human_reply_at, handoff_at, handoff_reason_category, resolved_at, csat_rating,
    csat_received_at, started_at, created_at, updated_at
)
SELECT
    c.id,
    c.account_id,
    c.account_id AS assistant_id,
    c.id AS conversation_id,
    c.inbox_id,
    1 + c.id % 3 AS captain_reply_count,
    c.created_at + interval '4 s' AS first_captain_reply_at,
    c.created_at + interval '25 s' AS last_captain_reply_at,
    c.first_reply_created_at AS first_human_reply_at,
    CASE WHEN c.first_reply_created_at IS NOT NULL THEN c.created_at + interval '30 s' END AS handoff_at,
    CASE WHEN c.first_reply_created_at IS NOT NULL THEN
        (ARRAY['customer_request', 'missing_knowledge', 'unsupported_request'])[1 + c.id / 7 % 3]
    END AS handoff_reason_category,
    CASE WHEN c.status = 1 THEN c.last_activity_at END AS resolved_at,
    rated.rating AS csat_rating,
    rated.created_at AS csat_received_at,
    c.created_at AS started_at,
    c.created_at,
    c.created_at + interval '30 s' AS updated_at
FROM public.conversations AS c
LEFT JOIN LATERAL (
    SELECT
        r.rating,
        r.created_at
    FROM public.csat_survey_responses AS r
    WHERE r.conversation_id = c.id
    ORDER BY r.created_at DESC, r.id DESC
    LIMIT 1
) AS rated ON TRUE
WHERE c.id % 7 = 0 AND c.contact_id IS NOT NULL;
