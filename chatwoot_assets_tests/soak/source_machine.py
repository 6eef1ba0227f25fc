"""The changes in Chatwoot that random histories are made of."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from chatwoot_assets_tests.soak import strategies
from chatwoot_assets_tests.soak.environment import SoakEnvironment


@dataclass
class Tally:
    """Counters over all histories.

    Attributes:
        steps: How many steps were taken.
        histories: How many histories were begun.
        counts: How often each kind of thing happened.
        started: When the first history began, by `time.monotonic()`.
    """

    steps: int = 0
    histories: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def count(self, name: str) -> None:
        """Count one occurrence."""
        self.counts[name] = self.counts.get(name, 0) + 1


class SourceMachine(RuleBasedStateMachine):
    """Changes in Chatwoot."""

    environment: SoakEnvironment
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.source = self.environment.source

    def format(self, instant: strategies.Instant) -> str:
        """Return an instant of this history as text."""
        return strategies.format_instant(self.environment.start, instant)

    @rule(instant=strategies.instants, columns=strategies.conversations, late=strategies.late_flags)
    def conversation_begins(self, instant: strategies.Instant, columns: dict[str, object], late: bool) -> None:
        self.source.conversation(self.format(instant), late, **columns)

    @rule(
        number=strategies.numbers,
        instant=strategies.instants,
        text=strategies.texts,
        sender=strategies.senders,
        private=strategies.flags,
        late=strategies.late_flags,
    )
    def message_is_written(
        self,
        number: int,
        instant: strategies.Instant,
        text: str | None,
        sender: tuple[str, int, int],
        private: bool,
        late: bool,
    ) -> None:
        columns = {"sender_type": sender[0], "sender_id": sender[1], "message_type": sender[2], "private": private}
        self.source.message(number, self.format(instant), late, content=text, **columns)

    @rule(number=strategies.numbers, instant=strategies.instants, rating=strategies.ratings, late=strategies.late_flags)
    def conversation_is_rated(self, number: int, instant: strategies.Instant, rating: int, late: bool) -> None:
        self.source.rating(number, self.format(instant), rating, late)

    @rule(
        number=strategies.numbers,
        columns=strategies.conversations,
        touch=st.none() | strategies.instants,
        late=strategies.late_flags,
    )
    def conversation_changes(
        self, number: int, columns: dict[str, object], touch: strategies.Instant | None, late: bool
    ) -> None:
        self.source.update("conversations", number, columns, self.format(touch) if touch else None, late)

    @rule(number=strategies.numbers, instant=st.none() | strategies.instants)
    def first_reply_is_set(self, number: int, instant: strategies.Instant | None) -> None:
        self.source.update(
            "conversations", number, {"first_reply_created_at": self.format(instant) if instant else None}, None
        )

    @rule(number=strategies.numbers, instant=strategies.instants)
    def conversation_moves_to_another_day(self, number: int, instant: strategies.Instant) -> None:
        self.source.update("conversations", number, {"created_at": self.format(instant)}, None)

    @rule(
        number=strategies.numbers,
        text=strategies.texts,
        touch=st.none() | strategies.instants,
        late=strategies.late_flags,
    )
    def message_is_edited(self, number: int, text: str | None, touch: strategies.Instant | None, late: bool) -> None:
        self.source.update("messages", number, {"content": text}, self.format(touch) if touch else None, late)

    @rule(number=strategies.numbers, instant=strategies.instants)
    def message_time_changes(self, number: int, instant: strategies.Instant) -> None:
        self.source.update("messages", number, {"created_at": self.format(instant)}, None)

    @rule(number=strategies.numbers, encoded_twice=strategies.flags, late=strategies.late_flags)
    def message_is_soft_deleted(self, number: int, encoded_twice: bool, late: bool) -> None:
        self.source.soft_delete(number, encoded_twice, late)

    @rule(number=strategies.numbers, late=strategies.late_flags)
    def message_is_deleted(self, number: int, late: bool) -> None:
        self.source.delete("messages", number, late)

    @rule(number=strategies.numbers, children=strategies.flags)
    def conversation_is_deleted(self, number: int, children: bool) -> None:
        self.source.delete_conversation(number, children)

    @rule(number=strategies.numbers, rating=strategies.ratings)
    def rating_changes(self, number: int, rating: int) -> None:
        changes = {"rating": rating, "feedback_message": f"nota {rating}"}
        self.source.update("csat_survey_responses", number, changes, None)

    @rule(number=strategies.numbers)
    def rating_is_deleted(self, number: int) -> None:
        self.source.delete("csat_survey_responses", number)

    @rule(number=strategies.numbers, instant=strategies.instants, name=strategies.events, late=strategies.late_flags)
    def event_is_written(self, number: int, instant: strategies.Instant, name: str, late: bool) -> None:
        self.source.event(number, self.format(instant), name, late)

    @rule(number=strategies.numbers)
    def event_is_deleted(self, number: int) -> None:
        self.source.delete("reporting_events", number)

    @rule(number=strategies.numbers, tag=strategies.tags)
    def label_is_added_or_removed(self, number: int, tag: int) -> None:
        self.source.label(number, tag)

    @rule(inbox=strategies.inboxes, weekday=st.integers(0, 6), closes=st.integers(600, 1440))
    def opening_hours_change(self, inbox: int, weekday: int, closes: int) -> None:
        self.source.opening_hours(inbox, weekday, closes)

    @rule(kept=strategies.numbers, merged=strategies.numbers)
    def contacts_are_merged(self, kept: int, merged: int) -> None:
        self.source.merge_contacts(kept, merged)

    @rule(
        table=st.sampled_from(["contacts", "users", "inboxes"]), number=strategies.numbers, name=st.sampled_from("ABCD")
    )
    def person_or_inbox_is_renamed(self, table: str, number: int, name: str) -> None:
        self.source.update(table, number, {"name": name}, None)

    @rule()
    def agent_is_added(self) -> None:
        self.source.add_agent()

    @rule(number=strategies.numbers, senders=strategies.flags)
    def agent_is_removed(self, number: int, senders: bool) -> None:
        self.source.remove_agent(number, senders)

    @rule(days=strategies.ranges)
    def days_become_empty(self, days: list[int]) -> None:
        first, last = days[0], min(days[1], days[0] + 1)
        self.source.empty_days(self.format((first, "03:00")), self.format((last + 1, "03:00")))

    @rule(commit=st.sampled_from([True, True, False]))
    def late_transaction_ends(self, commit: bool) -> None:
        self.source.finish_late(commit=commit)
