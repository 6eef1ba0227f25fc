-- With which versions of its rows in Chatwoot a day had which fingerprint, by what was compared: a comparison that
-- finds the same versions again need not hash the rows. What is here is true whatever is loaded meanwhile.

CREATE TABLE row_versions (
    conversation_date date,
    reading text,
    versions text NOT NULL,
    fingerprint text NOT NULL,
    PRIMARY KEY (conversation_date, reading)
);
