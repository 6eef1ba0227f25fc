-- The version of each report event of the conversations created between two instants (UTC); see message_versions.sql.
\ir settings.psql

SELECT
    events.conversation_created_at,
    events.id,
    events.row_version
FROM :"views_schema".vw_reporting_events_base AS events
WHERE
    events.conversation_created_at >= :'starts_at'
    AND events.conversation_created_at < :'ends_at';
