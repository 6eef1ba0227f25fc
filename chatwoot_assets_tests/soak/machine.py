"""Random histories: what Chatwoot does and what we do, in any order, with faults between."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field

import dagster as dg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chatwoot_assets_tests.soak import strategies
from chatwoot_assets_tests.soak.automation import Range
from chatwoot_assets_tests.soak.bench import DAYS_AGO, Bench
from chatwoot_assets_tests.soak.moments import at_call
from chatwoot_assets_tests.soak.runs import run_days
from chatwoot_assets_tests.soak.truth import broken_now, wrong_after_quiet, wrong_rows
from chatwoot_assets_tests.soak.workers import Command


@dataclass
class Tally:
    """What was done so far, over all histories."""

    steps: int = 0
    histories: int = 0
    done: dict[str, int] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def count(self, name: str) -> None:
        self.done[name] = self.done.get(name, 0) + 1


class SourceHistory(RuleBasedStateMachine):
    """What happens in Chatwoot."""

    bench: Bench
    tally: Tally

    def __init__(self) -> None:
        super().__init__()
        self.source = self.bench.source

    def at(self, drawn: tuple[int, str]) -> str:
        return strategies.moment(self.bench.start, drawn)

    @rule(at=strategies.moments, columns=strategies.conversations, late=strategies.lates)
    def conversation_begins(self, at: tuple[int, str], columns: dict[str, object], late: bool) -> None:
        self.source.conversation(self.at(at), late, **columns)

    @rule(
        number=strategies.numbers,
        at=strategies.moments,
        text=strategies.texts,
        sender=strategies.senders,
        private=strategies.flags,
        late=strategies.lates,
    )
    def message_is_written(
        self,
        number: int,
        at: tuple[int, str],
        text: str | None,
        sender: tuple[str, int, int],
        private: bool,
        late: bool,
    ) -> None:
        columns = {"sender_type": sender[0], "sender_id": sender[1], "message_type": sender[2], "private": private}
        self.source.message(number, self.at(at), late, content=text, **columns)

    @rule(number=strategies.numbers, at=strategies.moments, rating=strategies.ratings, late=strategies.lates)
    def conversation_is_rated(self, number: int, at: tuple[int, str], rating: int, late: bool) -> None:
        self.source.rating(number, self.at(at), rating, late)

    @rule(
        number=strategies.numbers,
        columns=strategies.conversations,
        touch=st.none() | strategies.moments,
        late=strategies.lates,
    )
    def conversation_changes(
        self, number: int, columns: dict[str, object], touch: tuple[int, str] | None, late: bool
    ) -> None:
        self.source.update("conversations", number, columns, self.at(touch) if touch else None, late)

    @rule(number=strategies.numbers, at=st.none() | strategies.moments)
    def first_reply_is_set(self, number: int, at: tuple[int, str] | None) -> None:
        self.source.update("conversations", number, {"first_reply_created_at": self.at(at) if at else None}, None)

    @rule(number=strategies.numbers, at=strategies.moments)
    def conversation_moves_to_another_day(self, number: int, at: tuple[int, str]) -> None:
        self.source.update("conversations", number, {"created_at": self.at(at)}, None)

    @rule(number=strategies.numbers, text=strategies.texts, touch=st.none() | strategies.moments, late=strategies.lates)
    def message_is_edited(self, number: int, text: str | None, touch: tuple[int, str] | None, late: bool) -> None:
        self.source.update("messages", number, {"content": text}, self.at(touch) if touch else None, late)

    @rule(number=strategies.numbers, at=strategies.moments)
    def message_is_dated_anew(self, number: int, at: tuple[int, str]) -> None:
        self.source.update("messages", number, {"created_at": self.at(at)}, None)

    @rule(number=strategies.numbers, encoded_twice=strategies.flags, late=strategies.lates)
    def message_is_soft_deleted(self, number: int, encoded_twice: bool, late: bool) -> None:
        self.source.soft_delete(number, encoded_twice, late)

    @rule(number=strategies.numbers, late=strategies.lates)
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

    @rule(number=strategies.numbers, at=strategies.moments, name=strategies.events, late=strategies.lates)
    def event_is_noted(self, number: int, at: tuple[int, str], name: str, late: bool) -> None:
        self.source.event(number, self.at(at), name, late)

    @rule(number=strategies.numbers)
    def event_is_destroyed(self, number: int) -> None:
        self.source.delete("reporting_events", number)

    @rule(number=strategies.numbers, tag=strategies.tags)
    def label_is_put_or_taken(self, number: int, tag: int) -> None:
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
    def somebody_is_renamed(self, table: str, number: int, name: str) -> None:
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
        self.source.empty_days(self.at((first, "03:00")), self.at((last + 1, "03:00")))

    @rule(commit=st.sampled_from([True, True, False]))
    def late_transaction_ends(self, commit: bool) -> None:
        self.source.finish_late(commit=commit)


class History(SourceHistory):
    """What happens in Chatwoot, and what we do meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.instance = dg.DagsterInstance.ephemeral()
        self.cursor: str | None = None

    @initialize(loaded=strategies.flags)
    def begin(self, loaded: bool) -> None:
        self.tally.histories += 1
        self.bench.begin()
        self.source.populate(self.bench.populated)
        if loaded:
            self.run_all(self.bench.night())

    def teardown(self) -> None:
        try:
            self.a_quiet_pass()
        finally:
            self.source.finish_late(commit=False)
            self.instance.dispose()

    def range(self, days: list[int]) -> Range:
        first, last = (self.bench.start + datetime.timedelta(days=number) for number in days)
        return first, last

    def run(self, first: datetime.date, last: datetime.date, *, force: bool = False) -> None:
        """Run days; whatever happens meanwhile, it is done in the end, by as many tries as are allowed."""
        outcome = run_days(self.bench.project, first, last, force=force, instance=self.instance)
        self.tally.count("runs here")
        self.must_be_none(outcome.errors)
        assert outcome.success

    @rule()
    def minute_passes(self) -> None:
        ranges, self.cursor = self.bench.tick(self.instance, self.cursor)
        self.run_all(ranges)
        self.tally.count("minutes")

    @rule()
    def night_passes(self) -> None:
        self.run_all(self.bench.night())
        self.tally.count("nights")

    @rule(quiet=strategies.flags)
    def hour_passes(self, quiet: bool) -> None:
        """What failed is forgotten: it may be asked for again. The hour may be a quiet one."""
        self.instance.dispose()
        self.instance = dg.DagsterInstance.ephemeral()
        if quiet:
            self.a_quiet_pass()

    @rule()
    def quiet_hour_passes(self) -> None:
        """Nothing happens in Chatwoot for two turns of passes: in the first more may be found than is asked for."""
        self.instance.dispose()
        self.instance = dg.DagsterInstance.ephemeral()
        for _ in range(2 * DAYS_AGO):
            self.minute_passes()
        self.must_be_none(wrong_rows(self.bench.project, self.bench.today))
        self.tally.count("quiet hours")

    def a_quiet_pass(self) -> None:
        self.run_all(self.bench.night())
        assert self.bench.night() == []
        wrong = wrong_after_quiet(self.bench.project, self.bench.today)
        self.must_be_none(wrong)
        self.tally.count("quiet passes")

    def run_all(self, ranges: list[Range]) -> None:
        for first, last in ranges:
            self.run(first, last)

    @rule(days=strategies.ranges, force=strategies.flags, call=strategies.calls)
    def run_is_killed(self, days: list[int], force: bool, call: int) -> None:
        command = Command.of(self.bench.project, *self.range(days), force=force, kill_at_call=call)
        outcome = self.bench.worker.run(command)
        self.must_be_none(outcome.errors if outcome else [])
        self.tally.count("killed" if outcome is None else "done before the kill")

    @rule(
        days=strategies.ranges,
        force=strategies.flags,
        fault=strategies.faults,
        call=strategies.calls,
        number=strategies.numbers,
    )
    def days_are_backfilled(self, days: list[int], force: bool, fault: str, call: int, number: int) -> None:
        self.tally.count(fault)
        actions = {
            "source drops us": self.source.terminate_readers,
            "target drops us": self.bench.terminate_loads,
            "target restarts": self.bench.restart_target,
            "source changes": lambda: self.source.delete_conversation(number, children=True),
            "no fault": lambda: None,
        }
        with at_call(call, actions[fault]):
            self.run(*self.range(days), force=force)

    @invariant()
    def no_day_is_ever_half(self) -> None:
        self.tally.steps += 1
        self.must_be_none(broken_now(self.bench.target()))

    def must_be_none(self, found: list[str]) -> None:
        """Fail where something was found; from then on, shorter histories are tried."""
        if found:
            self.tally.count("times something was wrong")
        assert not found, "\n".join(found)
