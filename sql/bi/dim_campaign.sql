-- One row per campaign.
\ir settings.psql

CREATE OR REPLACE VIEW bi.dim_campaign AS
SELECT
    campaigns.campaign_id,
    campaigns.account_id,
    campaigns.inbox_id,
    campaigns.title,
    campaigns.campaign_type,
    campaigns.campaign_status,
    (
        coalesce(campaigns.started_at, campaigns.scheduled_at, campaigns.created_at)
        AT TIME ZONE :'reporting_timezone'
    )::date AS date,
    campaigns.scheduled_at AT TIME ZONE :'reporting_timezone' AS scheduled_at,
    campaigns.started_at AT TIME ZONE :'reporting_timezone' AS started_at,
    campaigns.completed_at AT TIME ZONE :'reporting_timezone' AS completed_at,
    campaigns.deliveries
FROM public.campaigns;
