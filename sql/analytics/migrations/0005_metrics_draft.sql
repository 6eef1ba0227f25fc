-- What support teams ask for, in small tables: one set of rows for each day on which conversations began, which are
-- replaced together with that day. So a day is deleted by conversation_date, and asked for by the date of what
-- happened: each table has an index for both.

-- Chatwoot's reporting events, as they are.
CREATE TABLE conversation_events (
    id bigint PRIMARY KEY,
    conversation_id bigint NOT NULL,
    conversation_date date NOT NULL,
    account_id integer,
    inbox_id integer,
    user_id bigint,
    team_id bigint,
    name text,
    value double precision,
    value_in_business_hours double precision,
    event_start_at timestamptz,
    event_end_at timestamptz,
    created_at timestamptz,
    event_date date
);

CREATE INDEX conversation_events_conversation_date_idx ON conversation_events (conversation_date);
-- Chatwoot's report is read from this alone.
CREATE INDEX conversation_events_event_date_idx ON conversation_events (event_date, name)
INCLUDE (account_id, inbox_id, team_id, user_id, conversation_id, value, value_in_business_hours);

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

CREATE INDEX hourly_messages_message_date_idx ON hourly_messages (message_date);

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

CREATE INDEX daily_by_agent_event_date_idx ON daily_by_agent (event_date);

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

CREATE INDEX daily_by_inbox_event_date_idx ON daily_by_inbox (event_date);

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

CREATE INDEX daily_by_team_event_date_idx ON daily_by_team (event_date);

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

CREATE INDEX daily_by_label_event_date_idx ON daily_by_label (event_date);

-- By how many conversations the backlog grew at the end of a day.
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

CREATE INDEX backlog_changes_change_date_idx ON backlog_changes (change_date);

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
