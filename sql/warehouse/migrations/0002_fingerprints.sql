-- What each loaded day was made of, so that a day that changed in Chatwoot is found by comparing; and
-- whether its summary is of what is loaded. NULL counts as different: such a day is loaded again.

ALTER TABLE partition_state
ADD COLUMN conversations_fingerprint text,
ADD COLUMN messages_fingerprint text,
ADD COLUMN csat_fingerprint text,
ADD COLUMN summarized_at timestamptz;
