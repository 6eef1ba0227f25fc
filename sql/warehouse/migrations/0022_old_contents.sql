-- The day of a loaded day's oldest contents, such as messages; NULL if that is not known, and nothing is older than the
-- day itself.
ALTER TABLE partition_state ADD COLUMN contents_since date;
