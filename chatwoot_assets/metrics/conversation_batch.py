"""Some conversations as extracted, and what several tables are made of: derived once, when it is asked for. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from chatwoot_assets.metrics.activity import read_activity
from chatwoot_assets.metrics.replies import mark_replies
from chatwoot_assets.metrics.status import openings, reopenings, resolutions


@dataclass(frozen=True)
class ConversationBatch:
    """What was extracted of some conversations, and what metrics are computed by.

    Attributes:
        conversations: the conversations of some days, or some of one day, with their conversation_date.
        messages: their messages.
        events: the reporting events that Chatwoot noted down of them.
        csat: their ratings, at most one row a conversation.
        zone: the reporting time zone, by its IANA name.
        bots: ids of users that are programs, though they write as agents do.
    """

    conversations: pl.DataFrame
    messages: pl.DataFrame
    events: pl.DataFrame
    csat: pl.DataFrame
    zone: str
    bots: Set[int] = frozenset()

    @cached_property
    def marked(self) -> pl.DataFrame:
        """The messages with what each of them is, as `mark_replies` returns them."""
        return mark_replies(self.messages, self.bots)

    @cached_property
    def activity(self) -> pl.DataFrame:
        """What the activity messages say, as `read_activity` returns it."""
        return read_activity(self.messages)

    @cached_property
    def resolutions(self) -> pl.DataFrame:
        """Each time that a conversation was resolved, as `status.resolutions` returns it."""
        return resolutions(self.activity, self.events)

    @cached_property
    def reopenings(self) -> pl.DataFrame:
        """The openings that ended a resolution, as `status.reopenings` returns them."""
        return reopenings(openings(self.activity, self.events), self.resolutions)
