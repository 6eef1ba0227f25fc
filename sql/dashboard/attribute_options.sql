-- The values of custom attributes in the conversations of the last 31 loaded days, for the filters. An attribute with
-- more than 50 different values, such as an amount or an order's number, is no filter.
\ir settings.psql

SELECT
    source,
    key,
    value
FROM (
    SELECT
        given.source,
        given.key,
        given.value,
        count(*) OVER (PARTITION BY given.source, given.key) AS different_values
    FROM conversas_analytics AS conversations
    CROSS JOIN LATERAL (
        SELECT
            'conversation' AS source,
            own.key,
            own.value
        FROM jsonb_each_text(conversations.custom_attributes) AS own
        UNION ALL
        SELECT
            'contact' AS source,
            of_contact.key,
            of_contact.value
        FROM jsonb_each_text(conversations.contact_attributes) AS of_contact
    ) AS given
    WHERE
        conversations.conversation_date > (
            SELECT max(loaded.conversation_date) - 31
            FROM partition_state AS loaded
        )
        AND given.value != ''
    GROUP BY given.source, given.key, given.value
) AS counted
WHERE
    different_values <= 50
    AND length(value) <= 255
ORDER BY source DESC, key ASC, value ASC;
