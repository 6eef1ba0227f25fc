-- Layer 1. One row per definition of a custom attribute: whose it is, its type, and the values that a list allows.
-- is_personal says whether its key or its displayed name sounds as if its values identified or reached a person. This
-- is a guess by words in English, Portuguese and Spanish: it misses names that have none of them.
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
        -- Parts of words: people's documents, their addresses and phones, their names and dates of birth.
        'cpf|cnpj|document|identidad|identifica|c[eé]dula|passport|passaporte|pasaporte|eleitor'
        || '|prontu[aá]rio|matr[ií]cula|tax[-_. ]?id|social[-_. ]?security|license[-_. ]?(number|no)'
        || '|(account|card)[-_. ]?(number|no)|(conta|cuenta)[-_. ]?banc'
        || '|e[-_. ]?mail|correo|phone|fone|tel[eé]f|celular|m[oó]vil|mobile|whatsapp'
        || '|endere|address|direcci|domicil|logradouro|postal|zip|latitud|longitud'
        || '|(full|first|last)[-_. ]?name|surname|sobrenome|apellido|(nome|nombre)[-_. ]?completo'
        || '|nasc|nacim|birth|anivers|cumplea'
        -- Whole words, since others contain them.
        || '|(^|[^[:alpha:]])('
        || 'rg|cnh|cep|dni|nif|nie|ssn|pis|pasep|nis|ctps|cns|sus|rut|curp|rfc|nss|cuit|cuil|ruc|rif|nit|itin'
        || '|iban|pix|clabe|cbu|doc|docs|dob|tel|tels|cel|fax|ip|rua|calle|street'
        || '|ids?[-_. ]?(number|num|no|card)|(national|personal|fiscal|citizen)[-_. ]?id|vat[-_. ]?(id|number|no)'
        || ')([^[:alpha:]]|$)'
    ) AS is_personal
FROM public.custom_attribute_definitions AS d
CROSS JOIN (SELECT 1 AS one) AS read_only
WHERE d.attribute_key IS NOT NULL;
