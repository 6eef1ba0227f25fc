-- Counts the rows of some days that contain data of a contact: its conversations, and others in which it wrote.
\ir settings.psql

SELECT
    conversation_date::text AS day,
    count(*) AS row_count
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
