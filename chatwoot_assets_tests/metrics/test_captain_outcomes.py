"""What came of Captain's engagements, from Chatwoot's table to the warehouse's view."""

from __future__ import annotations

import datetime

from chatwoot_assets_tests.project import Project

AT, DATE = "2025-03-10 13:00", datetime.date(2025, 3, 10)
UTC = datetime.timezone.utc


def test_each_engagement_is_a_row_and_follows_chatwoot(project: Project) -> None:
    with project.writing() as writer:
        engaged, other = writer.conversation(AT), writer.conversation(AT)
    with project.source() as connection:
        connection.execute(
            "INSERT INTO conversation_outcomes (id, account_id, assistant_id, conversation_id, inbox_id, started_at,"
            " episode_trigger, created_at, updated_at, captain_reply_count, handoff_at, handoff_reason_category)"
            " SELECT v.*, now(), now(), 2, CASE WHEN v.id = 3 THEN timestamp '2025-03-10 13:05' END,"
            " CASE WHEN v.id = 3 THEN 'customer_requested' END FROM conversations AS c CROSS JOIN LATERAL (VALUES"
            " (4, c.account_id, 9, c.id, c.inbox_id, timestamp '2025-03-12 10:00', 'reopen'),"
            " (3, c.account_id, 9, c.id, c.inbox_id, timestamp '2025-03-10 13:00', 'initial')"
            ") AS v (id, a, b, c, d, e, f) WHERE c.id = %s",
            [engaged],
        )
    project.load(DATE)
    query = (
        "SELECT conversation_id, outcome_id, began_by, started_at, captain_replies, handed_off_at, handoff_reason,"
        " resolved_at FROM captain_outcomes ORDER BY started_at"
    )
    first = datetime.datetime(2025, 3, 10, 13, tzinfo=UTC)
    handed_off = (first + datetime.timedelta(minutes=5), "customer_requested", None)
    again = datetime.datetime(2025, 3, 12, 10, tzinfo=UTC)
    with project.target() as connection:
        assert connection.execute(query).fetchall() == [
            (engaged, 3, "initial", first, 2, *handed_off),
            (engaged, 4, "reopen", again, 2, None, None, None),
        ]
        assert connection.execute(
            "SELECT conversation_id FROM conversation_facts WHERE captain_outcomes IS NULL"
        ).fetchall() == [(other,)]
    # Chatwoot writes it without touching the conversation.
    with project.source() as connection:
        connection.execute("UPDATE conversation_outcomes SET resolved_at = '2025-03-12 11:00' WHERE id = 4")
    project.load(DATE)
    with project.target() as connection:
        assert connection.execute(query).fetchall()[1][-1] == again + datetime.timedelta(hours=1)


def test_engagements_are_gone_with_their_conversation(project: Project) -> None:
    with project.writing() as writer:
        deleted, kept = writer.conversation(AT), writer.conversation(AT)
    with project.source() as connection:
        connection.execute(
            "INSERT INTO conversation_outcomes (account_id, assistant_id, conversation_id, inbox_id, started_at,"
            " ended_at, created_at, updated_at) SELECT account_id, 9, id, inbox_id, %s, 'infinity', now(), now()"
            " FROM conversations",
            [AT],
        )
    project.load(DATE)
    query = "SELECT conversation_id, ended_at FROM captain_outcomes ORDER BY 1"
    with project.target() as connection:
        assert connection.execute(query).fetchall() == [(deleted, None), (kept, None)]
    with project.source() as connection:
        connection.execute("DELETE FROM conversations WHERE id = %s", [deleted])
    project.load(DATE)
    with project.target() as connection:
        assert connection.execute(query).fetchall() == [(kept, None)]
