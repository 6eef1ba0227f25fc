-- The version of each report event of the conversations with ids in a range; see message_versions.sql.
\ir settings.psql

SELECT
    events.conversation_id,
    events.id,
    events.row_version
FROM :"views_schema".vw_reporting_events_own AS events
WHERE events.conversation_id >= :'first_id' AND events.conversation_id < :'end_id';
