-- Layer 1. One row per campaign, without its texts and its audience. started_at and completed_at are NULL before
-- Chatwoot 4.17.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_campaigns AS
SELECT
    campaign.id,
    campaign.account_id,
    campaign.inbox_id,
    campaign.title::text AS title,
    CASE campaign.campaign_type
        WHEN 0 THEN 'ongoing'
        WHEN 1 THEN 'one_off'
        ELSE 'unknown(' || campaign.campaign_type || ')'
    END AS campaign_type,
    CASE campaign.campaign_status
        WHEN 0 THEN 'active'
        WHEN 1 THEN 'completed'
        WHEN 2 THEN 'processing'
        ELSE 'unknown(' || campaign.campaign_status || ')'
    END AS campaign_status,
    CASE
        WHEN campaign.created_at >= '0001-01-01' AND campaign.created_at < '10000-01-01' THEN campaign.created_at
    END AS created_at,
    CASE
        WHEN campaign.scheduled_at >= '0001-01-01' AND campaign.scheduled_at < '10000-01-01' THEN campaign.scheduled_at
    END AS scheduled_at,
    CASE
        WHEN campaign.started_at >= '0001-01-01' AND campaign.started_at < '10000-01-01' THEN campaign.started_at
    END AS started_at,
    CASE
        WHEN campaign.completed_at >= '0001-01-01' AND campaign.completed_at < '10000-01-01' THEN campaign.completed_at
    END AS completed_at
FROM (
    -- For columns that this Chatwoot may not have.
    SELECT
        NULL::timestamp AS started_at,
        NULL::timestamp AS completed_at
) AS absent
CROSS JOIN LATERAL (
    SELECT
        id,
        account_id,
        inbox_id,
        title,
        campaign_type,
        campaign_status,
        created_at,
        scheduled_at,
        started_at,
        completed_at
    FROM public.campaigns
) AS campaign;
