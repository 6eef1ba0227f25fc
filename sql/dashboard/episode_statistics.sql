-- Contacts served, percentiles, repeat contacts and first-contact resolution, from the episodes of a period.
-- What began is counted by the day of its start, what was resolved by the day of its last resolution. An episode is an
-- agent's if the agent was assigned at its last resolution, or is assigned now while it is open. Repeats are counted
-- only where the time for them has passed: of the episodes resolved 7 days before the last load, or earlier.
\ir settings.psql
\ir filters.psql

WITH started AS (
    SELECT
        count(*) AS episodes_started,
        count(DISTINCT contact_id) AS unique_contacts,
        percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (
            ORDER BY
                CASE
                    WHEN :'business_hours'::boolean THEN first_response_business_seconds ELSE first_response_seconds
                END
        ) AS first_response_percentiles
    FROM (
        SELECT
            *,
            started_at AS happened_at
        FROM episodes
    ) AS begun
    WHERE
        started_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :episode_filters
        AND :time_filter
),

resolved AS (
    SELECT
        count(*) AS episodes_resolved,
        percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (
            ORDER BY
                CASE WHEN :'business_hours'::boolean THEN resolution_business_seconds ELSE resolution_seconds END
        ) FILTER (WHERE resolution_seconds >= 0) AS resolution_percentiles
    FROM (
        SELECT
            *,
            resolved_at AS happened_at
        FROM episodes
    ) AS ended
    WHERE
        resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :episode_filters
        AND :time_filter
),

followed AS (
    SELECT
        count(*) AS observed_episodes,
        count(*) FILTER (WHERE next_started_at - resolved_at <= interval '24 hours') AS repeated_within_24_hours,
        count(*) FILTER (WHERE next_started_at - resolved_at <= interval '7 days') AS repeated_within_7_days,
        count(*) FILTER (
            WHERE reopens = 0 AND (next_started_at IS NULL OR next_started_at - resolved_at > interval '7 days')
        ) AS resolved_at_first_contact
    FROM (
        SELECT
            *,
            resolved_at AS happened_at
        FROM episode_follow_ups
    ) AS ended
    WHERE
        resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND contact_id IS NOT NULL
        AND resolved_at <= (
            SELECT max(loaded.snapshot_at) - interval '7 days'
            FROM partition_state AS loaded
        )
        AND :episode_filters
        AND :time_filter
)

SELECT
    started.*,
    resolved.*,
    followed.*
FROM started
CROSS JOIN resolved
CROSS JOIN followed;
