-- Layer 1. One row per contact: its name and how to reach it.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_contacts AS
SELECT
    ct.id,
    ct.name,
    ct.email,
    ct.phone_number
FROM public.contacts AS ct;
