-- The names of some contacts, and how to reach them.
\ir settings.psql

SELECT
    contacts.id,
    contacts.name AS contact_name,
    contacts.email AS contact_email,
    contacts.phone_number AS contact_phone
FROM :"views_schema".vw_contacts AS contacts
WHERE contacts.id = any(:'contact_ids'::bigint[]);
