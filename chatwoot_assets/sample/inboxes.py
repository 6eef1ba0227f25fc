"""The rows of inboxes, of their opening hours and of their bots."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chatwoot_assets.sample.plans import ACCOUNTS, InboxPlan
from chatwoot_assets.sample.size import SECOND, SampleSize
from chatwoot_assets.sample.vocabulary import GREETINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, object]


def bot_since(size: SampleSize) -> int:
    """Return when the bots are connected: after two fifths of the days."""
    return int(size.midnights[2 * size.days // 5])


def clock_offset(inbox: InboxPlan, size: SampleSize) -> int:
    """Return how far an inbox's clock is behind UTC, in microseconds."""
    noon = datetime.datetime.combine(size.last_day, datetime.time(12), ZoneInfo(inbox.timezone))
    return -round((noon.utcoffset() or datetime.timedelta()).total_seconds()) * SECOND


def opening_hours(inbox: InboxPlan) -> list[tuple[int, int]]:
    """Return an inbox's opening and closing hours, by day from Monday."""
    return [*inbox.hours, *[(0, 0)] * (7 - len(inbox.hours))]


def inbox_row(number: int, account: int, inbox: InboxPlan) -> Row:
    """Return the row of an inbox."""
    return {
        "id": number,
        "channel_id": number + 100,
        "channel_type": inbox.channel,
        "account_id": account + 1,
        "name": inbox.name,
        "timezone": inbox.timezone,
        "working_hours_enabled": bool(inbox.hours),
        "csat_survey_enabled": inbox.survey,
        "lock_to_single_conversation": inbox.endless,
        "greeting_enabled": inbox.greeting,
        "greeting_message": GREETINGS[0] if inbox.greeting else None,
        "email_address": f"caixa-{number}@example.com.br" if inbox.channel == "Channel::Email" else None,
    }


def week_rows(number: int, account: int, inbox: InboxPlan) -> Iterator[Row]:
    """Yield the seven rows that Chatwoot has for every inbox, used or not; its week starts on Sunday."""
    hours = opening_hours(inbox) if inbox.hours else [*[(9, 17)] * 5, (0, 0), (0, 0)]
    for day in range(7):
        opening, closing = hours[(day - 1) % 7]
        closed = opening == closing
        yield {
            "inbox_id": number,
            "account_id": account + 1,
            "day_of_week": day,
            "closed_all_day": closed,
            "open_hour": None if closed else opening,
            "open_minutes": None if closed else 0,
            "close_hour": None if closed else closing,
            "close_minutes": None if closed else 0,
        }


def bot_rows(inboxes: list[tuple[int, InboxPlan]], bots: dict[int, int]) -> Iterator[Row]:
    """Yield the rows of bots, which are given by the positions of their inboxes."""
    for position, bot in bots.items():
        account = inboxes[position][0]
        yield {
            "id": bot,
            "name": f"Robô {ACCOUNTS[account].name}",
            "account_id": account + 1,
            "outgoing_url": "https://robo.exemplo.invalid/eventos",
            "secret": f"not-a-secret-bot-{bot}",
        }


def bot_inbox_rows(inboxes: list[tuple[int, InboxPlan]], bots: dict[int, int], size: SampleSize) -> Iterator[Row]:
    """Yield the connections of bots to inboxes."""
    connected = datetime.datetime.fromtimestamp(bot_since(size) // SECOND, datetime.timezone.utc)
    for position, bot in bots.items():
        yield {
            "inbox_id": position + 1,
            "agent_bot_id": bot,
            "account_id": inboxes[position][0] + 1,
            "created_at": connected.replace(tzinfo=None),
        }
