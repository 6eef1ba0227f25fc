-- What the comparisons with Chatwoot found: when each kind of pass last could be made, and which days were
-- seen to differ since when. Freshness is read from here, also while Chatwoot cannot be reached.

CREATE TABLE source_comparison (
    pass text PRIMARY KEY,
    attempted_at timestamptz NOT NULL,
    compared_at timestamptz,
    days integer,
    failure text
);

CREATE TABLE differing_day (
    conversation_date date PRIMARY KEY,
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
