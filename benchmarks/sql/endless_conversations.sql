-- A warehouse of endless conversations: 1,000,000 of them over five years, one per contact, with ten episodes each,
-- about half a year apart, and two targets per episode. Every ninth episode begins a day after the one before it. Only
-- the tables that the measured queries read are filled.
INSERT INTO episodes
SELECT
    conversation AS conversation_id,
    number AS episode_number,
    first_day + (3 * conversation % 180)::integer AS conversation_date,
    1 AS account_id,
    1 + conversation % 20 AS inbox_id,
    conversation AS contact_id,
    1 + conversation % 8 AS team_id,
    1 + (conversation * 7 + number * 13) % 60 AS agent_id,
    'contact' AS initiated_by,
    started_at,
    started_at::date AS started_date,
    started_at + seconds * interval '1 s' AS resolved_at,
    (started_at + seconds * interval '1 s')::date AS resolved_date,
    seconds AS resolution_seconds,
    seconds / 3 AS resolution_business_seconds,
    seconds / 12 AS first_response_seconds,
    seconds / 30 AS first_response_business_seconds,
    1 + (conversation * 7 + number * 13) % 60 AS first_response_agent_id,
    3 AS replies,
    0 AS reopens,
    4 AS incoming_messages,
    4 AS outgoing_messages,
    seconds AS open_seconds,
    0 AS pending_seconds,
    0 AS snoozed_seconds,
    60 AS unassigned_seconds,
    started_at + interval '1 min' AS assigned_at,
    seconds / 12 AS assignment_to_reply_seconds,
    seconds AS assignment_to_resolution_seconds,
    'agent' AS resolved_by,
    NULL AS rating,
    'resolved' AS status,
    CASE conversation % 4 WHEN 0 THEN ARRAY['vip'] WHEN 1 THEN ARRAY['troca', 'frete'] ELSE '{}'::text[] END AS labels
FROM (
    SELECT
        conversation,
        number,
        date '2021-01-01' AS first_day,
        -- Half a year apart, at an hour of the day by the number; every ninth a day after the one before it.
        timestamptz '2021-01-01 08:00Z'
        + (conversation * 3 % 180 + number * 180 - CASE WHEN (conversation + number) % 9 = 0 THEN 179 ELSE 0 END)
        * interval '1 day'
        + (conversation * 31 + number * 17) % 36000 * interval '1 s' AS started_at,
        300.0 + (conversation * 7919 + number * 104729) % 86400 AS seconds
    FROM generate_series(1::bigint, 1000000) AS conversations (conversation)
    CROSS JOIN generate_series(0, 9) AS numbers (number)
) AS drawn;

INSERT INTO targets
SELECT
    e.conversation_id,
    wanted.target,
    e.episode_number AS number,
    e.conversation_date,
    e.account_id,
    e.inbox_id,
    e.team_id,
    e.agent_id,
    e.started_at,
    e.started_date,
    wanted.ended_at,
    wanted.ended_at::date AS ended_date,
    wanted.target_seconds,
    'calendar' AS clock,
    e.started_at + 0.8 * wanted.target_seconds * interval '1 s' AS near_at,
    e.started_at + wanted.target_seconds * interval '1 s' AS due_at,
    wanted.ended_at <= e.started_at + wanted.target_seconds * interval '1 s' AS is_met,
    e.status,
    e.labels
FROM episodes AS e
CROSS JOIN LATERAL (
    VALUES
    ('first_response', 3600, e.started_at + e.first_response_seconds * interval '1 s'),
    ('resolution', 43200, e.resolved_at)
) AS wanted (target, target_seconds, ended_at);

INSERT INTO partition_state (conversation_date, conversations, messages, csat, snapshot_at, loaded_at, run_id)
SELECT
    day,
    0 AS conversations,
    0 AS messages,
    0 AS csat,
    timestamptz '2026-01-01 00:00Z' AS snapshot_at,
    timestamptz '2026-01-01 00:00Z' AS loaded_at,
    'benchmark' AS run_id
FROM generate_series(date '2021-01-01', date '2025-12-31', '1 day') AS days (day);
