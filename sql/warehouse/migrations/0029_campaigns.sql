-- Campaigns, and what became of each contact to whom one was sent. They belong to no conversation and to no day.
CREATE TABLE campaigns (
    campaign_id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    title text,
    campaign_type text,
    campaign_status text,
    created_at timestamptz,
    scheduled_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    deliveries bigint NOT NULL,
    changed_at timestamptz
);

COMMENT ON TABLE campaigns IS 'Campaigns, without their texts and audiences.';
COMMENT ON COLUMN campaigns.deliveries IS 'The number of its rows in campaign_deliveries.';
COMMENT ON COLUMN campaigns.changed_at IS 'When one of its deliveries last changed in Chatwoot.';

CREATE TABLE campaign_deliveries (
    delivery_id bigint PRIMARY KEY,
    campaign_id bigint NOT NULL,
    account_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    contact_id bigint,
    delivery_status text,
    error_code text,
    created_at timestamptz,
    sent_at timestamptz,
    delivered_at timestamptz,
    read_at timestamptz,
    failed_at timestamptz
);

COMMENT ON TABLE campaign_deliveries IS 'What became of each contact to whom a campaign was sent.';

CREATE INDEX campaign_deliveries_campaign_idx ON campaign_deliveries (campaign_id);
CREATE INDEX campaign_deliveries_contact_idx ON campaign_deliveries (contact_id);
