-- Layer 1. One row per conversation that an import of Chatwoot's wrote (from Intercom or Freshdesk, since 4.16): when.
-- Its messages until then are the import's. A predicate on conversation_id reaches the rows by their index.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_imported_conversations AS
SELECT
    d.chatwoot_record_id AS conversation_id,
    min(
        CASE WHEN d.created_at >= '0001-01-01' AND d.created_at < '10000-01-01' THEN d.created_at END
    ) AS imported_at
FROM public.data_import_mappings AS d
WHERE d.chatwoot_record_type = 'Conversation'
GROUP BY d.chatwoot_record_id;
