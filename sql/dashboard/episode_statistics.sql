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
        AND :event_filters
        AND :time_filter
),

-- Read again for each use: to keep a year's two million rows takes longer, and forbids parallel plans.
ended AS NOT MATERIALIZED (
    SELECT
        conversation_id,
        episode_number,
        account_id,
        contact_id,
        resolved_at,
        resolved_date,
        reopens,
        CASE
            WHEN resolution_seconds < 0 THEN NULL
            WHEN :'business_hours'::boolean THEN resolution_business_seconds
            ELSE resolution_seconds
        END AS seconds,
        contact_id IS NOT NULL
        AND resolved_at <= (
            SELECT max(loaded.snapshot_at) - interval '7 days'
            FROM partition_state AS loaded
        ) AS is_observed
    FROM (
        SELECT
            *,
            resolved_at AS happened_at
        FROM episodes
    ) AS resolved
    WHERE
        resolved_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :event_filters
        AND :time_filter
),

resolved AS (
    SELECT
        count(*) AS episodes_resolved,
        percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds) AS resolution_percentiles,
        count(*) FILTER (WHERE is_observed) AS observed_episodes,
        count(*) FILTER (WHERE is_observed AND reopens = 0) AS observed_without_reopening
    FROM ended
),

-- The episodes that the same contact followed up within 7 days, as in the view episode_follow_ups. They are few, and
-- found by a hash of what began in the period, in a third of the time of a lookup per episode. It has pieces of 30
-- days, so that a contact with thousands of episodes is not compared with itself over the whole period.
repeated AS (
    SELECT
        count(*) FILTER (WHERE gap <= interval '24 hours') AS repeated_within_24_hours,
        count(*) AS repeated_within_7_days,
        count(*) FILTER (WHERE reopens = 0) AS repeated_without_reopening
    FROM (
        SELECT
            ended.reopens,
            min(following.started_at - ended.resolved_at) AS gap
        FROM (
            SELECT
                *,
                (resolved_date - date '2000-01-01') / 30 AS piece
            FROM ended
            WHERE is_observed
            UNION ALL
            -- The 7 days of some reach the next piece.
            SELECT
                *,
                (resolved_date - date '2000-01-01' + 8) / 30 AS piece
            FROM ended
            WHERE
                is_observed
                AND (resolved_date - date '2000-01-01' + 8) / 30 > (resolved_date - date '2000-01-01') / 30
        ) AS ended
        INNER JOIN episodes AS following
            ON
                ended.contact_id = following.contact_id
                AND ended.account_id = following.account_id
                AND ended.piece = (following.started_date - date '2000-01-01') / 30
                AND following.started_at BETWEEN ended.resolved_at AND ended.resolved_at + interval '7 days'
                AND (ended.conversation_id, ended.episode_number)
                != (following.conversation_id, following.episode_number)
        WHERE following.started_date BETWEEN :'first_day'::date AND :'last_day'::date + 8
        GROUP BY ended.conversation_id, ended.episode_number, ended.reopens
    ) AS followed
)

SELECT
    started.*,
    resolved.episodes_resolved,
    resolved.resolution_percentiles,
    resolved.observed_episodes,
    repeated.repeated_within_24_hours,
    repeated.repeated_within_7_days,
    resolved.observed_without_reopening - repeated.repeated_without_reopening AS resolved_at_first_contact
FROM started
CROSS JOIN resolved
CROSS JOIN repeated;
