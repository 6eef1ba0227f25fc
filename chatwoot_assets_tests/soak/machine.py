"""The state machine of random histories: changes in Chatwoot, runs and faults, in any order."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from chatwoot_assets_tests.soak import strategies
from chatwoot_assets_tests.soak.automation import Range
from chatwoot_assets_tests.soak.environment import DAYS_AGO
from chatwoot_assets_tests.soak.interruption import interrupt_at_call
from chatwoot_assets_tests.soak.kill_points import CHANGE_KILL_POINTS
from chatwoot_assets_tests.soak.reference_state import find_differences, find_inconsistencies, find_wrong_rows
from chatwoot_assets_tests.soak.runs import run_days
from chatwoot_assets_tests.soak.source_machine import SourceMachine
from chatwoot_assets_tests.soak.worker_client import Command


class SoakMachine(SourceMachine):
    """Changes in Chatwoot, mixed with runs and faults."""

    @initialize(loaded=strategies.flags)
    def begin(self, loaded: bool) -> None:
        self.tally.histories += 1
        self.environment.reset()
        self.source.populate(self.environment.populated_dates)
        if loaded:
            self.run_all(self.environment.compare_everything())

    def teardown(self) -> None:
        try:
            self.scan_quietly()
        finally:
            self.source.finish_late(commit=False)

    def to_range(self, days: list[int]) -> Range:
        """Return the dates of the first and the last day."""
        first, last = (self.environment.start + datetime.timedelta(days=number) for number in days)
        return first, last

    def run(self, first: datetime.date, last: datetime.date, *, force: bool = False) -> None:
        """Run days; they must succeed within the allowed retries."""
        instance = self.environment.dagster.instance
        outcome = run_days(self.environment.project, first, last, force=force, instance=instance)
        self.tally.count("runs in this process")
        self.assert_none(outcome.errors)
        assert outcome.success

    @rule()
    def minute_passes(self) -> None:
        ranges = self.environment.evaluate_sensor()
        self.run_all(ranges)
        self.tally.count("minutes")

    @rule()
    def night_passes(self) -> None:
        self.run_all(self.environment.compare_everything())
        self.tally.count("nights")

    @rule(quiet=strategies.flags)
    def hour_passes(self, quiet: bool) -> None:
        """An hour passes, so that failed days may be requested again; it may be a quiet hour."""
        self.environment.dagster.let_hour_pass()
        if quiet:
            self.scan_quietly()

    @rule()
    def quiet_hour_passes(self) -> None:
        """Nothing changes in Chatwoot for two cycles of scans.

        In the first cycle a scan may find more days than it requests.
        """
        self.environment.dagster.let_hour_pass()
        for _ in range(2 * DAYS_AGO):
            self.minute_passes()
        self.assert_none(find_wrong_rows(self.environment.project, self.environment.today))
        self.tally.count("quiet hours")

    def scan_quietly(self) -> None:
        """Load what the full comparison finds; then everything must equal the source."""
        self.run_all(self.environment.compare_everything())
        assert self.environment.compare_everything() == []
        self.assert_none(find_differences(self.environment.project, self.environment.today))
        self.run(self.environment.today, self.environment.today)  # reports what killed runs had loaded
        self.assert_none(self.environment.dagster.find_unreported_days(self.environment.target()))
        self.tally.count("quiet scans")

    def run_all(self, ranges: list[Range]) -> None:
        """Run ranges of days, one after another."""
        for first, last in ranges:
            self.run(first, last)

    @rule(days=strategies.ranges, force=strategies.flags, call=strategies.calls)
    def run_is_killed(self, days: list[int], force: bool, call: int) -> None:
        is_killed = self.run_in_worker(days, force=force, kill_at_call=call)
        self.tally.count("runs killed" if is_killed else "runs done before the kill")

    def run_in_worker(
        self, days: list[int], *, force: bool = False, kill_point: str = "", kill_at_call: int = 0
    ) -> bool:
        """Run days in another process, and return whether it was killed."""
        command = Command.for_days(
            self.environment.project,
            *self.to_range(days),
            force=force,
            instance=self.environment.dagster.directory,
            kill_point=kill_point,
            kill_at_call=kill_at_call,
        )
        outcome = self.environment.worker.run(command)
        self.assert_none(outcome.errors if outcome else [])
        return outcome is None

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
            "source closes connections": self.source.terminate_readers,
            "target closes connections": self.environment.terminate_loads,
            "target restarts": self.environment.restart_target,
            "source changes": lambda: self.source.delete_conversation(number, children=True),
            "no fault": lambda: None,
        }
        with interrupt_at_call(call, actions[fault]):
            self.run(*self.to_range(days), force=force)

    @rule(
        numbers=st.lists(strategies.numbers, min_size=2, max_size=8),
        instant=strategies.instants,
        point=st.none() | st.sampled_from(sorted(CHANGE_KILL_POINTS)),
    )
    def scattered_days_change(self, numbers: list[int], instant: strategies.Instant, point: str | None) -> None:
        """Conversations of several days get a message; a run that merges them may be killed half way."""
        if point:
            self.run_all(self.environment.compare_everything())  # so that nothing but the messages changes
        for number in numbers:
            self.source.message(number, self.format(instant), False, content="de novo")
        if point:
            is_killed = self.run_in_worker([0, DAYS_AGO], kill_point=point)
            self.tally.count(f"merges killed {point}" if is_killed else "merges done")
        self.minute_passes()
        self.tally.count("scattered changes")

    @rule(days=st.sampled_from([0, 3, 40]))
    def dagster_is_pruned(self, days: int) -> None:
        """Pruning happens some days later; Dagster says the same of partitions and checks."""
        pruned, changes = self.environment.dagster.prune(self.environment.project.settings, days)
        self.assert_none(changes)
        self.tally.count("prunings")
        if pruned.refreshes or pruned.others:
            self.tally.count("prunings that removed runs")

    @invariant()
    def no_day_is_ever_incomplete(self) -> None:
        self.tally.steps += 1
        self.assert_none(find_inconsistencies(self.environment.target()))

    def assert_none(self, errors: list[str]) -> None:
        """Fail if there are errors; Hypothesis then looks for a shorter history."""
        if errors:
            self.tally.count("failures")
        assert not errors, "\n".join(errors)
