-- Messages as Chatwoot counts them, private ones included, by label too.
ALTER TABLE daily_by_agent
ADD COLUMN incoming_all bigint NOT NULL DEFAULT 0,
ADD COLUMN outgoing_all bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_inbox
ADD COLUMN incoming_all bigint NOT NULL DEFAULT 0,
ADD COLUMN outgoing_all bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_team
ADD COLUMN incoming_all bigint NOT NULL DEFAULT 0,
ADD COLUMN outgoing_all bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_by_label
ADD COLUMN incoming_all bigint NOT NULL DEFAULT 0,
ADD COLUMN outgoing_all bigint NOT NULL DEFAULT 0;

-- One row per response to a satisfaction survey. Its comment is in conversas_analytics, for the latest one.
CREATE TABLE ratings (
    conversation_id bigint NOT NULL,
    id bigint NOT NULL,
    conversation_date date NOT NULL,
    account_id bigint NOT NULL,
    inbox_id bigint NOT NULL,
    team_id bigint,
    agent_id bigint,
    rating smallint,
    rated_at timestamptz,
    rated_date date,
    status text NOT NULL,
    labels text[] NOT NULL,
    PRIMARY KEY (conversation_id, id)
);

COMMENT ON TABLE ratings IS 'One row per response to a satisfaction survey.';
COMMENT ON COLUMN ratings.agent_id IS 'The agent who was assigned when it was given; NULL for nobody.';
COMMENT ON COLUMN ratings.rated_date IS 'The day of rated_at, in the reporting time zone.';

CREATE INDEX ratings_date_idx ON ratings (conversation_date);
CREATE INDEX ratings_rated_idx ON ratings (rated_date);

-- What bots did, besides what Chatwoot's events say.
ALTER TABLE conversation_facts
ADD COLUMN bot_messages integer NOT NULL DEFAULT 0,
ADD COLUMN bot_reopened boolean NOT NULL DEFAULT FALSE;

-- Surveys are neither incoming nor outgoing messages, but templates.
ALTER TABLE hourly_messages ADD COLUMN surveys bigint NOT NULL DEFAULT 0;
