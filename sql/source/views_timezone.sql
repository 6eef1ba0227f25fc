-- The reporting time zone that the views were made for, which is part of their definition; NULL if they do not exist.
\ir settings.psql

SELECT
    -- AT TIME ZONE occurs twice: from UTC, then to the reporting time zone.
    substring(
        pg_get_viewdef(to_regclass(format('%I.vw_conversations_own', :'views_schema'::text)))
        FROM 'AT TIME ZONE ''UTC''::text\) AT TIME ZONE ''([^'']+)''::text'
    ) AS reporting_timezone;
