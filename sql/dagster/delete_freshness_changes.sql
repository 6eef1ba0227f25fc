-- Deletes the old changes of some assets' freshness, which belong to no run, except for the latest one of each asset.
\ir settings.psql

WITH deleted AS (
    DELETE FROM event_logs AS e
    WHERE
        e.asset_key = any(:'asset_keys'::text[])
        AND e.dagster_event_type = 'FRESHNESS_STATE_CHANGE'
        AND e.timestamp < :'before'::timestamp
        AND e.id < (
            SELECT max(latest.id)
            FROM event_logs AS latest
            WHERE
                latest.asset_key = e.asset_key
                AND latest.dagster_event_type = 'FRESHNESS_STATE_CHANGE'
        )
    RETURNING e.id
)

SELECT count(*) AS events
FROM deleted;
