-- Layer 1. One row per message: its own columns, without a join, and the marks that Chatwoot keeps in its attributes.
-- The extract reads it by conversation_id; for messages by day, see vw_messages_marked.
--
-- marks is a sum, because one number is compared and sent in the time of one flag: 1 deleted, 2 unknown whether
-- deleted, 4 sent by an automation rule, 8 written in the channel's own app, 16 part of a campaign, 32 a reaction (an
-- emoji on another message); 0 for most messages. Chatwoot marks a soft-deleted message with {"deleted": true}, one
-- that an automation rule sent with {"automation_rule_id": 7}, and one that was written in the channel's own app with
-- {"external_echo": true}; fazer-ai's forks mark reactions, which are rows like other messages there, with
-- {"is_reaction": true}. All are in content_attributes, a json column that holds either an object or, because it is
-- encoded twice (chatwoot#14660), a string with an object's text. Casting that text would stop the whole query if it is
-- not JSON, or contains an escaped NUL or half a surrogate pair, and many channels write into it. Therefore nothing is
-- cast: replacements that cannot fail reduce the text to the outline of its outermost object.
--   1. One layer of string encoding is removed.
--   2. The four members become D, A, E and R; every other string, number and word becomes s.
--   3. Inner arrays and objects, to a depth of six, become s too.
-- An object becomes <s:s,D,s:s>: it is deleted if it has a D. What does not come out as an object cannot be read. Only
-- the few messages that mention one of the words pay for this, except those that hold one mark and nothing else, as
-- Chatwoot writes them: for these, one comparison is enough. In one respect this is more tolerant than JSON: a bare
-- control character inside a string does no harm.
--
-- In an e-mail inbox, a message's attributes hold the whole mail, often more than 100 kB: looking for the marks in one
-- takes a millisecond, and many more if one of the words stands in it. Attributes that are stored in more than 2,000
-- bytes are therefore not read, with one exception. They hold no reaction, whose attributes are few and short, and no
-- deletion: Chatwoot replaces all attributes of a message that it deletes by {"deleted": true}, and what other channels
-- mark as unsent has a few short attributes. A message with a sender, and a received mail (content type 8), was neither
-- sent by a rule nor is it an echo: Chatwoot gives these two no sender. The exception is what is left, mostly long
-- answers of automation rules: Chatwoot marks them before it adds anything else, so that only the beginning is
-- searched.
\ir settings.psql
\ir mask.psql

CREATE OR REPLACE VIEW :"views_schema".vw_messages_own AS
SELECT
    m.conversation_id,
    m.id,
    CASE
        WHEN m.created_at >= '0001-01-01' AND m.created_at < '10000-01-01' THEN m.created_at
    END AS created_at,
    CASE m.message_type
        WHEN 0 THEN 'incoming'
        WHEN 1 THEN 'outgoing'
        WHEN 2 THEN 'activity'
        WHEN 3 THEN 'template'
        ELSE 'unknown(' || m.message_type || ')'
    END AS message_type,
    m.message_type AS message_type_code,
    CASE m.content_type
        WHEN 0 THEN 'text'
        WHEN 1 THEN 'input_text'
        WHEN 2 THEN 'input_textarea'
        WHEN 3 THEN 'input_email'
        WHEN 4 THEN 'input_select'
        WHEN 5 THEN 'cards'
        WHEN 6 THEN 'form'
        WHEN 7 THEN 'article'
        WHEN 8 THEN 'incoming_email'
        WHEN 9 THEN 'input_csat'
        WHEN 10 THEN 'integrations'
        WHEN 11 THEN 'sticker'
        WHEN 12 THEN 'voice_call'
        ELSE 'unknown(' || m.content_type || ')'
    END AS content_type,
    m.content_type AS content_type_code,
    m.sender_type,
    m.sender_id,
    m.private,
    attributes.marks,
    :masked_content AS content,
    -- The transaction that wrote this version of the row: see sql/extract/message_versions.sql.
    m.xmin AS row_version
FROM public.messages AS m
CROSS JOIN LATERAL (
    SELECT CASE WHEN depth_6.t ~ '^<((s:s|[DAER])(,(s:s|[DAER]))*)?>$' THEN depth_6.t END AS outline
    FROM (SELECT m.content_attributes::text AS t) AS raw,
        LATERAL (
            SELECT
                CASE
                    WHEN raw.t LIKE '"%' THEN replace(replace(
                        replace(substr(raw.t, 2, length(raw.t) - 2), '\\', chr(1)), '\"', '"'
                    ), chr(1), '\')
                    ELSE raw.t
                END AS t
        ) AS decoded,
        LATERAL (
            SELECT regexp_replace(
                decoded.t,
                '(?<!\\)"deleted"(\s|\\[nrt])*:(\s|\\[nrt])*("true"|true)(?=(\s|\\[nrt])*[,}])', 'D', 'g'
            ) AS t
        ) AS marked_d,
        LATERAL (
            SELECT regexp_replace(
                marked_d.t,
                '(?<!\\)"automation_rule_id"(\s|\\[nrt])*:(\s|\\[nrt])*'
                || '("[^"\\]+"|[0-9]+)(?=(\s|\\[nrt])*[,}])', 'A', 'g'
            ) AS t
        ) AS marked_a,
        LATERAL (
            SELECT regexp_replace(
                marked_a.t,
                '(?<!\\)"external_echo"(\s|\\[nrt])*:(\s|\\[nrt])*("true"|true)(?=(\s|\\[nrt])*[,}])',
                'E', 'g'
            ) AS t
        ) AS marked_e,
        LATERAL (
            SELECT regexp_replace(
                marked_e.t,
                '(?<!\\)"is_reaction"(\s|\\[nrt])*:(\s|\\[nrt])*("true"|true)(?=(\s|\\[nrt])*[,}])', 'R', 'g'
            ) AS t
        ) AS marked,
        LATERAL (SELECT regexp_replace(marked.t, '"(\\.|[^"\\])*"', 's', 'g') AS t) AS unquoted,
        LATERAL (SELECT regexp_replace(unquoted.t, '\s|\\[nrt]', '', 'g') AS t) AS dense,
        LATERAL (
            SELECT regexp_replace(
                dense.t, 'true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?', 's', 'g'
            ) AS t
        ) AS tokens,
        LATERAL (SELECT regexp_replace(tokens.t, '^\{(.*)\}$', '<\1>') AS t) AS outermost,
        LATERAL (
            SELECT regexp_replace(
                outermost.t, '\[(s(,s)*)?\]|\{((s:s|[DAER])(,(s:s|[DAER]))*)?\}', 's', 'g'
            ) AS t
        ) AS depth_1,
        LATERAL (
            SELECT regexp_replace(
                depth_1.t, '\[(s(,s)*)?\]|\{((s:s|[DAER])(,(s:s|[DAER]))*)?\}', 's', 'g'
            ) AS t
        ) AS depth_2,
        LATERAL (
            SELECT regexp_replace(
                depth_2.t, '\[(s(,s)*)?\]|\{((s:s|[DAER])(,(s:s|[DAER]))*)?\}', 's', 'g'
            ) AS t
        ) AS depth_3,
        LATERAL (
            SELECT regexp_replace(
                depth_3.t, '\[(s(,s)*)?\]|\{((s:s|[DAER])(,(s:s|[DAER]))*)?\}', 's', 'g'
            ) AS t
        ) AS depth_4,
        LATERAL (
            SELECT regexp_replace(
                depth_4.t, '\[(s(,s)*)?\]|\{((s:s|[DAER])(,(s:s|[DAER]))*)?\}', 's', 'g'
            ) AS t
        ) AS depth_5,
        LATERAL (
            SELECT regexp_replace(
                depth_5.t, '\[(s(,s)*)?\]|\{((s:s|[DAER])(,(s:s|[DAER]))*)?\}', 's', 'g'
            ) AS t
        ) AS depth_6
) AS outlined
CROSS JOIN LATERAL (
    SELECT
        (
            CASE
                -- Attributes stored in fewer bytes than the words have, like most, contain none of them.
                WHEN coalesce(pg_column_size(m.content_attributes), 0) <= 7 THEN 0
                -- A mail: see above.
                WHEN pg_column_size(m.content_attributes) > 2000
                    THEN CASE
                        WHEN m.content_type = 8 OR m.sender_type IS NOT NULL THEN 0
                        ELSE CASE substring(
                            left(m.content_attributes::text, 80)
                            FROM '^"?\{\\?"([a-z]+)(_rule_id\\?": ?([0-9]+|\\?"[^"\\]+\\?")'
                            || '|_echo\\?": ?(true|\\?"true\\?"))[,}]'
                        )
                            WHEN 'automation' THEN 4
                            WHEN 'external' THEN 8
                            ELSE 0
                        END
                    END
                -- One cast for all four words: most of the other attributes contain none, either.
                WHEN NOT m.content_attributes::text
                LIKE any('{%deleted%,%automation_rule_id%,%external_echo%,%is_reaction%}'::text[])
                    THEN 0
                ELSE
                    CASE
                        WHEN m.content_attributes::text LIKE '%deleted%'
                            THEN CASE
                                m.content_attributes::text ~ '^"?\{\\?"deleted\\?": ?true\}"?$'
                                OR outlined.outline LIKE '%D%'
                                WHEN TRUE THEN 1
                                WHEN FALSE THEN 0
                                ELSE 2
                            END
                        ELSE 0
                    END
                    + CASE
                        WHEN
                            m.content_attributes::text LIKE '%automation_rule_id%'
                            AND (
                                m.content_attributes::text ~ '^"?\{\\?"automation_rule_id\\?": ?[0-9]+\}"?$'
                                OR outlined.outline LIKE '%A%'
                            )
                            THEN 4
                        ELSE 0
                    END
                    + CASE
                        WHEN
                            m.content_attributes::text LIKE '%external_echo%'
                            AND (
                                m.content_attributes::text ~ '^"?\{\\?"external_echo\\?": ?true\}"?$'
                                OR outlined.outline LIKE '%E%'
                            )
                            THEN 8
                        ELSE 0
                    END
                    + CASE
                        WHEN
                            m.content_attributes::text LIKE '%is_reaction%'
                            AND (
                                m.content_attributes::text ~ '^"?\{\\?"is_reaction\\?": ?true\}"?$'
                                OR outlined.outline LIKE '%R%'
                            )
                            THEN 32
                        ELSE 0
                    END
            END
            + CASE
                WHEN
                    pg_column_size(m.additional_attributes) > 11
                    AND m.additional_attributes ->> 'campaign_id' != ''
                    THEN 16
                ELSE 0
            END
        )::smallint AS marks
) AS attributes;
