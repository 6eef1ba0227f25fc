-- Layer 1. One row per agent: its name. Nothing else is selected, because the table holds passwords and tokens.
-- The second item of FROM makes PostgreSQL refuse writing through the view, and costs nothing.
\ir settings.psql
\ir mask.psql

CREATE OR REPLACE VIEW :"views_schema".vw_users AS
SELECT
    u.id,
    :masked_user_name AS name
FROM public.users AS u
CROSS JOIN (SELECT 1 AS one) AS read_only;
