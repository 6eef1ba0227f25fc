"""A batch of extracted conversations, and the frames that several tables share."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from chatwoot_assets.conversations.transform import latest_ratings
from chatwoot_assets.holiday_calendar import HolidayCalendar
from chatwoot_assets.masking import NO_MASK, Mask
from chatwoot_assets.metrics.activity import NAMES, as_in_sentences, read_activity
from chatwoot_assets.metrics.assignments import find_assignments
from chatwoot_assets.metrics.imports import leave_out_imports
from chatwoot_assets.metrics.replies import find_reply_times, mark_replies
from chatwoot_assets.metrics.runaways import leave_out_runaways
from chatwoot_assets.metrics.status import find_openings, find_reopenings, find_resolutions
from chatwoot_assets.metrics.status_changes import find_status_changes
from chatwoot_assets.target_rules import TargetRules

DEFAULT_EPISODE_GAP = datetime.timedelta(hours=24)

# Selects the rows of a frame that belong to some conversations; the second argument is the column with their ids.
Selection = Callable[[pl.DataFrame, str], pl.DataFrame]


@dataclass(frozen=True)
class ConversationBatch:
    """Extracted rows of some conversations, and the rules by which their metrics are computed.

    Frames that several tables share are derived on first use and then kept.

    Attributes:
        conversations: The conversations of some days, or a part of one day, with their conversation_date.
        messages: Their messages.
        events: Chatwoot's reporting events about them.
        csat: Their ratings, one row per response.
        zone: The IANA name of the reporting time zone.
        bots: Ids of users that are programs, although they write as agents do.
        active_bot_inboxes: Since when a bot serves each inbox that has an active one, by the inbox's id.
        names: The names of the accounts' users and teams, as `read_activity` takes them. It may be empty.
        episode_gap: How long a resolution must last before what follows begins a new episode; with 0 every resolution
            ends one.
        holidays: When inboxes are closed, regardless of their business hours.
        targets: Within which time replies and resolutions are due.
        imported_before: The instant before which everything was imported; None if nothing was.
        mask: What was masked before it was read.
        runaway_messages: A conversation with more messages does not count in response times; 0 for no such limit.
    """

    conversations: pl.DataFrame
    messages: pl.DataFrame
    events: pl.DataFrame
    csat: pl.DataFrame
    zone: str
    bots: Set[int] = frozenset()
    active_bot_inboxes: Mapping[int, datetime.datetime] = field(default_factory=dict)
    names: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NAMES))
    episode_gap: datetime.timedelta = DEFAULT_EPISODE_GAP
    holidays: HolidayCalendar = field(default_factory=HolidayCalendar)
    targets: TargetRules = field(default_factory=TargetRules)
    imported_before: datetime.datetime | None = None
    mask: Mask = NO_MASK
    runaway_messages: int = 0

    def select(self, rows_of: Selection) -> ConversationBatch:
        """Return a batch of some of the conversations, whose shared frames are parts of these."""
        part = replace(
            self,
            conversations=rows_of(self.conversations, "id"),
            messages=rows_of(self.messages, "conversation_id"),
            events=rows_of(self.events, "conversation_id"),
            csat=rows_of(self.csat, "conversation_id"),
        )
        for name, attribute in vars(type(self)).items():
            if isinstance(attribute, cached_property):
                vars(part)[name] = rows_of(getattr(self, name), "conversation_id")
        return part

    @cached_property
    def marked_messages(self) -> pl.DataFrame:
        """The messages without their content, with the columns that `mark_replies` adds.

        Imported messages, and those of runaway threads, are neither questions nor human replies.
        """
        reply_times = find_reply_times(self.conversations, self.events)
        marked = mark_replies(self.messages.drop("content"), self.bots, reply_times)
        marked = leave_out_runaways(marked, self.runaway_messages)
        return leave_out_imports(marked, self.conversations, self.events, self.imported_before)

    @cached_property
    def latest_ratings(self) -> pl.DataFrame:
        """The latest rating of each rated conversation, as `latest_ratings` returns them."""
        return latest_ratings(self.csat)

    @cached_property
    def activity(self) -> pl.DataFrame:
        """The changes that the activity messages report, as `read_activity` returns them."""
        return read_activity(self.messages, self.conversations, self.names, self.mask)

    @cached_property
    def resolutions(self) -> pl.DataFrame:
        """Each time a conversation was resolved, as `find_resolutions` returns them."""
        return find_resolutions(self.activity, self.events, self.conversations)

    @cached_property
    def reopenings(self) -> pl.DataFrame:
        """The openings that ended a resolution, as `find_reopenings` returns them."""
        return find_reopenings(find_openings(self.activity, self.events), self.resolutions)

    @cached_property
    def status_changes(self) -> pl.DataFrame:
        """The history of each conversation's status, as `find_status_changes` returns it."""
        return find_status_changes(
            self.conversations,
            self.resolutions,
            self.activity,
            self.events,
            self.marked_messages,
            self.active_bot_inboxes,
        )

    @cached_property
    def assignments(self) -> pl.DataFrame:
        """How each conversation passed from one agent to another, as `find_assignments` returns it."""
        return find_assignments(
            as_in_sentences(self.conversations, self.mask),
            self.activity,
            self.events,
            self.marked_messages,
            self.resolutions,
            self.status_changes,
        )
