"""Accounts and their configuration: users, teams, inboxes, labels, working hours and bots.

The rows of these small tables, and the arrays by position that conversations are drawn from. Contacts, of which there
are many, are in `contacts.py`.
"""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample.attributes import definition_rows
from chatwoot_assets.sample.inboxes import (
    Row,
    bot_inbox_rows,
    bot_rows,
    bot_since,
    clock_offset,
    inbox_row,
    opening_hours,
    week_rows,
)
from chatwoot_assets.sample.plans import ACCOUNTS, AccountPlan, InboxPlan
from chatwoot_assets.sample.size import HOUR, Bools, Floats, Ints, SampleSize
from chatwoot_assets.sample.vocabulary import FIRST_NAMES, LAST_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUPER_ADMIN = 1
# The position, among the agents of an account, of the one whose name is in lower case.
LOWER_CASE_AGENT = 1


@dataclass(frozen=True)
class People:
    """What conversations are drawn from. Accounts and inboxes are positions, everything else are Chatwoot's ids.

    Attributes:
        frames: The rows of each small table.
        agents, teams, tags: Ids by account, padded with 0; their numbers are in `*_count`.
        bot_since: When the bots were connected to their inboxes, in microseconds since 1970.
        team_gone: The id of each account's deleted team.
        user_name, user_gone: By user id.
        inbox_offset: How far each inbox's clock is behind UTC, in microseconds.
        inbox_hours: The opening and closing by inbox and day from Monday, in microseconds after midnight.
    """

    frames: dict[str, pl.DataFrame]
    account_share: Floats
    agents: Ints
    agents_count: Ints
    teams: Ints
    teams_count: Ints
    team_gone: Ints
    tags: Ints
    tags_count: Ints
    tag_name: list[str]
    user_name: list[str]
    user_gone: Bools
    inbox_id: Ints
    inbox_account: Ints
    inbox_share: Floats
    inbox_gone: Bools
    inbox_survey: Bools
    inbox_greeting: Bools
    inbox_bot: Ints
    inbox_endless: Bools
    bot_since: int
    inbox_channel: list[str]
    inbox_offset: Ints
    inbox_hours: Ints
    inbox_has_hours: Bools


@dataclass(frozen=True)
class User:
    """An agent or administrator; `account` is a position, -1 for the administrator of all accounts."""

    id: int
    account: int
    name: str
    administrator: bool
    gone: bool


def create_people(size: SampleSize) -> People:
    """Create the small tables of a sample."""
    inboxes = [(account, inbox) for account, plan in enumerate(ACCOUNTS) for inbox in plan.inboxes]
    bots = {position: number for number, position in enumerate(_with_bot(inboxes), start=1)}
    users = list(_users(size))
    teams = _numbered(lambda plan: plan.teams)
    tag_name = sorted({label for plan in ACCOUNTS for label in plan.labels})
    agents, agents_count = _table([[u.id for u in users if u.account == a] for a in range(len(ACCOUNTS))])
    team_ids, teams_count = _table([[number for number, _ in own[:-1]] for own in teams])
    tags, tags_count = _table([[tag_name.index(label) + 1 for label in plan.labels] for plan in ACCOUNTS])
    return People(
        frames=_frames(size, users, teams, inboxes, bots),
        account_share=np.array([plan.share for plan in ACCOUNTS]),
        agents=agents,
        agents_count=agents_count,
        teams=team_ids,
        teams_count=teams_count,
        team_gone=np.array([own[-1][0] for own in teams]),
        tags=tags,
        tags_count=tags_count,
        tag_name=tag_name,
        user_name=["", *(user.name for user in users)],
        user_gone=np.array([False, *(user.gone for user in users)]),
        inbox_id=np.arange(1, len(inboxes) + 1),
        inbox_account=np.array([account for account, _ in inboxes]),
        inbox_share=np.array([inbox.share for _, inbox in inboxes]),
        inbox_gone=np.array([inbox.gone for _, inbox in inboxes]),
        inbox_survey=np.array([inbox.survey for _, inbox in inboxes]),
        inbox_greeting=np.array([inbox.greeting for _, inbox in inboxes]),
        inbox_bot=np.array([bots.get(position, 0) for position in range(len(inboxes))]),
        inbox_endless=np.array([inbox.endless for _, inbox in inboxes]),
        bot_since=bot_since(size),
        inbox_offset=np.array([clock_offset(inbox, size) for _, inbox in inboxes]),
        inbox_channel=[inbox.channel for _, inbox in inboxes],
        inbox_hours=np.array([opening_hours(inbox) for _, inbox in inboxes]) * HOUR,
        inbox_has_hours=np.array([bool(inbox.hours) for _, inbox in inboxes]),
    )


def _with_bot(inboxes: list[tuple[int, InboxPlan]]) -> list[int]:
    return [position for position, (_, inbox) in enumerate(inboxes) if inbox.bot]


def _numbered(names: Callable[[AccountPlan], tuple[str, ...]]) -> list[list[tuple[int, str]]]:
    """Number names over all accounts, from 1."""
    ids = iter(range(1, 1000))
    return [[(next(ids), name) for name in names(plan)] for plan in ACCOUNTS]


def _table(rows: list[list[int]]) -> tuple[Ints, Ints]:
    longest = max(len(row) for row in rows)
    table = np.array([row + [0] * (longest - len(row)) for row in rows])
    return table, np.array([len(row) for row in rows])


def _users(size: SampleSize) -> Iterator[User]:
    """Yield the users: in each account an administrator, a deleted user, and agents according to the load."""
    rng = size.random(0)
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    drawn = iter(rng.permutation(len(names)).tolist())
    yield User(SUPER_ADMIN, -1, names[next(drawn)], administrator=True, gone=False)
    number = SUPER_ADMIN
    for account, plan in enumerate(ACCOUNTS):
        agents = min(20, 6 + round(plan.share * size.conversations / 6000))
        for place in range(agents + 1):
            number += 1
            name = names[next(drawn)]
            # One agent has a name without capital letters, as Chatwoot stores the names of teams.
            name = name.lower() if place == LOWER_CASE_AGENT else name
            yield User(number, account, name, administrator=place == 0, gone=place == 3)


def _frames(
    size: SampleSize,
    users: list[User],
    teams: list[list[tuple[int, str]]],
    inboxes: list[tuple[int, InboxPlan]],
    bots: dict[int, int],
) -> dict[str, pl.DataFrame]:
    first_day = size.last_day - datetime.timedelta(days=size.days - 1)
    # Long before the first conversation, and with a fraction of a second.
    opened = datetime.datetime.combine(first_day, datetime.time(14, 3, 27, 518_204)) - datetime.timedelta(90)
    stamps: Row = {"created_at": opened, "updated_at": opened}
    present = [user for user in users if not user.gone]
    kept = [(position, account, inbox) for position, (account, inbox) in enumerate(inboxes) if not inbox.gone]
    rows: dict[str, list[Row]] = {
        "accounts": [
            {"id": number, "name": plan.name, "locale": 17, "settings": plan.settings}
            for number, plan in enumerate(ACCOUNTS, start=1)
        ],
        "users": [_user_row(user, opened) for user in present],
        "account_users": list(_memberships(present, opened)),
        "teams": [
            {"name": name, "description": f"Equipe de {name}", "account_id": account, "id": number}
            for account, own in enumerate(teams, start=1)
            for number, name in own[:-1]
        ],
        "team_members": list(_team_members(present, teams)),
        "inboxes": [inbox_row(position + 1, account, inbox) for position, account, inbox in kept],
        "working_hours": [row for position, account, inbox in kept for row in week_rows(position + 1, account, inbox)],
        "labels": [
            {"title": label, "color": f"#1f93{account:02x}", "show_on_sidebar": True, "account_id": account}
            for account, plan in enumerate(ACCOUNTS, start=1)
            for label in plan.labels
        ],
        "agent_bots": list(bot_rows(inboxes, bots)),
        "agent_bot_inboxes": list(bot_inbox_rows(inboxes, bots, size)),
        "custom_attribute_definitions": list(definition_rows()),
    }
    return {
        table: pl.DataFrame(
            [{"id": number, **stamps, **row} for number, row in enumerate(table_rows, start=1)],
            infer_schema_length=None,
        )
        for table, table_rows in rows.items()
    }


def _user_row(user: User, opened: datetime.datetime) -> Row:
    """Return the row of a user, with a value in each column that must never leave the database."""
    address = f"{_plain(user.name)}.{user.id}@example.com.br"
    return {
        "id": user.id,
        "uid": address,
        "email": address,
        "name": user.name,
        "display_name": user.name.split()[0] if user.id % 2 else None,
        "type": "SuperAdmin" if user.id == SUPER_ADMIN else None,
        "sign_in_count": user.id * 7 % 50,
        "current_sign_in_ip": "192.0.2.10",
        "confirmed_at": opened,
        "encrypted_password": f"not-a-secret-password-{user.id}",
        "tokens": f'{{"not-a-secret-client-{user.id}": {{"token": "not-a-secret-token-{user.id}"}}}}',
        "reset_password_token": f"not-a-secret-reset-{user.id}",
        "confirmation_token": f"not-a-secret-confirmation-{user.id}",
        "pubsub_token": f"not-a-secret-pubsub-{user.id}",
        "otp_secret": f"not-a-secret-otp-{user.id}",
        "otp_backup_codes": f"not-a-secret-backup-{user.id}",
    }


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return letters.replace(" ", ".")


def _memberships(users: list[User], opened: datetime.datetime) -> Iterator[Row]:
    for user in users:
        accounts = range(len(ACCOUNTS)) if user.account < 0 else [user.account]
        for account in accounts:
            yield {
                "account_id": account + 1,
                "user_id": user.id,
                "role": int(user.administrator),
                "inviter_id": SUPER_ADMIN if user.id != SUPER_ADMIN else None,
                "availability": user.id % 3,
                "active_at": opened,
            }


def _team_members(users: list[User], teams: list[list[tuple[int, str]]]) -> Iterator[Row]:
    for user in users:
        if user.account >= 0:
            own = [number for number, _ in teams[user.account][:-1]]
            for team in {own[user.id % len(own)], own[user.id // 2 % len(own)]}:
                yield {"team_id": team, "user_id": user.id}
