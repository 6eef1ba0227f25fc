-- Lets a role read the views and nothing else of Chatwoot, also after the views are dropped and created again. Run it
-- once the views exist, as their owner or as a superuser:
--   psql "$OWNER_URL" -f sql/chatwoot/grants.sql
-- Options: -v reader=… -v views_schema=…
\ir options.psql

GRANT USAGE ON SCHEMA :"views_schema" TO :"reader";

SELECT format('GRANT SELECT ON TABLE %I.%I TO %I', schemaname, viewname, :'reader')
FROM pg_catalog.pg_views
WHERE schemaname = :'views_schema' AND viewname LIKE 'vw\_%'
\gexec

-- Default privileges belong to the role that creates a view: the owner of these views or of the schema, or the one that
-- runs this. They are for a schema of our own: in public they would include tables that Chatwoot adds.
SELECT
    format(
        'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT SELECT ON TABLES TO %I',
        creator, :'views_schema', :'reader'
    )
FROM (
    SELECT viewowner AS creator
    FROM pg_catalog.pg_views
    WHERE schemaname = :'views_schema' AND viewname LIKE 'vw\_%'
    UNION
    SELECT pg_get_userbyid(nspowner)
    FROM pg_catalog.pg_namespace
    WHERE nspname = :'views_schema'
    UNION
    SELECT current_user
) AS creators
WHERE pg_has_role(creator, 'USAGE') AND :'views_schema' <> 'public'
\gexec
