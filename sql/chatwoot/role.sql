-- Creates a role that may read the views and nothing else of Chatwoot: all that CHATWOOT_DATABASE_URL needs once the
-- views exist. Run it as the views' owner, then give the role a password:
--   psql "$URL" -f sql/chatwoot/role.sql    and in psql:  \password chatwoot_analytics_reader
-- Options: -v reader=… -v views_schema=…
\ir settings.psql
\if :{?reader}
\else
\set reader chatwoot_analytics_reader
\endif

SELECT to_regrole(quote_ident(:'reader')) IS NULL AS reader_is_missing
\gset
\if :reader_is_missing
CREATE ROLE :"reader" LOGIN CONNECTION LIMIT 4;
\endif

ALTER ROLE :"reader" SET default_transaction_read_only = 'on';
ALTER ROLE :"reader" SET statement_timeout = '5min';
GRANT USAGE ON SCHEMA :"views_schema" TO :"reader";
GRANT SELECT ON ALL TABLES IN SCHEMA :"views_schema" TO :"reader";
-- Also for views that the same owner creates later.
ALTER DEFAULT PRIVILEGES IN SCHEMA :"views_schema" GRANT SELECT ON TABLES TO :"reader";
