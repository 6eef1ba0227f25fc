-- Optional, for the DBA: an index on Chatwoot's conversations.created_at, so that a day is found without looking
-- through all conversations. Run it outside a transaction, as their owner; again, it does nothing:
--   psql "$CHATWOOT_DATABASE_URL" -f sql/chatwoot/indexes.sql
-- Undone by, also outside a transaction:
--   DROP INDEX CONCURRENTLY IF EXISTS public.chatwoot_analytics_conversations_created_at;
--
-- What it gains, of one day's extract of 850 conversations on PostgreSQL 15 (python -m benchmarks indexes): with
-- 1,000,000 conversations 64 ms of the server's time in place of 171. Without it that grows with every year.
-- What it costs: 22 MB at 1,000,000 conversations, 0.6 s to build, and an entry for each new conversation and for each
-- update that moves a row, as every one of Chatwoot's own eighteen does. While it is built Chatwoot goes on writing.
-- A b-tree and not BRIN, which is 0.1 MB: where old conversations were updated, so that their rows moved, a day took
-- 73 to 108 ms by BRIN.
--
-- Chatwoot's migrations are not disturbed: it adds no column and no constraint, its name is none that Rails would
-- give, and it would go with the column. If it is interrupted it leaves an invalid index, which serves nobody and is
-- not repaired by running this again: drop it first.
\set ON_ERROR_STOP on

-- The role that owns the tables may have a limit that is meant for Chatwoot's own statements.
SET statement_timeout = 0;

CREATE INDEX CONCURRENTLY IF NOT EXISTS chatwoot_analytics_conversations_created_at
ON public.conversations USING btree (created_at);
