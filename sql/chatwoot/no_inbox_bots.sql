-- vw_inbox_bots for a Chatwoot without the table agent_bot_inboxes: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_inbox_bots AS
SELECT
    NULL::integer AS inbox_id,
    NULL::timestamp AS bot_since
WHERE FALSE;
