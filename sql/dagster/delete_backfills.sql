-- Deletes some backfills.
\ir settings.psql

WITH untagged AS (
    DELETE FROM backfill_tags
    WHERE backfill_id = any(:'backfill_ids'::text[])
),

deleted AS (
    DELETE FROM bulk_actions
    WHERE key = any(:'backfill_ids'::text[])
    RETURNING id
)

SELECT count(*) AS backfills
FROM deleted;
