-- The metrics' tables: what happened to conversations, and sums of it by day. Each is replaced by the day its
-- conversations began, its partition; what is dated otherwise carries that date besides, and any range adds up by it.

CREATE TABLE response_intervals (
    conversation_id bigint NOT NULL,
    interval_number integer NOT NULL,
    conversation_date date NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    team_id bigint,
    assignee_id integer,
    is_first_response boolean NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    resolved_at timestamptz,
    started_date date,
    ended_date date,
    agent_id bigint,
    seconds double precision,
    business_seconds double precision,
    is_open boolean NOT NULL,
    PRIMARY KEY (conversation_id, interval_number)
);

CREATE TABLE resolutions (
    conversation_id bigint NOT NULL,
    resolution_number integer NOT NULL,
    conversation_date date NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    team_id bigint,
    assignee_id integer,
    agent_id bigint,
    resolved_at timestamptz NOT NULL,
    resolved_date date NOT NULL,
    seconds double precision NOT NULL,
    business_seconds double precision,
    reopened_at timestamptz,
    reopened_date date,
    PRIMARY KEY (conversation_id, resolution_number)
);

CREATE TABLE conversation_facts (
    conversation_id bigint NOT NULL,
    conversation_date date NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    team_id bigint,
    assignee_id integer,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    conversation_hour smallint NOT NULL,
    day_of_week smallint NOT NULL,
    account_name text,
    team_name text,
    labels text[] NOT NULL,
    is_resolved boolean NOT NULL,
    first_response_seconds double precision,
    first_response_business_seconds double precision,
    waits_answered integer NOT NULL,
    waits_open integer NOT NULL,
    sum_wait_seconds double precision NOT NULL,
    sum_wait_business_seconds double precision,
    resolutions integer,
    first_resolution_seconds double precision,
    last_resolution_seconds double precision,
    first_resolution_business_seconds double precision,
    last_resolution_business_seconds double precision,
    first_resolved_at timestamptz,
    last_resolved_at timestamptz,
    last_resolved_date date,
    reopens integer,
    assignments integer,
    reassignments integer,
    returned_to_agent boolean,
    human_replies integer NOT NULL,
    touch text NOT NULL,
    bot_resolved boolean NOT NULL,
    bot_handed_off boolean NOT NULL,
    last_sender text,
    needs_reply boolean NOT NULL,
    waiting_since timestamptz,
    csat_offered boolean NOT NULL,
    csat_answered boolean NOT NULL,
    rating smallint,
    rated_at timestamptz,
    csat_responses integer NOT NULL,
    incoming_messages integer NOT NULL,
    outgoing_messages integer NOT NULL,
    private_notes integer NOT NULL,
    PRIMARY KEY (conversation_id)
);

CREATE TABLE conversation_events (
    id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    conversation_date date NOT NULL,
    account_id integer,
    inbox_id integer,
    user_id integer,
    team_id bigint,
    name text,
    value double precision,
    value_in_business_hours double precision,
    event_start_at timestamptz,
    event_end_at timestamptz,
    created_at timestamptz,
    event_date date,
    PRIMARY KEY (conversation_id, id)
);

CREATE TABLE daily_by_agent (
    conversation_date date NOT NULL,
    event_date date NOT NULL,
    account_id integer NOT NULL,
    agent_id bigint NOT NULL,
    created bigint NOT NULL,
    resolved bigint NOT NULL,
    reopened bigint NOT NULL,
    incoming_messages bigint NOT NULL,
    outgoing_messages bigint NOT NULL,
    private_notes bigint NOT NULL,
    human_replies bigint NOT NULL,
    responses bigint NOT NULL,
    sum_response_seconds double precision NOT NULL,
    business_responses bigint NOT NULL,
    sum_response_business_seconds double precision NOT NULL,
    first_responses bigint NOT NULL,
    sum_first_response_seconds double precision NOT NULL,
    business_first_responses bigint NOT NULL,
    sum_first_response_business_seconds double precision NOT NULL,
    csat_offered bigint NOT NULL,
    csat_answered bigint NOT NULL,
    sum_rating bigint NOT NULL,
    satisfied bigint NOT NULL,
    PRIMARY KEY (conversation_date, event_date, account_id, agent_id)
);

CREATE TABLE daily_by_inbox (
    conversation_date date NOT NULL,
    event_date date NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    created bigint NOT NULL,
    resolved bigint NOT NULL,
    reopened bigint NOT NULL,
    incoming_messages bigint NOT NULL,
    outgoing_messages bigint NOT NULL,
    private_notes bigint NOT NULL,
    human_replies bigint NOT NULL,
    responses bigint NOT NULL,
    sum_response_seconds double precision NOT NULL,
    business_responses bigint NOT NULL,
    sum_response_business_seconds double precision NOT NULL,
    first_responses bigint NOT NULL,
    sum_first_response_seconds double precision NOT NULL,
    business_first_responses bigint NOT NULL,
    sum_first_response_business_seconds double precision NOT NULL,
    csat_offered bigint NOT NULL,
    csat_answered bigint NOT NULL,
    sum_rating bigint NOT NULL,
    satisfied bigint NOT NULL,
    PRIMARY KEY (conversation_date, event_date, account_id, inbox_id)
);

CREATE TABLE daily_by_team (
    conversation_date date NOT NULL,
    event_date date NOT NULL,
    account_id integer NOT NULL,
    team_id bigint NOT NULL,
    created bigint NOT NULL,
    resolved bigint NOT NULL,
    reopened bigint NOT NULL,
    incoming_messages bigint NOT NULL,
    outgoing_messages bigint NOT NULL,
    private_notes bigint NOT NULL,
    human_replies bigint NOT NULL,
    responses bigint NOT NULL,
    sum_response_seconds double precision NOT NULL,
    business_responses bigint NOT NULL,
    sum_response_business_seconds double precision NOT NULL,
    first_responses bigint NOT NULL,
    sum_first_response_seconds double precision NOT NULL,
    business_first_responses bigint NOT NULL,
    sum_first_response_business_seconds double precision NOT NULL,
    csat_offered bigint NOT NULL,
    csat_answered bigint NOT NULL,
    sum_rating bigint NOT NULL,
    satisfied bigint NOT NULL,
    PRIMARY KEY (conversation_date, event_date, account_id, team_id)
);

CREATE TABLE daily_by_label (
    conversation_date date NOT NULL,
    event_date date NOT NULL,
    account_id integer NOT NULL,
    label text NOT NULL,
    created bigint NOT NULL,
    resolved bigint NOT NULL,
    reopened bigint NOT NULL,
    incoming_messages bigint NOT NULL,
    outgoing_messages bigint NOT NULL,
    private_notes bigint NOT NULL,
    human_replies bigint NOT NULL,
    responses bigint NOT NULL,
    sum_response_seconds double precision NOT NULL,
    business_responses bigint NOT NULL,
    sum_response_business_seconds double precision NOT NULL,
    first_responses bigint NOT NULL,
    sum_first_response_seconds double precision NOT NULL,
    business_first_responses bigint NOT NULL,
    sum_first_response_business_seconds double precision NOT NULL,
    csat_offered bigint NOT NULL,
    csat_answered bigint NOT NULL,
    sum_rating bigint NOT NULL,
    satisfied bigint NOT NULL,
    PRIMARY KEY (conversation_date, event_date, account_id, label)
);

CREATE TABLE backlog_changes (
    conversation_date date NOT NULL,
    change_date date NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    team_id bigint NOT NULL,
    agent_id bigint NOT NULL,
    open bigint NOT NULL,
    pending bigint NOT NULL,
    snoozed bigint NOT NULL,
    unassigned bigint NOT NULL,
    unattended bigint NOT NULL,
    PRIMARY KEY (conversation_date, change_date, account_id, inbox_id, team_id, agent_id)
);

CREATE TABLE hourly_messages (
    conversation_date date NOT NULL,
    message_date date NOT NULL,
    hour smallint NOT NULL,
    account_id integer NOT NULL,
    inbox_id integer NOT NULL,
    team_id bigint NOT NULL,
    agent_id bigint NOT NULL,
    incoming bigint NOT NULL,
    outgoing bigint NOT NULL,
    incoming_all bigint NOT NULL,
    outgoing_all bigint NOT NULL,
    PRIMARY KEY (conversation_date, message_date, hour, account_id, inbox_id, team_id, agent_id)
);

-- By the partition, in which days are replaced; and by the date that a range of days is asked for.
CREATE INDEX response_intervals_date_idx ON response_intervals (conversation_date);
CREATE INDEX response_intervals_ended_idx ON response_intervals (ended_date)
INCLUDE (
    account_id, inbox_id, team_id, assignee_id, agent_id, conversation_id, is_first_response, seconds, business_seconds
)
WHERE ended_date IS NOT NULL;
CREATE INDEX resolutions_date_idx ON resolutions (conversation_date);
CREATE INDEX resolutions_resolved_idx ON resolutions (resolved_date)
INCLUDE (account_id, inbox_id, team_id, assignee_id, agent_id, conversation_id, seconds, business_seconds);
CREATE INDEX resolutions_reopened_idx ON resolutions (reopened_date)
INCLUDE (account_id, inbox_id, team_id, assignee_id, conversation_id)
WHERE reopened_date IS NOT NULL;
CREATE INDEX conversation_facts_date_idx ON conversation_facts (conversation_date);
CREATE INDEX conversation_facts_resolved_idx ON conversation_facts (last_resolved_date)
WHERE last_resolved_date IS NOT NULL;
CREATE INDEX conversation_events_date_idx ON conversation_events (conversation_date);
CREATE INDEX conversation_events_event_idx ON conversation_events (event_date)
INCLUDE (name, account_id, inbox_id, user_id, team_id, conversation_id, value, value_in_business_hours);
CREATE INDEX daily_by_agent_event_idx ON daily_by_agent (event_date);
CREATE INDEX daily_by_inbox_event_idx ON daily_by_inbox (event_date);
CREATE INDEX daily_by_team_event_idx ON daily_by_team (event_date);
CREATE INDEX daily_by_label_event_idx ON daily_by_label (event_date);
CREATE INDEX daily_by_label_label_idx ON daily_by_label (label, event_date);
CREATE INDEX backlog_changes_change_idx ON backlog_changes (change_date);
CREATE INDEX hourly_messages_message_idx ON hourly_messages (message_date);

-- One row a day whose metrics are there, written in the transaction that replaces them: what they were computed of,
-- and by which rules. A day whose fingerprints are others in partition_state is computed again.
CREATE TABLE metric_state (
    conversation_date date PRIMARY KEY,
    fingerprint text NOT NULL,
    definition text NOT NULL,
    snapshot_at timestamptz NOT NULL,
    measured_at timestamptz NOT NULL,
    run_id text NOT NULL
);

-- A day's events are a kind of row of their own.
ALTER TABLE partition_state
ADD COLUMN events_fingerprint text;

-- The days of which every table is made of the same rows: a run that is killed leaves some behind.
CREATE VIEW complete_day AS
SELECT partition_state.conversation_date
FROM partition_state
INNER JOIN metric_state ON partition_state.conversation_date = metric_state.conversation_date
WHERE
    partition_state.summarized_at IS NOT NULL
    AND metric_state.fingerprint = concat_ws(
        '|',
        partition_state.conversations_fingerprint,
        partition_state.messages_fingerprint,
        partition_state.csat_fingerprint,
        partition_state.events_fingerprint
    );

-- The backlog at the end of each day, from an inbox's first change to the last day that is loaded: what is dated
-- later is of a clock that is ahead, or of a time of which not all conversations are here. Sums are taken at changes,
-- and hold until the next: twenty times as fast as joining every day.
CREATE VIEW daily_backlog AS
WITH changes AS (
    SELECT
        account_id,
        inbox_id,
        change_date,
        sum(open) AS open,
        sum(pending) AS pending,
        sum(snoozed) AS snoozed,
        sum(unassigned) AS unassigned,
        sum(unattended) AS unattended
    FROM backlog_changes
    GROUP BY account_id, inbox_id, change_date
),

levels AS (
    SELECT
        account_id,
        inbox_id,
        change_date,
        lead(change_date) OVER so_far - 1 AS last_date,
        sum(open) OVER so_far AS open,
        sum(pending) OVER so_far AS pending,
        sum(snoozed) OVER so_far AS snoozed,
        sum(unassigned) OVER so_far AS unassigned,
        sum(unattended) OVER so_far AS unattended
    FROM changes
    WINDOW so_far AS (PARTITION BY account_id, inbox_id ORDER BY change_date)
)

SELECT
    day.at::date AS backlog_date,
    levels.account_id,
    levels.inbox_id,
    levels.open::bigint AS open,
    levels.pending::bigint AS pending,
    levels.snoozed::bigint AS snoozed,
    levels.unassigned::bigint AS unassigned,
    levels.unattended::bigint AS unattended
FROM levels
-- Of timestamps without a zone: that of the session must not move a day.
CROSS JOIN LATERAL generate_series(
    levels.change_date::timestamp,
    least(
        levels.last_date,
        (
            SELECT max(loaded.conversation_date)
            FROM partition_state AS loaded
        )
    )::timestamp,
    '1 day'
) AS day (at);

-- Dashboards count and average the narrow tables above. What is left to this index is to find a day, an inbox, a page.
CREATE INDEX conversas_analytics_date_idx ON conversas_analytics (conversation_date, inbox_id, status);
DROP INDEX conversas_analytics_dashboard_idx;
