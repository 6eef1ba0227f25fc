-- Some columns of Chatwoot's tables, named table.column, as far as they exist.
SELECT
    c.relname::text AS table_name,
    a.attname::text AS column_name
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid
WHERE
    n.nspname = 'public'
    AND c.relname = any(:'tables'::text[])
    AND c.relname || '.' || a.attname = any(:'columns'::text[])
    AND a.attnum > 0
    AND NOT a.attisdropped;
