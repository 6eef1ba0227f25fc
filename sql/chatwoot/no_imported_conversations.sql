-- vw_imported_conversations for a Chatwoot without the table data_import_mappings: no rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_imported_conversations AS
SELECT
    NULL::bigint AS conversation_id,
    NULL::timestamp AS imported_at
WHERE FALSE;
