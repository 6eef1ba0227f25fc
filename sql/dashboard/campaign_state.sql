-- Whether there are campaigns that were sent to contacts, and a hash that changes whenever one of them is loaded again.
-- They belong to no day, so that a page's cache, which depends on the days that are loaded, would not notice.
SELECT
    count(*) > 0 AS has_campaigns,
    coalesce(md5(string_agg(to_jsonb(campaigns)::text, ',' ORDER BY campaign_id)), '') AS version
FROM campaigns
WHERE campaign_type IS DISTINCT FROM 'ongoing';
