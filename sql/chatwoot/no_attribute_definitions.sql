-- vw_attribute_definitions for a Chatwoot without the table custom_attribute_definitions: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_attribute_definitions AS
SELECT
    NULL::bigint AS account_id,
    NULL::text AS model,
    NULL::text AS key,
    NULL::text AS type,
    NULL::jsonb AS list_values,
    NULL::boolean AS is_personal
WHERE FALSE;
