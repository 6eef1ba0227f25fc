-- Layer 1. One row per contact: its name, how to reach it, and its allowed attributes.
-- The second item of FROM makes PostgreSQL refuse writing through the view, and costs nothing.
\ir settings.psql
\ir attributes.psql
\ir mask.psql

CREATE OR REPLACE VIEW :"views_schema".vw_contacts AS
SELECT
    ct.id,
    :masked_contact_name AS name,
    :masked_contact_email AS email,
    :masked_contact_phone AS phone_number,
    :contact_attributes AS contact_attributes
FROM public.contacts AS ct
CROSS JOIN (SELECT 1 AS one) AS read_only;
