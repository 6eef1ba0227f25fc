-- Layer 1. One row per definition of a custom attribute: whose it is, its type, and the values that a list allows.
-- is_personal says whether its key or its displayed name sounds as if its values identified or reached a person.
-- The second item of FROM makes PostgreSQL refuse writing through the view, and costs nothing.
--
-- Where Chatwoot does not have the table, no_attribute_definitions.sql creates the view without rows.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_attribute_definitions AS
SELECT
    d.account_id,
    CASE d.attribute_model
        WHEN 0 THEN 'conversation'
        WHEN 1 THEN 'contact'
        ELSE 'unknown(' || d.attribute_model || ')'
    END AS model,
    d.attribute_key::text AS key,
    CASE d.attribute_display_type
        WHEN 0 THEN 'text'
        WHEN 1 THEN 'number'
        WHEN 2 THEN 'currency'
        WHEN 3 THEN 'percent'
        WHEN 4 THEN 'link'
        WHEN 5 THEN 'date'
        WHEN 6 THEN 'list'
        WHEN 7 THEN 'checkbox'
        ELSE 'unknown(' || d.attribute_display_type || ')'
    END AS type,
    d.attribute_values AS list_values,
    concat_ws(' ', d.attribute_key, d.attribute_display_name) ~* (
        'cpf|cnpj|(^|[^[:alpha:]])(rg|cnh|cep|dni|nif|ssn|pis|nis|iban|pix)([^[:alpha:]]|$)|e[-_. ]?mail|phone|fone'
        || '|celular|m[oó]vil|mobile|whatsapp|nasc|birth|anivers|cumplea|passport|passaporte|pasaporte|documento'
        || '|identidad|endere|address|direcci|postal|zip'
    ) AS is_personal
FROM public.custom_attribute_definitions AS d
CROSS JOIN (SELECT 1 AS one) AS read_only
WHERE d.attribute_key IS NOT NULL;
