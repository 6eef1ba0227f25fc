-- The views in our schema, each with its comment, which contains the version of its SQL.
\ir settings.psql

SELECT
    c.relname AS name,
    coalesce(obj_description(c.oid, 'pg_class'), '') AS comment
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE n.nspname = :'views_schema' AND c.relkind = 'v';
