-- Layer 1. One row per label of a conversation; a label that Chatwoot holds twice comes twice.
-- It reads taggings and not cached_label_list, which is empty in conversations that nobody touched since Chatwoot has
-- it. It starts from conversations, so that a predicate on conversation_created_at reaches taggings by their index.
\ir settings.psql

CREATE OR REPLACE VIEW :"views_schema".vw_conversation_labels AS
SELECT
    c.id AS conversation_id,
    c.created_at AS conversation_created_at,
    tags.name::text AS label
FROM public.conversations AS c
INNER JOIN public.taggings
    ON
        c.id = taggings.taggable_id
        AND taggings.taggable_type = 'Conversation'
        AND taggings.context = 'labels'
INNER JOIN public.tags ON taggings.tag_id = tags.id
WHERE tags.name IS NOT NULL;
