-- A wait and a resolution with the status and labels of their conversation: asked by these, a year of them need not be
-- joined with all conversations that there are. Filled from the conversations that are here.
DROP INDEX response_intervals_ended_idx;
DROP INDEX resolutions_resolved_idx;
DROP INDEX resolutions_reopened_idx;

ALTER TABLE response_intervals
ADD COLUMN status text,
ADD COLUMN labels text[];
ALTER TABLE resolutions
ADD COLUMN status text,
ADD COLUMN labels text[];

-- Looked up row by row: a join of many would write the rows in an order of its own, and a year's would lie everywhere.
UPDATE response_intervals
SET (status, labels) = (
    SELECT
        facts.status,
        facts.labels
    FROM conversation_facts AS facts
    WHERE facts.conversation_id = response_intervals.conversation_id
);
UPDATE resolutions
SET (status, labels) = (
    SELECT
        facts.status,
        facts.labels
    FROM conversation_facts AS facts
    WHERE facts.conversation_id = resolutions.conversation_id
);

ALTER TABLE response_intervals
ALTER COLUMN status SET NOT NULL,
ALTER COLUMN labels SET NOT NULL;
ALTER TABLE resolutions
ALTER COLUMN status SET NOT NULL,
ALTER COLUMN labels SET NOT NULL;

-- Not the labels: there may be more of them than an index's row can hold, and such a day could not be loaded.
CREATE INDEX response_intervals_ended_idx ON response_intervals (ended_date)
INCLUDE (
    account_id, inbox_id, team_id, assignee_id, agent_id, status, is_first_response, seconds, business_seconds
)
WHERE ended_date IS NOT NULL;
CREATE INDEX resolutions_resolved_idx ON resolutions (resolved_date)
INCLUDE (account_id, inbox_id, team_id, assignee_id, agent_id, status, seconds, business_seconds);
CREATE INDEX resolutions_reopened_idx ON resolutions (reopened_date)
INCLUDE (account_id, inbox_id, team_id, assignee_id, status)
WHERE reopened_date IS NOT NULL;
-- By it a label's waits are found, and not among all of a year's.
CREATE INDEX response_intervals_labels_idx ON response_intervals USING gin (labels);
