-- The events that Chatwoot recorded for its reports about some conversations.
\ir settings.psql

SELECT
    events.conversation_id,
    events.id,
    events.account_id,
    events.inbox_id,
    events.user_id,
    events.name,
    events.value,
    events.value_in_business_hours,
    events.event_start_time,
    events.event_end_time,
    events.created_at
FROM :"views_schema".vw_reporting_events_own AS events
WHERE events.conversation_id = any(:'ids'::bigint[]);
