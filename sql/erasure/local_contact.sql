-- The rows of some days that hold something of a contact: its conversations, and those of others in which it wrote.
\ir settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS found
FROM conversas_analytics
WHERE
    conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
    AND (
        contact_id = :'subject_id'::bigint
        OR client_sender_id = :'subject_id'::bigint
        OR message_compiled @> jsonb_build_array(
            jsonb_build_object('sender_type', 'Contact', 'sender_id', :'subject_id'::bigint)
        )
    )
GROUP BY conversation_date;
