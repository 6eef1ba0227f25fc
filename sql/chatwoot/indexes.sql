-- Optional, for the DBA: an index on Chatwoot's conversations.created_at, with which a day is found without reading all
-- conversations. Run it outside a transaction, as the table's owner; running it again does nothing:
--   psql "$CHATWOOT_DATABASE_URL" -f sql/chatwoot/indexes.sql
-- To remove it, also outside a transaction:
--   DROP INDEX CONCURRENTLY IF EXISTS public.chatwoot_analytics_conversations_created_at;
--
-- What it gains, measured on PostgreSQL 15 (python -m benchmarks indexes): with 1,000,000 conversations, the extract of
-- a day of 850 takes 64 ms of the server's time instead of 171 ms. Without the index, that grows every year. What it
-- costs: 22 MB with 1,000,000 conversations, 0.6 s to build, and an entry for each new conversation and for each update
-- that moves a row, as each of Chatwoot's own eighteen indexes does. Chatwoot can write while it is built. It is a
-- b-tree and not BRIN, which takes 0.1 MB: with rows moved by updates of old conversations, a day took 73 to 108 ms
-- with BRIN.
--
-- The index does not disturb Chatwoot's migrations: it adds no column and no constraint, Rails would not give its name,
-- and it is dropped with the column. If its creation is interrupted, an invalid index remains, which is of no use and
-- is not repaired by running this again: drop it first.
\set ON_ERROR_STOP on

-- The tables' owner may have a time limit that is meant for Chatwoot's own statements.
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS chatwoot_analytics_conversations_created_at
ON public.conversations USING btree (created_at);
