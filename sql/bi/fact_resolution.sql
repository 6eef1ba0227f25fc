-- One row per resolution.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_resolution AS
SELECT
    resolutions.conversation_id,
    resolutions.resolution_number,
    resolutions.resolved_date AS date,
    resolutions.resolved_at AT TIME ZONE :'reporting_timezone' AS resolved_at,
    resolutions.account_id,
    resolutions.inbox_id,
    coalesce(resolutions.team_id, 0) AS team_id,
    coalesce(resolutions.agent_id, 0) AS agent_id,
    resolutions.seconds,
    resolutions.business_seconds,
    resolutions.reopened_date
FROM public.resolutions;
