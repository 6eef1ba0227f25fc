-- Layer 1. One row per account and model (conversation or contact): the attributes that may leave Chatwoot, as an
-- object of each key's type and list values. The views of conversations and contacts show no others.
--
-- The option custom_attributes lists them: conversation.motivo,contact.plano. Without it these are the conversation's
-- attributes that are defined, are neither text nor links, and do not sound personal. conversation.referer,
-- conversation.browser_language and conversation.source are Chatwoot's own attributes, unless the account defines a
-- custom attribute of that name.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_allowed_attributes AS
SELECT
    allowed.account_id,
    allowed.model,
    jsonb_object_agg(
        allowed.key, jsonb_build_object('type', allowed.type, 'values', allowed.list_values)
    ) AS attributes
FROM (
    SELECT
        defined.account_id,
        defined.model,
        defined.key,
        defined.type,
        defined.list_values
    FROM :"views_schema".vw_attribute_definitions AS defined
    WHERE
        btrim(:'custom_attributes') = ''
        AND defined.model = 'conversation'
        AND defined.type IN ('number', 'currency', 'percent', 'date', 'list', 'checkbox')
        AND NOT defined.is_personal
    UNION ALL
    SELECT
        accounts.id AS account_id,
        listed.model,
        listed.key,
        coalesce(
            defined.type,
            CASE
                WHEN listed.model = 'conversation' AND listed.key IN ('referer', 'browser_language', 'source')
                    THEN 'additional'
            END,
            'text'
        ) AS type,
        defined.list_values
    FROM public.accounts AS accounts
    CROSS JOIN LATERAL (
        SELECT DISTINCT
            split_part(btrim(entries.entry), '.', 1) AS model,
            substr(btrim(entries.entry), strpos(btrim(entries.entry), '.') + 1) AS key
        FROM unnest(string_to_array(:'custom_attributes', ',')) AS entries (entry)
    ) AS listed
    LEFT JOIN :"views_schema".vw_attribute_definitions AS defined
        ON accounts.id = defined.account_id AND listed.model = defined.model AND listed.key = defined.key
    WHERE listed.model IN ('conversation', 'contact')
) AS allowed
WHERE allowed.account_id IS NOT NULL
GROUP BY allowed.account_id, allowed.model;
