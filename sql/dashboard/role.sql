-- Creates a role for the dashboard's ANALYTICS_DATABASE_URL that can read what the dashboard shows and nothing else.
-- Run it as the owner of the tables, and again after each upgrade; then give the role a password:
--   psql "$URL" -f sql/dashboard/role.sql    and in psql:  \password chatwoot_dashboard_reader
-- Options: -v reader=… for another name; -v conversations=off for a dashboard with DASHBOARD_CONVERSATIONS=off: the
-- role then cannot read names of contacts or contents of messages.
\set ON_ERROR_STOP on
\if :{?reader}
\else
\set reader chatwoot_dashboard_reader
\endif
\if :{?conversations}
\else
\set conversations on
\endif

SELECT to_regrole(quote_ident(:'reader')) IS NULL AS reader_is_missing
\gset
\if :reader_is_missing
CREATE ROLE :"reader" LOGIN CONNECTION LIMIT 8;
\endif

ALTER ROLE :"reader" SET default_transaction_read_only = 'on';
ALTER ROLE :"reader" SET statement_timeout = '15s';
-- None of these tables holds names or addresses of contacts, or contents of messages.
GRANT SELECT ON
daily_summary, mvw_daily_summary, partition_state, source_comparison, differing_day, conversation_facts,
response_intervals, resolutions, conversation_events, episodes, targets, target_states, daily_by_agent,
daily_by_inbox, daily_by_team, daily_by_label, episode_follow_ups, backlog_changes, daily_backlog,
hourly_messages TO :"reader";
REVOKE SELECT ON conversas_analytics, messages FROM :"reader";
\if :conversations
GRANT SELECT ON conversas_analytics, messages TO :"reader";
\else
-- The role can still read agents' names: the filters and the agents page show them.
GRANT SELECT (
    id, display_id, account_id, inbox_id, assignee_id, team_id, status, status_code, priority, priority_code,
    created_at, updated_at, inbox_name, inbox_type, assignee_name, t_messages, rating, rated_at, csat_responses,
    first_response_seconds, is_resolved, is_assigned, conversation_date, conversation_hour, day_of_week,
    user_msg_count, contact_msg_count, first_message_at, last_message_at, duration_seconds, extracted_at
) ON conversas_analytics TO :"reader";
\endif
