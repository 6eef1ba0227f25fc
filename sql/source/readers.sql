-- Who may read our views, apart from their owner. PUBLIC has no name, and is the empty string here.
\ir settings.psql

SELECT
    v.relname AS view,
    CASE WHEN g.grantee = 0 THEN '' ELSE pg_get_userbyid(g.grantee) END AS reader
FROM pg_catalog.pg_class AS v
INNER JOIN pg_catalog.pg_namespace AS n ON v.relnamespace = n.oid
CROSS JOIN LATERAL aclexplode(v.relacl) AS g
WHERE
    n.nspname = :'views_schema'
    AND v.relname = any(:'names')
    AND g.privilege_type = 'SELECT'
    AND g.grantee <> v.relowner
ORDER BY 1, 2;
