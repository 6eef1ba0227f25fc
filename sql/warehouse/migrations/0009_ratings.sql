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
