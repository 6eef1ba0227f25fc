-- Lets a role read what the dashboard shows and nothing else. Run it once the tables exist, as their owner or as a
-- superuser, and again after each upgrade:
--   psql "$OWNER_URL" -f sql/dashboard/grants.sql
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

-- None of these tables holds names or addresses of contacts, or contents of messages, but ratings: see below.
GRANT SELECT ON
daily_summary, mvw_daily_summary, partition_state, source_comparison, differing_day, conversation_facts,
response_intervals, resolutions, conversation_events, episodes, targets, target_states, conversation_slas, calls,
captain_outcomes, daily_by_agent, daily_by_inbox, daily_by_team, daily_by_label, episode_follow_ups,
backlog_changes, daily_backlog, hourly_messages, inbox_bot, campaigns, campaign_deliveries TO :"reader";
REVOKE SELECT ON conversas_analytics, messages, ratings FROM :"reader";
\if :conversations
GRANT SELECT ON conversas_analytics, messages, ratings TO :"reader";
-- Tables that an upgrade adds or makes anew. Default privileges belong to the role that creates a table.
SELECT
    format(
        'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public GRANT SELECT ON TABLES TO %I', tableowner, :'reader'
    )
FROM pg_catalog.pg_tables
WHERE schemaname = 'public' AND tablename = 'conversas_analytics'
\gexec
\else
-- An upgrade may add a table that holds names.
SELECT
    format(
        'ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA public REVOKE SELECT ON TABLES FROM %I', tableowner, :'reader'
    )
FROM pg_catalog.pg_tables
WHERE schemaname = 'public' AND tablename = 'conversas_analytics'
\gexec
-- The role can still read agents' names: the filters and the agents page show them.
GRANT SELECT (
    id, display_id, account_id, inbox_id, assignee_id, team_id, status, status_code, priority, priority_code,
    created_at, updated_at, inbox_name, inbox_type, assignee_name, t_messages, rating, rated_at, csat_responses,
    first_response_seconds, is_resolved, is_assigned, conversation_date, conversation_hour, day_of_week,
    user_msg_count, contact_msg_count, first_message_at, last_message_at, duration_seconds, extracted_at
) ON conversas_analytics TO :"reader";
-- Without what the team noted.
GRANT SELECT (
    conversation_id, id, conversation_date, account_id, inbox_id, team_id, agent_id, rating, rated_at, rated_date,
    status, labels, reviewed_at, reviewer_id
) ON ratings TO :"reader";
\endif
