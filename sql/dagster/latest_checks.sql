-- The runs that hold the latest evaluation of a check, whether planned or done, or its latest one that was done.
\ir settings.psql

SELECT
    c.asset_key,
    c.check_name,
    c.run_id
FROM asset_check_executions AS c
INNER JOIN (
    SELECT
        max(id) AS id,
        max(id) FILTER (WHERE execution_status IN ('SUCCEEDED', 'FAILED')) AS done_id
    FROM asset_check_executions
    GROUP BY asset_key, check_name, partition
) AS latest ON c.id IN (latest.id, latest.done_id);
