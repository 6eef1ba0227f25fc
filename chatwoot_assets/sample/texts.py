"""The texts of messages, as series from which whole blocks of messages gather them by position.

The content of a message is a head (a form of address), a text and a tail (a detail or a name). Which of them a message
gets is decided in `messages.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chatwoot_assets.sample import vocabulary as words
from chatwoot_assets.sample.mails import LINKS_PER_LONG_MAIL, LINKS_PER_MAIL, mail_attributes
from chatwoot_assets.sample.plans import ACCOUNTS
from chatwoot_assets.sample.timelines import (
    AGENT,
    ASSIGNED,
    AUTOMATION,
    BOT,
    CAPTAIN,
    CONTACT,
    ECHO,
    GREETING,
    KINDS,
    LABELLED,
    NOTE,
    REOPENED,
    RESOLVED,
    SNOOZED,
    SURVEY,
)

if TYPE_CHECKING:
    from chatwoot_assets.sample.people import People
    from chatwoot_assets.sample.size import Ints

OPENING = KINDS  # a contact's first message has texts of its own, but is not a kind of message


def double_encoded(value: object) -> str:
    """Return JSON as Chatwoot stores it in messages: a JSON string that contains JSON."""
    return json.dumps(json.dumps(value, ensure_ascii=False), ensure_ascii=False)


_MENU = {"items": [{"title": "Acompanhar pedido", "value": "1"}, {"title": "Falar com atendente", "value": "2"}]}
PLAIN, NULL, EMPTY, AUTOMATED, ECHOED, DELETED, MENU, SURVEYED, EMAIL = 0, 1, 2, 3, 4, 5, 6, 7, 13
SUBJECTS = 5
WHOLE_MAIL = EMAIL + SUBJECTS * len(ACCOUNTS)
LONG_MAIL = WHOLE_MAIL + len(ACCOUNTS)
ATTRIBUTES = pl.Series(
    [
        "{}",
        None,
        double_encoded({}),
        double_encoded({"automation_rule_id": 3}),
        double_encoded({"external_echo": True}),
        double_encoded({"deleted": True}),
        double_encoded(_MENU),
        double_encoded({"display_type": "emoji"}),
        *(double_encoded({"submitted_values": {"csat_survey_response": {"rating": rating}}}) for rating in range(1, 6)),
        *(
            double_encoded({"email": {"subject": subject, "from": ["contato@example.com"]}})
            for plan in ACCOUNTS
            for subject in plan.phrases.subjects
        ),
        *(
            double_encoded(mail_attributes(number, plan.phrases.subjects[0], plan.phrases.openings[0], links))
            for links in (LINKS_PER_MAIL, LINKS_PER_LONG_MAIL)
            for number, plan in enumerate(ACCOUNTS)
        ),
    ]
)


class Texts:
    """All texts of a sample: the series of heads, texts and tails."""

    def __init__(self, people: People) -> None:
        """Arrange the texts."""
        mentions = [f"[@{name}](mention://user/{user}/{name}) " for user, name in enumerate(people.user_name)]
        self.heads = pl.Series(["", *(f"Olá, {name}! " for name in words.FIRST_NAMES), *mentions])
        self.greeting = 1
        self.mention = 1 + len(words.FIRST_NAMES)
        # User 0 is none; messages without an agent name the system.
        names = [words.SYSTEM_NAME, *people.user_name[1:]]
        details = [*words.DETAILS, *words.NUMBERED]
        self.tails = pl.Series([*details, *names])
        self.numbered = len(words.DETAILS)
        self.name = len(details)
        slots = [_slot(kind, account) for kind in range(KINDS + 1) for account in range(len(ACCOUNTS))]
        self.texts = pl.Series([text for slot in slots for text in slot])
        counts = np.array([len(slot) for slot in slots])
        self._counts = counts.reshape(KINDS + 1, -1)
        self._starts = (np.cumsum(counts) - counts).reshape(KINDS + 1, -1)

    def pick(self, rng: np.random.Generator, kind: Ints, account: Ints) -> Ints:
        """Draw a text for each kind and account."""
        count = self._counts[kind, account]
        chosen: Ints = self._starts[kind, account] + (rng.random(len(kind)) * count).astype(np.int64)
        return chosen


def _slot(kind: int, account: int) -> tuple[str, ...]:
    """Return the texts of a kind of message in an account."""
    phrases = ACCOUNTS[account].phrases
    slots = {
        OPENING: phrases.openings,
        CONTACT: phrases.follow_ups + words.SMALL_TALK,
        AGENT: phrases.answers + words.POLITE,
        ECHO: phrases.answers,
        NOTE: phrases.notes,
        GREETING: words.GREETINGS,
        BOT: words.BOT_LINES,
        CAPTAIN: words.CAPTAIN_LINES,
        AUTOMATION: words.AUTOMATION_LINES,
        ASSIGNED: words.ASSIGNED_LINES,
        RESOLVED: words.RESOLVED_LINES,
        SURVEY: words.SURVEY_LINES,
        REOPENED: words.REOPENED_LINES,
        LABELLED: words.LABELLED_LINES,
        SNOOZED: words.SNOOZED_LINES,
    }
    return slots[kind]
