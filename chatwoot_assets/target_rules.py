"""The setting TARGETS: within which time replies and resolutions are due.

If several rules match a conversation and state a target, the most specific one decides; see `TargetRules`.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chatwoot_assets.settings_tables import Table, check_keys, get_list, parse_id, parse_table, refuse

FIRST_RESPONSE, NEXT_REPLY, RESOLUTION = TARGETS = ("first_response", "next_reply", "resolution")
BUSINESS, CALENDAR = _CLOCKS = ("business", "calendar")
PRIORITIES = ("urgent", "high", "medium", "low", "none")

_EXAMPLE = '{"first_response": "30m", "resolution": "16h"}'
_CONDITIONS = ("inbox", "team", "priority")
_NONE = "none"


@dataclass(frozen=True)
class TargetRule:
    """The targets of the conversations that match.

    Attributes:
        inbox_id: The inbox; None for every one.
        team_id: The team; None for every one, and for conversations without one.
        priority: The priority, "none" for conversations without one; None for every one.
        clock: "business" or "calendar".
        seconds: The time of each target that the rule states; 0 for no target.
    """

    inbox_id: int | None = None
    team_id: int | None = None
    priority: str | None = None
    clock: str = BUSINESS
    seconds: Mapping[str, int] = field(default_factory=dict)

    @property
    def conditions(self) -> tuple[str | None, int | None, int | None]:
        """The priority, the team and the inbox that it is for."""
        return self.priority, self.team_id, self.inbox_id


@dataclass(frozen=True)
class TargetRules:
    """All rules.

    Attributes:
        rules: The most specific ones first: those with more conditions; among rules with equally many, those for a
            priority, then those for a team, then those for an inbox.
    """

    rules: tuple[TargetRule, ...] = ()

    @property
    def definition(self) -> str:
        """A string that changes whenever a target changes; empty for no targets."""
        if not self.rules:
            return ""
        text = repr([(rule.conditions, rule.clock, sorted(rule.seconds.items())) for rule in self.rules])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@functools.lru_cache(maxsize=16)
def parse_targets(text: str) -> TargetRules:
    """Return the targets that the setting's text holds, a JSON object.

    Raises:
        ValueError: It is not accepted. The message completes a sentence that begins with the setting's name.
    """
    table = parse_table(text, _EXAMPLE)
    check_keys(table, ("clock", *TARGETS, "rules"))
    clock = _parse_clock(table, "", BUSINESS)
    rules = [TargetRule(clock=clock, seconds=_parse_seconds(table, ""))]
    for number, own in enumerate(get_list(table, "rules", "are tables [[targets.rules]]"), 1):
        rule = _parse_rule(own, number, clock)
        if rule.conditions in {other.conditions for other in rules}:
            raise ValueError(f"has rules.{number} for the conversations of another rule; accepted is one rule for them")
        rules.append(rule)
    # Priority, team and inbox decide in this order between rules with as many conditions.
    rules.sort(key=lambda rule: [-sum(map(bool, rule.conditions)), *(not each for each in rule.conditions)])
    return TargetRules(tuple(rule for rule in rules if rule.seconds))


def _parse_rule(table: object, number: int, clock: str) -> TargetRule:
    if not isinstance(table, dict):
        raise refuse(f"rules.{number}", table, "is a table [[targets.rules]]")
    prefix = f"rules.{number}."
    check_keys(table, (*_CONDITIONS, "clock", *TARGETS), prefix)
    ids = {
        key: parse_id(prefix + key, table[key], of) if key in table else None
        for key, of in (("inbox", "an inbox"), ("team", "a team"))
    }
    priority = table.get("priority")
    if "priority" in table and priority not in PRIORITIES:
        raise refuse(f"{prefix}priority", priority, f"are {', '.join(PRIORITIES)}")
    if not any((*ids.values(), priority)):
        raise ValueError(f"has rules.{number} for every conversation; accepted is a rule with inbox, team or priority")
    return TargetRule(
        ids["inbox"], ids["team"], priority, _parse_clock(table, prefix, clock), _parse_seconds(table, prefix)
    )


def _parse_clock(table: Table, prefix: str, default: str) -> str:
    clock = table.get("clock", default)
    if clock not in _CLOCKS:
        raise refuse(f"{prefix}clock", clock, f"are {' and '.join(_CLOCKS)}")
    return str(clock)


def _parse_seconds(table: Table, prefix: str) -> dict[str, int]:
    return {target: _parse_duration(table[target], prefix + target) for target in TARGETS if target in table}


def _parse_duration(value: object, key: str) -> int:
    """Return the seconds of a duration such as "1h30m"; 0 for "none"."""
    if value == _NONE:
        return 0
    match = re.fullmatch(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?", value) if isinstance(value, str) else None
    seconds = 3600 * int(match[1] or 0) + 60 * int(match[2] or 0) if match else 0
    if not seconds:
        raise refuse(key, value, 'is a time in hours and minutes, such as "30m", "8h" or "1h30m", or "none"')
    return seconds
