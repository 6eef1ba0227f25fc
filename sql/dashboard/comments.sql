-- A page of the comments that contacts wrote with their ratings, and of what the team noted about them, newest first,
-- by the agent who was assigned then. Only those with one of :'ratings', if there is any, and with the text :'search'.
\ir settings.psql
\ir filters.psql

SELECT
    facts.conversation_id AS id,
    facts.rated_at,
    facts.rating,
    conversations.feedback_message,
    reviews.review_notes,
    facts.account_id,
    facts.inbox_id,
    facts.rating_agent_id
FROM (
    SELECT *
    FROM conversation_facts
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND :survey_filters
        AND rating IS NOT NULL
        AND (:'ratings'::smallint[] = '{}' OR rating = any(:'ratings'::smallint[]))
        AND NOT :'is_unknown'::boolean
) AS facts
-- The conversations with a comment, and the few with notes only: their indexes find them, and the wide rows of others
-- are not read.
INNER JOIN (
    SELECT
        id,
        feedback_message
    FROM conversas_analytics
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND feedback_message != ''
    UNION ALL
    SELECT
        noted.id,
        noted.feedback_message
    FROM conversas_analytics AS noted
    WHERE
        coalesce(noted.feedback_message, '') = ''
        AND noted.id IN (
            SELECT ratings.conversation_id
            FROM ratings
            WHERE
                ratings.conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
                AND ratings.review_notes != ''
        )
) AS conversations
    ON facts.conversation_id = conversations.id
LEFT JOIN (
    SELECT
        conversation_id,
        string_agg(review_notes, E'\n' ORDER BY rated_at, id) AS review_notes
    FROM ratings
    WHERE
        conversation_date BETWEEN :'first_day'::date AND :'last_day'::date
        AND review_notes != ''
    GROUP BY conversation_id
) AS reviews ON facts.conversation_id = reviews.conversation_id
WHERE
    :'search' = ''
    OR strpos(lower(conversations.feedback_message), lower(:'search')) > 0
    OR strpos(lower(reviews.review_notes), lower(:'search')) > 0
ORDER BY facts.rated_at DESC NULLS LAST, facts.conversation_id DESC
LIMIT :'rows_per_page' OFFSET :'rows_before';
