-- What the names of the conversations with ids in a range depend on, apart from their own columns and the few rows of
-- name_tables.sql: their contacts.
\ir settings.psql

SELECT
    own.id AS conversation_id,
    contacts.name AS contact_name,
    contacts.email AS contact_email,
    contacts.phone_number AS contact_phone,
    contacts.contact_attributes::text AS contact_attributes
FROM :"views_schema".vw_conversations_own AS own
INNER JOIN :"views_schema".vw_contacts AS contacts ON own.contact_id = contacts.id
WHERE own.id >= :'first_id' AND own.id < :'end_id';
