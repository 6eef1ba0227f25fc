-- One row per episode: a stretch of service inside a conversation.
\ir settings.psql

CREATE OR REPLACE VIEW bi.fact_episode AS
SELECT
    episodes.conversation_id,
    episodes.episode_number,
    episodes.started_date AS date,
    episodes.resolved_date,
    episodes.started_at AT TIME ZONE :'reporting_timezone' AS started_at,
    episodes.resolved_at AT TIME ZONE :'reporting_timezone' AS resolved_at,
    episodes.account_id,
    episodes.inbox_id,
    coalesce(episodes.team_id, 0) AS team_id,
    coalesce(episodes.agent_id, 0) AS agent_id,
    episodes.contact_id,
    episodes.initiated_by,
    episodes.resolved_by,
    episodes.first_response_seconds,
    episodes.first_response_business_seconds,
    episodes.resolution_seconds,
    episodes.resolution_business_seconds,
    episodes.replies,
    episodes.reopens,
    episodes.incoming_messages,
    episodes.outgoing_messages,
    episodes.rating
FROM public.episodes;
