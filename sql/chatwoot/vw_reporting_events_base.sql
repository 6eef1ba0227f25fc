-- Layer 1. One row per event that Chatwoot recorded for its own reports about an existing conversation: a first
-- response, a reply, a resolution, a reopening, a bot's handoff. A background job writes them: they come late, may come
-- twice, and are missing if the job was lost. Deleting an agent deletes its events.
-- It starts from conversations for the same reason as vw_messages_marked.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_reporting_events_base AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    e.id,
    e.account_id,
    e.inbox_id,
    e.user_id,
    e.name,
    e.value,
    e.value_in_business_hours,
    CASE
        WHEN e.event_start_time >= '0001-01-01' AND e.event_start_time < '10000-01-01' THEN e.event_start_time
    END AS event_start_time,
    CASE
        WHEN e.event_end_time >= '0001-01-01' AND e.event_end_time < '10000-01-01' THEN e.event_end_time
    END AS event_end_time,
    CASE
        WHEN e.created_at >= '0001-01-01' AND e.created_at < '10000-01-01' THEN e.created_at
    END AS created_at,
    -- The transaction that wrote this version of the row: see sql/extract/event_versions.sql.
    e.xmin AS row_version
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT
        reporting_events.id,
        reporting_events.account_id,
        reporting_events.inbox_id,
        reporting_events.user_id,
        reporting_events.name,
        reporting_events.value,
        reporting_events.value_in_business_hours,
        reporting_events.event_start_time,
        reporting_events.event_end_time,
        reporting_events.created_at,
        reporting_events.xmin
    FROM public.reporting_events
    WHERE reporting_events.conversation_id = c.id
) AS e;
