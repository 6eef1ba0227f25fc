"""Reference implementation of targets, in plain Python.

It does not compute when a target is due, but how many seconds have elapsed until an instant.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence

from chatwoot_assets.target_rules import TargetRule
from chatwoot_assets_tests.metrics.reference_hours import count_open_seconds
from chatwoot_assets_tests.metrics.rows import Row


def compute_targets(
    conversation: Row,
    waits: Collection[Row],
    episodes: Sequence[Row],
    replies: Collection[datetime.datetime],
    rules: Collection[TargetRule],
) -> Iterator[tuple[str, int, Row]]:
    """Yield target, number, and what is known of each wait or episode of a conversation that has a target.

    Args:
        conversation: The conversation.
        waits: Its rows of response_intervals.
        episodes: Its rows of episodes.
        replies: When humans replied.
        rules: The rules, in any order.
    """
    for wait in waits:
        begun = [row["started_at"] for row in episodes if row["started_at"] <= wait["started_at"]]
        since = max(begun, default=None)
        had_reply = any(at < wait["started_at"] and (since is None or at >= since) for at in replies)
        target = "next_reply" if had_reply else "first_response"
        replied, resolved = wait["ended_at"], wait["resolved_at"]
        agent = wait["agent_id"] if replied else conversation["assignee_id"]
        rule = _choose(conversation, target, rules)
        if rule:
            yield target, wait["interval_number"], _describe(rule, target, wait, replied or resolved, agent)
    for episode in episodes:
        rule = _choose(conversation, "resolution", rules)
        resolved = episode["resolved_at"]
        is_running = episode is episodes[-1] and conversation["status"] not in ("resolved", None)
        is_known = resolved >= episode["started_at"] if resolved else is_running
        if rule and is_known:
            number = episode["episode_number"]
            yield "resolution", number, _describe(rule, "resolution", episode, resolved, episode["agent_id"])


def _choose(conversation: Row, target: str, rules: Collection[TargetRule]) -> TargetRule | None:
    """Return the most specific rule that states a target for a conversation, or None for no target."""
    matching = [
        rule
        for rule in rules
        if target in rule.seconds
        and rule.priority in (None, conversation["priority"] or "none")
        and rule.team_id in (None, conversation["team_id"])
        and rule.inbox_id in (None, conversation["inbox_id"])
    ]
    if not matching:
        return None
    best = max(
        matching,
        key=lambda rule: (
            sum(value is not None for value in (rule.priority, rule.team_id, rule.inbox_id)),
            rule.priority is not None,
            rule.team_id is not None,
        ),
    )
    return best if best.seconds[target] else None


def _describe(rule: TargetRule, target: str, row: Row, ended: datetime.datetime | None, agent: int | None) -> Row:
    return {
        "started_at": row["started_at"],
        "ended_at": ended,
        "agent_id": agent,
        "target_seconds": rule.seconds[target],
        "rule_clock": rule.clock,
    }


def count_seconds(
    conversation: Row, clock: str, start: datetime.datetime, end: datetime.datetime, holidays: Collection[datetime.date]
) -> float:
    """Return the seconds between two instants on a clock."""
    if clock == "calendar":
        return (end - start).total_seconds()
    counted = count_open_seconds(conversation["inbox_timezone"], conversation["working_hours"], start, end, holidays)
    assert counted is not None
    return counted
