-- The full comparison goes through Chatwoot's conversations in blocks of ids, and continues where it was interrupted.

-- Sums per block take the place of sums per day: no index finds a day's conversations, and a day has no greatest size.
DROP TABLE row_versions;

-- One row per block of conversations: the sums of its rows' hashes for each day, when they were read, and the versions
-- of its rows at that time. While the versions are the same, so are the sums, whatever is loaded.
CREATE TABLE conversation_block (
    number bigint PRIMARY KEY,
    compared_at timestamptz NOT NULL,
    definition text NOT NULL,
    versions jsonb NOT NULL,
    totals jsonb NOT NULL
);

-- The days that were loaded and that no quality check has seen since: a run that is killed leaves them to the next one.
CREATE TABLE unchecked_day (
    conversation_date date PRIMARY KEY,
    loaded_at timestamptz NOT NULL
);

-- Where the next scan goes on.
ALTER TABLE source_comparison ADD COLUMN position jsonb NOT NULL DEFAULT '{}';
