-- How many rows the list of deliveries has: see campaign_deliveries.sql.
\ir settings.psql
\ir filters.psql
\ir campaigns.psql

SELECT count(listed.delivery_id) AS total
FROM (:listed_deliveries) AS listed;
