-- Drops all views and nothing else; the schema stays. Run it before an upgrade of Chatwoot: PostgreSQL refuses to
-- change or drop a column that a view reads, and Chatwoot's migrations do both.
--   psql "$CHATWOOT_DATABASE_URL" -f sql/chatwoot/drop_all.sql
\ir settings.psql

BEGIN;
DROP VIEW IF EXISTS :"views_schema".vw_conversations_analytics;
DROP VIEW IF EXISTS :"views_schema".vw_message_stats;
DROP VIEW IF EXISTS :"views_schema".vw_conversation_metrics;
DROP VIEW IF EXISTS :"views_schema".vw_reporting_events_base;
DROP VIEW IF EXISTS :"views_schema".vw_reporting_events_own;
DROP VIEW IF EXISTS :"views_schema".vw_csat_base;
DROP VIEW IF EXISTS :"views_schema".vw_csat_responses;
DROP VIEW IF EXISTS :"views_schema".vw_messages_compiled;
DROP VIEW IF EXISTS :"views_schema".vw_messages_base;
DROP VIEW IF EXISTS :"views_schema".vw_messages_marked;
DROP VIEW IF EXISTS :"views_schema".vw_messages_own;
DROP VIEW IF EXISTS :"views_schema".vw_campaign_deliveries;
DROP VIEW IF EXISTS :"views_schema".vw_campaigns;
DROP VIEW IF EXISTS :"views_schema".vw_calls;
DROP VIEW IF EXISTS :"views_schema".vw_conversation_slas;
DROP VIEW IF EXISTS :"views_schema".vw_conversation_labels;
DROP VIEW IF EXISTS :"views_schema".vw_conversations_joined;
DROP VIEW IF EXISTS :"views_schema".vw_captain_inboxes;
DROP VIEW IF EXISTS :"views_schema".vw_dialogflow_inboxes;
DROP VIEW IF EXISTS :"views_schema".vw_inbox_bots;
DROP VIEW IF EXISTS :"views_schema".vw_account_names;
DROP VIEW IF EXISTS :"views_schema".vw_users;
DROP VIEW IF EXISTS :"views_schema".vw_teams;
DROP VIEW IF EXISTS :"views_schema".vw_inboxes;
DROP VIEW IF EXISTS :"views_schema".vw_contacts;
DROP VIEW IF EXISTS :"views_schema".vw_accounts;
DROP VIEW IF EXISTS :"views_schema".vw_conversations_base;
DROP VIEW IF EXISTS :"views_schema".vw_conversations_own;
DROP VIEW IF EXISTS :"views_schema".vw_captain_outcomes;
DROP VIEW IF EXISTS :"views_schema".vw_imported_conversations;
DROP VIEW IF EXISTS :"views_schema".vw_allowed_attributes;
DROP VIEW IF EXISTS :"views_schema".vw_attribute_definitions;
-- A view of an earlier version.
DROP VIEW IF EXISTS :"views_schema".vw_conversation_context;
COMMIT;
