-- Deletes the materializations of some runs that later ones of the same partition have superseded, planned ones
-- included.
\ir settings.psql

WITH deleted AS (
    DELETE FROM event_logs AS e
    WHERE
        e.run_id = any(:'run_ids'::text[])
        AND e.asset_key IS NOT NULL
        AND e.partition IS NOT NULL
        AND e.dagster_event_type IN ('ASSET_MATERIALIZATION', 'ASSET_MATERIALIZATION_PLANNED')
        AND e.id < (
            SELECT max(latest.id)
            FROM event_logs AS latest
            WHERE
                latest.asset_key = e.asset_key
                AND latest.dagster_event_type = e.dagster_event_type
                AND latest.partition = e.partition
        )
    RETURNING e.id
),

untagged AS (
    DELETE FROM asset_event_tags
    WHERE event_id IN (SELECT deleted.id FROM deleted)
)

SELECT count(*) AS events
FROM deleted;
