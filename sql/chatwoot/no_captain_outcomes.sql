-- vw_captain_outcomes for a Chatwoot without the table conversation_outcomes: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_captain_outcomes AS
SELECT
    NULL::bigint AS account_id,
    NULL::bigint AS conversation_id,
    NULL::jsonb AS outcomes
WHERE FALSE;
