-- vw_dialogflow_inboxes for a Chatwoot without the table integrations_hooks: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_dialogflow_inboxes AS
SELECT
    NULL::integer AS inbox_id,
    NULL::timestamp AS bot_since
WHERE FALSE;
