-- Layer 1. One row per team: its name.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_teams AS
SELECT
    t.id,
    t.name
FROM public.teams AS t;
