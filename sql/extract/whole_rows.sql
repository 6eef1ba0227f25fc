-- Whole rows of some conversations, as JSON objects, as vw_conversations_analytics computes them. By a list of ids, so
-- that the view computes these conversations only: 0.04 s for 150 of 200,000, where a join took 6.5 s.
\ir settings.psql

SELECT to_jsonb(v.*)::text AS row
FROM :"views_schema".vw_conversations_analytics AS v
WHERE v.id = any(:'ids'::bigint[]);
