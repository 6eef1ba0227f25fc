-- One row per wait of a contact for a human reply.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_wait AS
SELECT
    waits.conversation_id,
    waits.interval_number,
    waits.started_date AS date,
    waits.ended_date AS replied_date,
    waits.started_at AT TIME ZONE :'reporting_timezone' AS started_at,
    waits.ended_at AT TIME ZONE :'reporting_timezone' AS replied_at,
    waits.account_id,
    waits.inbox_id,
    coalesce(waits.team_id, 0) AS team_id,
    coalesce(waits.agent_id, 0) AS agent_id,
    waits.seconds,
    waits.business_seconds,
    waits.is_first_response,
    waits.is_open
FROM public.response_intervals AS waits;
