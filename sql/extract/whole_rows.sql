-- Whole rows of some conversations, each as one JSON object, as vw_conversations_analytics computes them.
\ir settings.psql

SELECT to_jsonb(whole.*)::text AS row
FROM unnest(:'ids'::integer[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT v.*
    FROM :"views_schema".vw_conversations_analytics AS v
    WHERE v.id = wanted.id
) AS whole;
