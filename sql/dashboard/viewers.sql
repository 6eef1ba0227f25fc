-- Row-level security for a dashboard whose viewers log in: its role sees only the accounts and the teams that the
-- settings chatwoot_assets.accounts and chatwoot_assets.teams of its transaction list, and nothing without them. Other
-- roles, and the owner of the tables, see all rows as before. It needs PostgreSQL 15 or newer.
--
-- Run it as a superuser after grants.sql, and again after each upgrade:
--   psql "$ADMIN_URL" -f sql/dashboard/viewers.sql
-- Option: -v reader=… for another name. If some viewers see no contents, first make the role that reads for them:
--   psql "$ADMIN_URL" -v reader=chatwoot_dashboard_reader_no_contents -v conversations=off -f sql/dashboard/role.sql
--   psql "$ADMIN_URL" -v reader=chatwoot_dashboard_reader_no_contents -v conversations=off -f sql/dashboard/grants.sql
\set ON_ERROR_STOP on
\if :{?reader}
\else
\set reader chatwoot_dashboard_reader
\endif

SELECT
    :'reader' || '_no_contents' AS no_contents,
    to_regrole(quote_ident(:'reader' || '_no_contents')) IS NOT NULL AS has_no_contents
\gset

BEGIN;
-- The first time, no policy exists that could be dropped.
SET LOCAL client_min_messages = warning;

-- Tables that an upgrade adds have no policy yet.
SELECT
    format(
        'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public REVOKE SELECT ON TABLES FROM %I', tableowner, :'reader'
    )
FROM pg_catalog.pg_tables
WHERE schemaname = 'public' AND tablename = 'conversas_analytics'
\gexec

-- A view would be read with the rights of its owner, whom no policy restricts.
SELECT format('ALTER VIEW %s SET (security_invoker = true)', c.oid::regclass)
FROM pg_catalog.pg_class AS c
WHERE
    c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
    AND has_any_column_privilege(:'reader', c.oid, 'SELECT')
\gexec

-- Every table with an account, readable or not.
SELECT
    format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', c.oid::regclass) AS enable_policies,
    format('DROP POLICY IF EXISTS all_rows ON %s', c.oid::regclass) AS drop_all_rows,
    format('CREATE POLICY all_rows ON %s USING (true)', c.oid::regclass) AS create_all_rows,
    format('DROP POLICY IF EXISTS %I ON %s', :'reader' || '_accounts', c.oid::regclass) AS drop_accounts,
    -- The subqueries are evaluated once per statement. A policy without them would read the setting for each row.
    format(
        $$CREATE POLICY %I ON %s AS RESTRICTIVE TO %I USING (
            (
                (SELECT current_setting('chatwoot_assets.accounts', true) = 'all')
                OR account_id = ANY (
                    (SELECT string_to_array(
                        nullif(current_setting('chatwoot_assets.accounts', true), 'all'), ','
                    )::bigint[])::bigint[]
                )
            )
            AND ((SELECT current_setting('chatwoot_assets.teams', true) = 'all') %s)
        )$$,
        :'reader' || '_accounts', c.oid::regclass, :'reader',
        CASE
            WHEN bool_or(b.attname = 'team_id') THEN $$OR team_id = ANY (
                (SELECT string_to_array(
                    nullif(current_setting('chatwoot_assets.teams', true), 'all'), ','
                )::bigint[])::bigint[]
            )$$
            -- What belongs to a conversation is seen with it.
            WHEN bool_or(b.attname = 'conversation_id')
                THEN format(
                    'OR EXISTS (SELECT FROM conversation_facts AS f WHERE f.conversation_id = %s.conversation_id)',
                    c.oid::regclass
                )
            -- Sums over all teams are for those who see all teams.
            ELSE ''
        END
    ) AS create_accounts
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid
INNER JOIN pg_catalog.pg_attribute AS b ON c.oid = b.attrelid AND NOT b.attisdropped
WHERE
    c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND a.attname = 'account_id' AND NOT a.attisdropped
GROUP BY c.oid
\gexec

-- An inbox has an account only in its conversations. Chatwoot's bot report, which needs this table, has no teams.
ALTER TABLE inbox_bot ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS all_rows ON inbox_bot;
CREATE POLICY all_rows ON inbox_bot USING (TRUE);
SELECT
    format('DROP POLICY IF EXISTS %I ON inbox_bot', :'reader' || '_accounts') AS drop_accounts,
    format(
        $$CREATE POLICY %I ON inbox_bot AS RESTRICTIVE TO %I USING (
            (SELECT current_setting('chatwoot_assets.teams', true) = 'all')
            AND inbox_id IN (SELECT s.inbox_id FROM daily_summary AS s)
        )$$,
        :'reader' || '_accounts', :'reader'
    ) AS create_accounts
\gexec

\if :has_no_contents
-- The dashboard becomes this role for a viewer without contents, and the same policies restrict it.
GRANT :"no_contents" TO :"reader";
ALTER ROLE :"no_contents" NOLOGIN;
SELECT format('ALTER POLICY %I ON %s TO %I, %I', polname, polrelid::regclass, :'reader', :'no_contents')
FROM pg_catalog.pg_policy
WHERE polname = :'reader' || '_accounts'
\gexec
\endif

COMMIT;
