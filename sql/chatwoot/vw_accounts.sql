-- Layer 1. One row per account: its name.
-- The second item of FROM makes PostgreSQL refuse writing through the view, and costs nothing.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_accounts AS
SELECT
    a.id,
    a.name
FROM public.accounts AS a
CROSS JOIN (SELECT 1 AS one) AS read_only;
