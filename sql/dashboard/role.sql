-- Creates a role for the dashboard's ANALYTICS_DATABASE_URL that can read nothing yet; grants.sql then lets it read
-- what the dashboard shows. Run it as a superuser, or as a role with CREATEROLE, and give the role a password:
--   psql "$ADMIN_URL" -f sql/dashboard/role.sql    and in psql:  \password chatwoot_dashboard_reader
-- Option: -v reader=… for another name.
\set ON_ERROR_STOP on
\if :{?reader}
\else
\set reader chatwoot_dashboard_reader
\endif

SELECT to_regrole(quote_ident(:'reader')) IS NULL AS reader_is_missing
\gset
\if :reader_is_missing
CREATE ROLE :"reader" LOGIN CONNECTION LIMIT 8;
\endif

ALTER ROLE :"reader" SET default_transaction_read_only = 'on';
ALTER ROLE :"reader" SET statement_timeout = '15s';
