-- vw_captain_inboxes for a Chatwoot without the table captain_inboxes: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_captain_inboxes AS
SELECT
    NULL::bigint AS inbox_id,
    NULL::timestamp AS bot_since
WHERE FALSE;
