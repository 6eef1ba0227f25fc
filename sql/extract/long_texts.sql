-- The bytes in which all long texts and attributes of messages are stored, from the catalog. No row comes if messages
-- is no ordinary table.
SELECT coalesce(pg_relation_size(c.reltoastrelid), 0) AS stored_bytes
FROM pg_catalog.pg_class AS c
WHERE c.oid = to_regclass('public.messages') AND c.relkind = 'r';
