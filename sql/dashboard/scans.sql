-- Each kind of scan of Chatwoot: when it last ran and when it last succeeded, and how many days it compared in full.
\ir settings.psql

SELECT
    scan,
    attempted_at,
    compared_at,
    days,
    failure
FROM source_comparison
ORDER BY scan;
