-- Creates or replaces all views, in order, in one transaction:
--   psql "$CHATWOOT_DATABASE_URL" -f sql/chatwoot/create_all.sql
-- Options, as in options.psql: -v views_schema=… -v reporting_timezone=… -v custom_attributes=…
-- -v mask=… -v mask_key=… If a column was removed or has another type now, run drop_all.sql first.
\set ON_ERROR_STOP on
BEGIN;
-- A view without rows where Chatwoot does not have its tables.
SELECT to_regclass('public.custom_attribute_definitions') IS NOT NULL AS has_definitions
\gset
\if :has_definitions
\ir vw_attribute_definitions.sql
\else
\ir no_attribute_definitions.sql
\endif
\ir vw_allowed_attributes.sql
SELECT to_regclass('public.data_import_mappings') IS NOT NULL AS has_imports
\gset
\if :has_imports
\ir vw_imported_conversations.sql
\else
\ir no_imported_conversations.sql
\endif
SELECT to_regclass('public.conversation_outcomes') IS NOT NULL AS has_outcomes
\gset
\if :has_outcomes
\ir vw_captain_outcomes.sql
\else
\ir no_captain_outcomes.sql
\endif
\ir vw_conversations_own.sql
\ir vw_conversations_base.sql
\ir vw_accounts.sql
\ir vw_contacts.sql
\ir vw_inboxes.sql
\ir vw_teams.sql
\ir vw_users.sql
\ir vw_account_names.sql
SELECT to_regclass('public.agent_bot_inboxes') IS NOT NULL AS has_bots
\gset
\if :has_bots
\ir vw_inbox_bots.sql
\else
\ir no_inbox_bots.sql
\endif
SELECT to_regclass('public.integrations_hooks') IS NOT NULL AS has_hooks
\gset
\if :has_hooks
\ir vw_dialogflow_inboxes.sql
\else
\ir no_dialogflow_inboxes.sql
\endif
SELECT to_regclass('public.captain_inboxes') IS NOT NULL AS has_captain
\gset
\if :has_captain
\ir vw_captain_inboxes.sql
\else
\ir no_captain_inboxes.sql
\endif
\ir vw_conversations_joined.sql
\ir vw_conversation_labels.sql
SELECT
    to_regclass('public.applied_slas') IS NOT NULL
    AND to_regclass('public.sla_events') IS NOT NULL
    AND to_regclass('public.sla_policies') IS NOT NULL AS has_slas
\gset
\if :has_slas
\ir vw_conversation_slas.sql
\else
\ir no_conversation_slas.sql
\endif
SELECT to_regclass('public.calls') IS NOT NULL AS has_calls
\gset
\if :has_calls
\ir vw_calls.sql
\else
\ir no_calls.sql
\endif
SELECT to_regclass('public.campaigns') IS NOT NULL AS has_campaigns
\gset
\if :has_campaigns
\ir vw_campaigns.sql
\else
\ir no_campaigns.sql
\endif
SELECT to_regclass('public.campaign_recipients') IS NOT NULL AS has_deliveries
\gset
\if :has_deliveries
\ir vw_campaign_deliveries.sql
\else
\ir no_campaign_deliveries.sql
\endif
\ir vw_messages_own.sql
\ir vw_messages_marked.sql
\ir vw_messages_base.sql
\ir vw_messages_compiled.sql
\ir vw_csat_responses.sql
\ir vw_csat_base.sql
\ir vw_reporting_events_own.sql
\ir vw_reporting_events_base.sql
\ir vw_conversation_metrics.sql
\ir vw_message_stats.sql
\ir vw_conversations_analytics.sql
COMMIT;
