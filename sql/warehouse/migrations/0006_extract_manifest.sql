-- What is known about the files of each day in an object store, which is therefore not asked.

-- One row per place and day. Its last columns are NULL while somebody writes the files, and after one who was killed.
CREATE TABLE extract_manifest (
    extracts_url text NOT NULL,
    conversation_date date NOT NULL,
    writer text NOT NULL,
    snapshot_at timestamptz,
    -- By dataset: the rows' fingerprint, and their number.
    files jsonb,
    PRIMARY KEY (extracts_url, conversation_date)
);
