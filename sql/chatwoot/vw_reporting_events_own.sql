-- Layer 1. One row per event that Chatwoot recorded for its own reports: its own columns, without a join. The extract
-- reads it by conversation_id; for events by day, and for their meaning, see vw_reporting_events_base.
-- The second item of FROM makes PostgreSQL refuse writing through the view, and costs nothing.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_reporting_events_own AS
SELECT
    e.conversation_id,
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
FROM public.reporting_events AS e
CROSS JOIN (SELECT 1 AS one) AS read_only;
