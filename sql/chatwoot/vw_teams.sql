-- Layer 1. One row per team: its name.
-- The second item of FROM makes PostgreSQL refuse writing through the view, and costs nothing.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_teams AS
SELECT
    t.id,
    t.name
FROM public.teams AS t
CROSS JOIN (SELECT 1 AS one) AS read_only;
