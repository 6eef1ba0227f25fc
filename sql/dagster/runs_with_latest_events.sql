-- Which of some runs hold the latest event of a kind of an asset's partition, or of an asset without partitions. Each
-- event costs one look into an index, since a subquery with max() is never turned into a join of whole tables.
\ir settings.psql

SELECT r.run_id
FROM unnest(:'run_ids'::text[]) AS r (run_id)
WHERE
    EXISTS (
        SELECT 1
        FROM event_logs AS e
        WHERE
            e.run_id = r.run_id
            AND e.asset_key IS NOT NULL
            AND e.dagster_event_type IN (
                'ASSET_MATERIALIZATION',
                'ASSET_MATERIALIZATION_PLANNED',
                'ASSET_FAILED_TO_MATERIALIZE',
                'ASSET_OBSERVATION'
            )
            AND e.id = CASE
                WHEN e.partition IS NULL
                    THEN (
                        SELECT max(latest.id)
                        FROM event_logs AS latest
                        WHERE
                            latest.asset_key = e.asset_key
                            AND latest.dagster_event_type = e.dagster_event_type
                            AND latest.partition IS NULL
                    )
                ELSE (
                    SELECT max(latest.id)
                    FROM event_logs AS latest
                    WHERE
                        latest.asset_key = e.asset_key
                        AND latest.dagster_event_type = e.dagster_event_type
                        AND latest.partition = e.partition
                )
            END
    );
