-- Whether the views were made for a reporting time zone, which is part of their definition.
\ir settings.psql

SELECT
    -- Twice AT TIME ZONE: from UTC, and then to the zone that matters.
    position(
        'AT TIME ZONE ''UTC''::text) AT TIME ZONE ' || quote_literal(:'reporting_timezone') || '::text' IN
        pg_get_viewdef(format('%I.vw_conversations_own', :'views_schema'::text)::regclass)
    ) > 0 AS timezone_fits;
