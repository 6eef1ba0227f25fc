"""The rows of the sample database: the quirks of a real Chatwoot, and the references that are valid nevertheless.

Each test is one query. How a sample is created, and how its rows agree with each other, is in `test_generator.py`.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Protocol

import psycopg
import pytest

from chatwoot_assets.sample.database import SampleSize, create_sample

if TYPE_CHECKING:
    from collections.abc import Iterator


class Postgres(Protocol):
    """The fixture's server."""

    def new_database(self) -> str:
        """Create an empty database and return its URL."""


@pytest.fixture(scope="module")
def connection(postgres: Postgres) -> Iterator[psycopg.Connection]:
    url = postgres.new_database()
    create_sample(url, SampleSize(conversations=1_500, days=42, last_day=datetime.date(2025, 6, 30)))
    with psycopg.connect(url) as connection:
        yield connection


QUIRKS = {
    "conversation without contact": "SELECT 1 FROM conversations WHERE contact_id IS NULL",
    "contact that is gone": "SELECT 1 FROM conversations AS c WHERE contact_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM contacts WHERE id = c.contact_id)",
    "assignee who is gone": "SELECT 1 FROM conversations AS c WHERE assignee_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM users WHERE id = c.assignee_id)",
    "team that is gone": "SELECT 1 FROM conversations AS c WHERE team_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM teams WHERE id = c.team_id)",
    "inbox that is gone": "SELECT 1 FROM conversations AS c"
    " WHERE NOT EXISTS (SELECT FROM inboxes WHERE id = c.inbox_id)",
    "messages of a deleted conversation": "SELECT 1 FROM messages AS m"
    " WHERE NOT EXISTS (SELECT FROM conversations WHERE id = m.conversation_id)",
    "message of a deleted agent": "SELECT 1 FROM messages WHERE message_type = 1 AND sender_id IS NULL AND private",
    "double-encoded attributes": "SELECT 1 FROM messages"
    " WHERE json_typeof(content_attributes) = 'string'"
    " AND (content_attributes #>> '{}')::jsonb ->> 'in_reply_to' IS NOT NULL",
    "plain attributes": "SELECT 1 FROM messages WHERE json_typeof(content_attributes) = 'object'",
    "no attributes": "SELECT 1 FROM messages WHERE content_attributes IS NULL",
    "soft-deleted message": "SELECT 1 FROM messages WHERE content = 'Esta mensagem foi excluída'"
    " AND (content_attributes #>> '{}')::jsonb = '{\"deleted\": true}'",
    "whole mail": "SELECT 1 FROM messages WHERE content_type = 8 AND pg_column_size(content_attributes) > 3000",
    "long mail": "SELECT 1 FROM messages WHERE content_type = 8 AND pg_column_size(content_attributes) > 100000",
    "automation": "SELECT 1 FROM messages WHERE content_attributes::text LIKE '%automation_rule_id%'",
    "echo of a native app": "SELECT 1 FROM messages WHERE content_attributes::text LIKE '%external_echo%'",
    "private note": "SELECT 1 FROM messages WHERE private",
    "activity without sender": "SELECT 1 FROM messages WHERE message_type = 2 AND sender_type IS NULL",
    "bot": "SELECT 1 FROM messages WHERE sender_type = 'AgentBot'",
    "Captain": "SELECT 1 FROM messages WHERE sender_type = 'Captain::Assistant'",
    "survey": "SELECT 1 FROM messages WHERE message_type = 3 AND content_type = 9",
    "message without content": "SELECT 1 FROM messages WHERE content IS NULL",
    "line break": "SELECT 1 FROM messages WHERE content LIKE E'%\\n%'",
    "late message": "SELECT 1 FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id"
    " WHERE m.created_at > c.created_at + interval '5 days'",
    "reply before the beginning": "SELECT 1 FROM conversations WHERE first_reply_created_at < created_at",
    "reopened conversation": "SELECT 1 FROM reporting_events WHERE name = 'conversation_opened' AND value > 0",
    "resolved twice": "SELECT 1 FROM reporting_events WHERE name = 'conversation_resolved'"
    " GROUP BY conversation_id HAVING count(DISTINCT event_end_time) > 1",
    "event written twice": "SELECT 1 FROM reporting_events"
    " GROUP BY name, conversation_id, event_end_time, value HAVING count(*) > 1",
    "late event": "SELECT 1 FROM reporting_events WHERE created_at > event_end_time + interval '30 minutes'",
    "missed SLA": "SELECT 1 FROM applied_slas AS s JOIN sla_events AS e ON e.applied_sla_id = s.id"
    " WHERE sla_status = 2",
    "message of a campaign that failed": "SELECT 1 FROM campaign_recipients WHERE status = 5 AND error_code > ''",
    "answer to a campaign": "SELECT 1 FROM campaign_recipients AS r JOIN conversations AS c"
    " ON c.contact_id = r.contact_id AND c.inbox_id = r.inbox_id AND c.created_at > r.sent_at",
    "old message that an import wrote into a conversation": "SELECT 1 FROM messages AS m"
    " JOIN messages AS before ON before.conversation_id = m.conversation_id AND before.id < m.id"
    " WHERE m.source_id LIKE 'WAID:%' AND m.created_at < before.created_at - interval '1 day'",
    "missed SLA of a later reply": "SELECT 1 FROM sla_events WHERE event_type = 1",
    "call that nobody answered": "SELECT 1 FROM calls WHERE status = 'no_answer' AND direction = 0",
    "imported conversation that a table names": "SELECT 1 FROM conversations AS c"
    " JOIN data_import_mappings AS d ON d.chatwoot_record_id = c.id AND d.chatwoot_record_type = 'Conversation'"
    " WHERE c.status = 1 AND c.first_reply_created_at IS NULL AND d.created_at > c.last_activity_at"
    " AND NOT EXISTS (SELECT FROM reporting_events WHERE conversation_id = c.id)",
    "imported conversation that only its identifier tells": "SELECT 1 FROM conversations AS c"
    " WHERE identifier LIKE 'intercom:%' AND NOT EXISTS"
    " (SELECT FROM data_import_mappings WHERE chatwoot_record_id = c.id)",
    "imported reply without sender": "SELECT 1 FROM messages"
    " WHERE source_id LIKE 'intercom:%' AND message_type = 1 AND sender_id IS NULL",
    "reaction of an agent before the reply": "SELECT 1 FROM messages AS m"
    " JOIN conversations AS c ON c.id = m.conversation_id"
    " WHERE (m.content_attributes #>> '{}')::jsonb ->> 'is_reaction' = 'true' AND m.message_type = 1"
    " AND m.sender_type = 'User' AND m.created_at < c.first_reply_created_at",
    "reaction of a contact to a reply": "SELECT 1 FROM messages AS m JOIN messages AS r"
    " ON r.id = ((m.content_attributes #>> '{}')::jsonb ->> 'in_reply_to')::int AND r.message_type = 1"
    " WHERE (m.content_attributes #>> '{}')::jsonb ->> 'is_reaction' = 'true' AND m.message_type = 0",
    "several ratings": "SELECT 1 FROM csat_survey_responses GROUP BY conversation_id HAVING count(*) > 1",
    "ratings in one instant": "SELECT 1 FROM csat_survey_responses"
    " GROUP BY conversation_id, created_at HAVING count(*) > 1",
    "rating with words": "SELECT 1 FROM csat_survey_responses WHERE feedback_message IS NOT NULL",
    "rating without words": "SELECT 1 FROM csat_survey_responses WHERE feedback_message IS NULL",
    "two inboxes of one name": "SELECT 1 FROM inboxes GROUP BY name HAVING count(DISTINCT account_id) > 1",
    "super administrator": "SELECT 1 FROM users WHERE type = 'SuperAdmin'",
    "returning contact": "SELECT 1 FROM conversations GROUP BY contact_id HAVING count(*) > 2",
    "snoozed": "SELECT 1 FROM conversations WHERE status = 3 AND snoozed_until > last_activity_at",
    "each priority": "SELECT 1 FROM conversations HAVING count(DISTINCT priority) = 4",
    "endless conversation": "SELECT 1 FROM conversations AS c JOIN inboxes AS i ON i.id = c.inbox_id"
    " JOIN reporting_events AS e ON e.conversation_id = c.id AND e.name = 'conversation_resolved'"
    " WHERE i.lock_to_single_conversation GROUP BY c.id HAVING count(DISTINCT e.event_end_time) > 3",
    "bot of an inbox": "SELECT 1 FROM agent_bot_inboxes AS b JOIN inboxes AS i ON i.id = b.inbox_id"
    " JOIN reporting_events AS e ON e.inbox_id = i.id AND e.name = 'conversation_bot_handoff'"
    " WHERE b.status = 0 AND b.created_at > i.created_at + interval '1 day'",
    "reply of a deleted agent": "SELECT 1 FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id"
    " WHERE m.message_type = 1 AND m.sender_id IS NULL AND NOT m.private"
    " AND m.created_at = c.first_reply_created_at",
    "agent without a capital letter": "SELECT 1 FROM messages AS m JOIN users AS u"
    " ON m.content = 'Atribuído a ' || u.name WHERE u.name = lower(u.name)",
    "rating of a former assignee": "SELECT 1 FROM csat_survey_responses AS r JOIN conversations AS c"
    " ON c.id = r.conversation_id WHERE r.assigned_agent_id <> c.assignee_id",
    "reason from a list": "SELECT 1 FROM conversations WHERE custom_attributes ->> 'motivo' = 'troca'",
    "amount": "SELECT 1 FROM conversations WHERE jsonb_typeof(custom_attributes -> 'valor') = 'number'",
    "personal number of a conversation": "SELECT 1 FROM conversations WHERE custom_attributes ? 'cpf_do_titular'",
    "plan of a contact": "SELECT 1 FROM contacts WHERE custom_attributes ->> 'plano' = 'ouro'",
    "personal number of a contact": "SELECT 1 FROM contacts WHERE custom_attributes ? 'cpf'",
    "assignee of a conversation that opened again": "SELECT 1 FROM reporting_events"
    " WHERE name = 'conversation_opened' AND value > 0 AND user_id IS NOT NULL",
    "participant": "SELECT 1 FROM conversation_participants",
    "agent assigned automatically before another": "SELECT 1 FROM conversation_participants AS p INNER JOIN"
    " conversations AS c ON c.id = p.conversation_id AND c.assignee_id <> p.user_id"
    " AND p.created_at < c.created_at + interval '1 minute'",
    "mention": "SELECT 1 FROM mentions",
    "attachment": "SELECT 1 FROM attachments",
}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_sample_has_the_quirk(connection: psycopg.Connection, quirk: str) -> None:
    assert connection.execute(f"{QUIRKS[quirk]} LIMIT 1".encode()).fetchall() == [(1,)]


REFERENCES = {
    "contact to one conversation in an endless inbox": "SELECT 1 FROM conversations AS c"
    " JOIN inboxes AS i ON i.id = c.inbox_id WHERE i.lock_to_single_conversation AND c.contact_id IS NOT NULL"
    " GROUP BY c.inbox_id, c.contact_id HAVING count(*) > 1",
    "rating to its survey": "SELECT 1 FROM csat_survey_responses AS r"
    " WHERE NOT EXISTS (SELECT FROM messages AS m"
    " WHERE m.id = r.message_id AND m.content_type = 9 AND m.conversation_id = r.conversation_id)",
    "attachment to its message": "SELECT 1 FROM attachments AS a WHERE NOT EXISTS"
    " (SELECT FROM messages AS m WHERE m.id = a.message_id AND m.account_id = a.account_id)",
    "tagging to its tag": "SELECT 1 FROM taggings AS t WHERE NOT EXISTS (SELECT FROM tags WHERE id = t.tag_id)",
    "conversation to its contact's inbox": "SELECT 1 FROM conversations AS c JOIN contact_inboxes AS i"
    " ON i.id = c.contact_inbox_id WHERE i.inbox_id <> c.inbox_id OR i.contact_id <> c.contact_id",
    "conversation to the account of its inbox": "SELECT 1 FROM conversations AS c JOIN inboxes AS i"
    " ON i.id = c.inbox_id WHERE i.account_id <> c.account_id",
    "contact older than its conversation": "SELECT 1 FROM conversations AS c JOIN contacts AS p"
    " ON p.id = c.contact_id WHERE p.created_at > c.created_at OR p.account_id <> c.account_id",
    "event to a user who exists": "SELECT 1 FROM reporting_events AS e WHERE user_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM users WHERE id = e.user_id)",
    "reply to a message of the same conversation": "SELECT 1 FROM messages AS m JOIN messages AS r"
    " ON r.id = ((m.content_attributes #>> '{}')::jsonb ->> 'in_reply_to')::int"
    " WHERE r.conversation_id <> m.conversation_id OR r.id >= m.id",
    "label list to taggings": "SELECT 1 FROM conversations AS c"
    " WHERE coalesce(cached_label_list, '') <> coalesce((SELECT string_agg(g.name, ', ' ORDER BY t.id)"
    " FROM taggings AS t JOIN tags AS g ON g.id = t.tag_id"
    " WHERE t.taggable_id = c.id), '')",
    "tag's count": "SELECT 1 FROM tags AS g"
    " WHERE taggings_count <> (SELECT count(*) FROM taggings WHERE tag_id = g.id)",
}


@pytest.mark.parametrize("reference", REFERENCES)
def test_references_are_valid_where_chatwoot_keeps_them_valid(connection: psycopg.Connection, reference: str) -> None:
    assert connection.execute(f"{REFERENCES[reference]} LIMIT 1".encode()).fetchall() == []
