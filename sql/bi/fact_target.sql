-- One row per wait or episode that has a target.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_target AS
SELECT
    targets.conversation_id,
    targets.target,
    targets.number,
    targets.started_date AS date,
    targets.ended_date,
    targets.started_at AT TIME ZONE :'reporting_timezone' AS started_at,
    targets.ended_at AT TIME ZONE :'reporting_timezone' AS ended_at,
    targets.due_at AT TIME ZONE :'reporting_timezone' AS due_at,
    targets.account_id,
    targets.inbox_id,
    coalesce(targets.team_id, 0) AS team_id,
    coalesce(targets.agent_id, 0) AS agent_id,
    targets.target_seconds,
    targets.clock,
    targets.is_met
FROM public.targets;
