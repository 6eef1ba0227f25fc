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
    e.event_start_time,
    e.event_end_time,
    e.created_at,
    -- The transaction that wrote this version of the row: see sql/extract/event_versions.sql.
    e.row_version
FROM public.conversations AS c
CROSS JOIN LATERAL (
    SELECT
        own.id,
        own.account_id,
        own.inbox_id,
        own.user_id,
        own.name,
        own.value,
        own.value_in_business_hours,
        own.event_start_time,
        own.event_end_time,
        own.created_at,
        own.row_version
    FROM :"views_schema".vw_reporting_events_own AS own
    WHERE own.conversation_id = c.id
) AS e;
