-- One row per conversation and label.
\ir settings.psql

CREATE OR REPLACE VIEW bi.conversation_label AS
SELECT
    facts.conversation_id,
    label.label
FROM public.conversation_facts AS facts
CROSS JOIN LATERAL unnest(facts.labels) AS label (label);
