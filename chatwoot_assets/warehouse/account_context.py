"""The names and bots of all accounts, as of the last read of Chatwoot, and former names."""

from __future__ import annotations

import datetime

import psycopg

from chatwoot_assets.extract.account_context import AccountContext
from chatwoot_assets.masking import NO_MASK, Mask


def read_stored_context(connection: psycopg.Connection) -> AccountContext:
    """Return what is known about the accounts."""
    names = connection.execute("SELECT account_id, name, is_team FROM account_name").fetchall()
    bots = connection.execute("SELECT inbox_id, bot_since AT TIME ZONE 'UTC' FROM inbox_bot").fetchall()
    return AccountContext(frozenset(names), dict(bots))


def store_context(connection: psycopg.Connection, context: AccountContext, mask: Mask = NO_MASK) -> AccountContext:
    """Store what was read about the accounts, and return it with the former names.

    The days whose metrics depend on what changed count as differing, so that they are loaded again from their files.

    Args:
        connection: A session on the warehouse.
        context: What was read.
        mask: What was masked. Names that were stored before without this mask are deleted.
    """
    known = read_stored_context(connection)
    if raw := sorted({name for _, name, _ in known.names if not mask.covers(name)}):
        connection.execute("DELETE FROM account_name WHERE name = ANY(%s)", [raw])
        known = read_stored_context(connection)
    if context.names <= known.names and context.bot_inboxes == known.bot_inboxes:
        return known
    with connection.transaction():
        # Another run may store it at the same time.
        connection.execute("LOCK TABLE account_name IN SHARE ROW EXCLUSIVE MODE")
        known = read_stored_context(connection)
        _store_names(connection, sorted(context.names - known.names))
        _store_bots(connection, dict(context.bot_inboxes), dict(known.bot_inboxes))
    return AccountContext(known.names | context.names, context.bot_inboxes)


def _store_names(connection: psycopg.Connection, names: list[tuple[int, str, bool]]) -> None:
    if not names:
        return
    accounts, words, teams = (list(column) for column in zip(*names, strict=True))
    connection.execute(
        "INSERT INTO account_name (account_id, name, is_team)"
        " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::boolean[])",
        [accounts, words, teams],
    )
    # Only a sentence that contains one of the new names may now have another meaning.
    connection.execute(
        "UPDATE partition_state SET definition = NULL WHERE conversation_date IN ("
        " SELECT m.conversation_date FROM messages AS m"
        " INNER JOIN unnest(%s::bigint[], %s::text[]) AS new (account_id, name)"
        " ON m.account_id = new.account_id AND strpos(m.content, new.name) > 0"
        " WHERE m.message_type = 'activity')",
        [accounts, words],
    )


def _store_bots(
    connection: psycopg.Connection, bots: dict[int, datetime.datetime], known: dict[int, datetime.datetime]
) -> None:
    changed = sorted(inbox for inbox in bots.keys() | known.keys() if bots.get(inbox) != known.get(inbox))
    connection.execute("DELETE FROM inbox_bot WHERE inbox_id = ANY(%s)", [changed])
    added = [inbox for inbox in changed if inbox in bots]
    connection.execute(
        "INSERT INTO inbox_bot (inbox_id, bot_since)"
        " SELECT inbox_id, bot_since AT TIME ZONE 'UTC'"
        " FROM unnest(%s::bigint[], %s::timestamp[]) AS bots (inbox_id, bot_since)",
        [added, [bots[inbox] for inbox in added]],
    )
    connection.execute(
        "UPDATE partition_state SET definition = NULL WHERE conversation_date IN ("
        " SELECT conversation_date FROM conversation_facts WHERE inbox_id = ANY(%s))",
        [changed],
    )
