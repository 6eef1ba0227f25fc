-- Whether the views were made for a reporting time zone, which is part of their definition.
\ir settings.psql

SELECT
    position(
        quote_literal(:'reporting_timezone') IN
        pg_get_viewdef(format('%I.vw_conversation_metrics', :'views_schema'::text)::regclass)
    ) > 0 AS timezone_fits;
