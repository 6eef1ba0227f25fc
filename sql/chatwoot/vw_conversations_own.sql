-- Layer 1. One row per conversation: its own columns and what follows from them, without a join. The other views of
-- conversations select from it.
--
-- A conversation belongs to the day, hour and weekday of the reporting time zone.
-- first_response_seconds is NULL if nobody replied; a negative value (clock skew, imports) is kept.
-- A timestamp that is infinite or outside the years 1 to 9999 has no meaning to any client: it becomes NULL.
\ir settings.psql
\ir attributes.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversations_own AS
SELECT
    c.id,
    c.display_id,
    c.account_id,
    c.inbox_id,
    CASE c.status
        WHEN 0 THEN 'open'
        WHEN 1 THEN 'resolved'
        WHEN 2 THEN 'pending'
        WHEN 3 THEN 'snoozed'
        ELSE 'unknown(' || c.status || ')'
    END AS status,
    c.status AS status_code,
    c.contact_id,
    c.assignee_id,
    c.team_id,
    c.created_at,
    CASE
        WHEN c.updated_at >= '0001-01-01' AND c.updated_at < '10000-01-01' THEN c.updated_at
    END AS updated_at,
    CASE
        WHEN c.first_reply_created_at >= '0001-01-01' AND c.first_reply_created_at < '10000-01-01'
            THEN c.first_reply_created_at
    END AS first_reply_created_at,
    CASE
        WHEN c.waiting_since >= '0001-01-01' AND c.waiting_since < '10000-01-01' THEN c.waiting_since
    END AS waiting_since,
    CASE c.priority
        WHEN 0 THEN 'low'
        WHEN 1 THEN 'medium'
        WHEN 2 THEN 'high'
        WHEN 3 THEN 'urgent'
        ELSE 'unknown(' || c.priority || ')'
    END AS priority,
    c.priority AS priority_code,
    CASE
        -- Before PostgreSQL 17, subtracting an infinite timestamp is an error.
        WHEN
            c.created_at >= '0001-01-01' AND c.created_at < '10000-01-01'
            AND c.first_reply_created_at >= '0001-01-01' AND c.first_reply_created_at < '10000-01-01'
            THEN extract(EPOCH FROM c.first_reply_created_at - c.created_at)::double precision
    END AS first_response_seconds,
    c.status = 1 AS is_resolved,
    c.assignee_id IS NOT NULL AS is_assigned,
    reporting.created_at::date AS conversation_date,
    extract(HOUR FROM reporting.created_at)::smallint AS conversation_hour,
    extract(DOW FROM reporting.created_at)::smallint AS day_of_week,
    :conversation_attributes AS custom_attributes,
    -- When the present status began. NULL before Chatwoot 4.17, and for conversations that did not change since.
    CASE
        WHEN c.status_changed_at >= '0001-01-01' AND c.status_changed_at < '10000-01-01' THEN c.status_changed_at
    END AS status_changed_at,
    -- What Chatwoot calls unassigned: since 4.18, a conversation that a bot owns is not. Before, the bot did not count,
    -- and there was no ai_assignee_type.
    c.assignee_id IS NULL
    AND (c.assignee_agent_bot_id IS NULL OR c.ai_assignee_type IS NOT DISTINCT FROM 'absent') AS is_unassigned,
    -- Chatwoot's imports from Intercom and Freshdesk name the conversation there, or say what they wrote.
    coalesce(c.identifier LIKE 'intercom:%' OR c.identifier LIKE 'freshdesk:%', FALSE)
    OR (
        SELECT i.imported_at
        FROM :"views_schema".vw_imported_conversations AS i
        WHERE i.conversation_id = c.id
    ) IS NOT NULL AS is_imported,
    -- A subquery is evaluated only where its column is selected, and always reaches its row by the index.
    (
        SELECT i.imported_at
        FROM :"views_schema".vw_imported_conversations AS i
        WHERE i.conversation_id = c.id
    ) AS imported_at,
    (
        SELECT k.outcomes
        FROM :"views_schema".vw_captain_outcomes AS k
        WHERE k.account_id = c.account_id AND k.conversation_id = c.id
    ) AS captain_outcomes,
    -- Everyone to whom it was assigned is among them, also where Chatwoot assigned it without a message.
    (
        SELECT
            jsonb_agg(
                jsonb_build_object(
                    'user_id', p.user_id,
                    'since',
                    CASE
                        WHEN p.created_at >= '0001-01-01' AND p.created_at < '10000-01-01' THEN p.created_at
                    END
                )
                ORDER BY p.created_at, p.user_id
            )
        FROM public.conversation_participants AS p
        WHERE p.conversation_id = c.id
    ) AS participants
FROM (
    -- For columns that this Chatwoot may not have.
    SELECT
        NULL::timestamp AS status_changed_at,
        NULL::bigint AS assignee_agent_bot_id,
        'absent'::varchar AS ai_assignee_type
) AS absent
CROSS JOIN LATERAL (
    SELECT
        id,
        display_id,
        account_id,
        inbox_id,
        status,
        contact_id,
        assignee_id,
        team_id,
        created_at,
        updated_at,
        first_reply_created_at,
        waiting_since,
        priority,
        custom_attributes,
        additional_attributes,
        identifier,
        status_changed_at,
        assignee_agent_bot_id,
        ai_assignee_type
    FROM public.conversations
) AS c
CROSS JOIN LATERAL (
    SELECT c.created_at AT TIME ZONE 'UTC' AT TIME ZONE :'reporting_timezone' AS created_at
) AS reporting;
