-- Creates a role for CHATWOOT_DATABASE_URL that can read nothing yet; grants.sql then lets it read the views. Run it as
-- a superuser, or as a role with CREATEROLE, and give the role a password:
--   psql "$ADMIN_URL" -f sql/chatwoot/role.sql    and in psql:  \password chatwoot_analytics_reader
-- Option: -v reader=…
\ir options.psql

SELECT to_regrole(quote_ident(:'reader')) IS NULL AS reader_is_missing
\gset
\if :reader_is_missing
CREATE ROLE :"reader" LOGIN CONNECTION LIMIT 4;
\endif

-- Defaults, which the role itself can change: see "Roles and privileges" in docs/operating.md.
ALTER ROLE :"reader" SET default_transaction_read_only = 'on';
ALTER ROLE :"reader" SET statement_timeout = '5min';
