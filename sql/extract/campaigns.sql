-- All campaigns. There are few.
\ir settings.psql

SELECT
    campaigns.id AS campaign_id,
    campaigns.account_id,
    campaigns.inbox_id,
    campaigns.title,
    campaigns.campaign_type,
    campaigns.campaign_status,
    campaigns.created_at,
    campaigns.scheduled_at,
    campaigns.started_at,
    campaigns.completed_at
FROM :"views_schema".vw_campaigns AS campaigns
ORDER BY campaigns.id;
