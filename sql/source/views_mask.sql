-- What the deployed views mask, which is part of their definition; empty for nothing, NULL if they do not exist or are
-- older than the option.
\ir settings.psql

SELECT
    substring(
        pg_get_viewdef(to_regclass(format('%I.vw_csat_responses', :'views_schema'::text)))
        FROM '''([a-z,]*)''::text ~~ ''%contents%''::text'
    ) AS mask;
