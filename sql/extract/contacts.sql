-- The names of some contacts, how to reach them, and their allowed attributes.
\ir settings.psql

SELECT
    contacts.id,
    contacts.name AS contact_name,
    contacts.email AS contact_email,
    contacts.phone_number AS contact_phone,
    contacts.contact_attributes::text AS contact_attributes
FROM :"views_schema".vw_contacts AS contacts
WHERE contacts.id = any(:'contact_ids'::bigint[]);
