-- Days with attributes of conversations or contacts that do not fit the type of their definition: they are null.
\ir ../settings.psql

SELECT
    c.conversation_date::text AS day,
    count(*) AS failing_rows
FROM conversas_analytics AS c
CROSS JOIN LATERAL (
    SELECT own.value
    FROM jsonb_each(c.custom_attributes) AS own
    UNION ALL
    SELECT of_contact.value
    FROM jsonb_each(c.contact_attributes) AS of_contact
) AS attribute
WHERE
    c.conversation_date = any(:'days'::date[])
    AND attribute.value = 'null'
GROUP BY c.conversation_date;
