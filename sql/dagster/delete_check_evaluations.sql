-- Deletes all evaluations of checks by some runs. `asset_keys` and `check_names` name all checks, because the index of
-- the table begins with them.
\ir settings.psql

WITH deleted AS (
    DELETE FROM asset_check_executions AS c
    USING unnest(:'asset_keys'::text[], :'check_names'::text[]) AS k (asset_key, check_name)
    WHERE
        c.asset_key = k.asset_key
        AND c.check_name = k.check_name
        AND c.run_id = any(:'run_ids'::text[])
    RETURNING c.id
),

logged AS (
    DELETE FROM event_logs
    WHERE
        run_id = any(:'run_ids'::text[])
        AND dagster_event_type IN ('ASSET_CHECK_EVALUATION', 'ASSET_CHECK_EVALUATION_PLANNED')
)

SELECT count(*) AS evaluations
FROM deleted;
