-- The columns that our views read and their owner cannot. A view reads with its owner's privileges, not the reader's.
\ir settings.psql

SELECT DISTINCT
    pg_get_userbyid(v.relowner) AS owner,
    r.relname AS relation,
    a.attname AS column_name
FROM pg_catalog.pg_class AS v
INNER JOIN pg_catalog.pg_namespace AS n ON v.relnamespace = n.oid
INNER JOIN pg_catalog.pg_rewrite AS w ON v.oid = w.ev_class
INNER JOIN pg_catalog.pg_depend AS d ON w.oid = d.objid
INNER JOIN pg_catalog.pg_class AS r ON d.refobjid = r.oid
INNER JOIN pg_catalog.pg_attribute AS a ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
WHERE
    n.nspname = :'views_schema'
    AND v.relname = any(:'names')
    AND d.classid = 'pg_catalog.pg_rewrite'::regclass
    AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND r.oid <> v.oid
    AND NOT has_column_privilege(v.relowner, r.oid, a.attnum, 'SELECT')
ORDER BY 1, 2, 3;
