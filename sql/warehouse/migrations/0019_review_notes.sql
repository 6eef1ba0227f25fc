-- What the team noted about a rating, since Chatwoot 4.10.
ALTER TABLE ratings
ADD COLUMN review_notes text,
ADD COLUMN reviewed_at timestamptz,
ADD COLUMN reviewer_id bigint;

COMMENT ON COLUMN ratings.review_notes IS 'What the team noted about it; personal data.';
COMMENT ON COLUMN ratings.reviewer_id IS 'The agent who wrote the notes last.';
