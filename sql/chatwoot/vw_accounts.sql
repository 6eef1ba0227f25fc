-- Layer 1. One row per account: its name.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_accounts AS
SELECT
    a.id,
    a.name
FROM public.accounts AS a;
