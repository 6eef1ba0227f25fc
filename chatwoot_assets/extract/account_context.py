"""The names and bots of accounts, which metrics need besides the conversations. There are few: all of them are read."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from chatwoot_assets.source.snapshot import Snapshot
from chatwoot_assets.sql_files import compose, sql_path

# An account's id, a name without a capital letter, and whether it is a team's (True) or a user's (False).
AccountName = tuple[int, str, bool]


@dataclass(frozen=True)
class AccountContext:
    """The names and bots of all accounts.

    Attributes:
        names: The names of users and teams that activity messages may confuse.
        bot_inboxes: The instant (naive UTC) since which a bot serves each inbox that has an active one, by its id.
    """

    names: frozenset[AccountName] = frozenset()
    bot_inboxes: Mapping[int, datetime.datetime] = field(default_factory=dict)

    @property
    def definition(self) -> str:
        """A string that changes whenever the context changes; empty for none."""
        if not self.names and not self.bot_inboxes:
            return ""
        text = repr((sorted(self.names), sorted(self.bot_inboxes.items())))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_account_context(source: Snapshot, schema: str) -> AccountContext:
    """Return the names and bots of all accounts as they are in a snapshot."""

    def read(name: str) -> list[tuple[object, ...]]:
        return source.read(compose(sql_path("extract", name), views_schema=schema)).rows()

    names = read("account_names.sql")
    return AccountContext(frozenset(names), dict(read("inbox_bots.sql")))  # type: ignore[arg-type]  # the queries state the types
