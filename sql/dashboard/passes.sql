-- The kinds of pass over Chatwoot: when each was tried and made last, and how many days it compared in full.
\ir settings.psql

SELECT
    pass,
    attempted_at,
    compared_at,
    days,
    failure
FROM source_comparison
ORDER BY pass;
