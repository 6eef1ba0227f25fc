-- The events that Chatwoot recorded for its reports about the conversations created between two instants (UTC),
-- whenever they happened.
\ir settings.psql

SELECT
    events.conversation_id,
    events.conversation_created_at,
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
FROM :"views_schema".vw_reporting_events_base AS events
WHERE
    events.conversation_created_at >= :'starts_at'
    AND events.conversation_created_at < :'ends_at';
