"""What is chosen in the filter bar, and how it is written into a URL and read back. Nothing here draws or asks.

A URL holds ids, dates, words of this module and labels, which are a team's own words, never a person's name. What it
holds that cannot be read is left out and reported by the parameter's name.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

ONE_DAY = datetime.timedelta(days=1)
PRESETS = ("today", "7d", "30d", "90d", "month", "last_month", "year")
DEFAULT_PRESET = "7d"  # as Chatwoot's own reports open
STATUSES = ("open", "pending", "snoozed", "resolved")
NOBODY = 0  # among agents and teams; Chatwoot's ids begin at 1

PERIOD, FIRST, LAST, CLOCK = "period", "from", "to", "clock"
BUSINESS = "business"  # of CLOCK
# Of each list its parameter in a URL.
LISTS = {
    "accounts": "account",
    "inboxes": "inbox",
    "teams": "team",
    "agents": "agent",
    "labels": "label",
    "statuses": "status",
}
PARAMETERS = (PERIOD, FIRST, LAST, CLOCK, *LISTS.values())

# No Chatwoot is older, and no period needs to be longer: the one before it must be a period, too.
_OLDEST = datetime.date(1970, 1, 1)
_LONGEST = 100 * 366

_LARGEST = {"accounts": 2**31, "inboxes": 2**31, "agents": 2**31, "teams": 2**63}
_LONGEST_LIST = 200
_LONGEST_LABEL = 255


@dataclass(frozen=True)
class Period:
    """Days of the reporting time zone, from `first` to `last`, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> Period:
        """The period of the same length that ends where this one begins."""
        return Period(self.first - self.days * ONE_DAY, self.first - ONE_DAY)

    @property
    def grain(self) -> str:
        """What a chart's bar stands for, so that there are never too many: a day, a week or a month."""
        return "day" if self.days <= 100 else "week" if self.days <= 750 else "month"

    def dates(self) -> list[datetime.date]:
        """Return its days."""
        return [self.first + number * ONE_DAY for number in range(self.days)]


@dataclass(frozen=True)
class Filters:
    """What is chosen. An empty tuple filters nothing.

    Attributes:
        preset: one of PRESETS; None where `own` is the period.
        own: a period of the user's own; None where a preset is.
        accounts, inboxes: ids.
        teams, agents: ids; NOBODY for conversations that have none.
        labels: Chatwoot's labels; a conversation that has any of them is meant.
        statuses: Chatwoot's words.
        in_business: whether durations count the inboxes' opening hours only.
    """

    preset: str | None = DEFAULT_PRESET
    own: Period | None = None
    accounts: tuple[int, ...] = ()
    inboxes: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    agents: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    in_business: bool = False

    def period(self, today: datetime.date) -> Period:
        """Return the days that are meant, on the day `today`."""
        if self.own is not None:
            return self.own
        return preset_period(self.preset or DEFAULT_PRESET, today)

    def to_url(self) -> dict[str, str]:
        """Return the parameters that `from_url` makes this of."""
        if self.own is not None:
            url = {FIRST: self.own.first.isoformat(), LAST: self.own.last.isoformat()}
        else:
            url = {PERIOD: self.preset or DEFAULT_PRESET}
        for name, parameter in LISTS.items():
            if values := getattr(self, name):
                url[parameter] = ",".join(str(value) for value in values)
        if self.in_business:
            url[CLOCK] = BUSINESS
        return url

    def has_only(self, *lists: str) -> bool:
        """Whether of all the lists nothing is chosen but in these."""
        return not any(getattr(self, name) for name in LISTS if name not in lists)

    def only(self, known: Mapping[str, frozenset[int] | frozenset[str]]) -> tuple[Filters, list[str]]:
        """Return these without ids and labels that are not known, and the parameters that held one."""
        kept: dict[str, Any] = {
            name: tuple(id_ for id_ in getattr(self, name) if id_ in ids) for name, ids in known.items()
        }
        lost = [LISTS[name] for name, ids in kept.items() if ids != getattr(self, name)]
        return replace(self, **kept), lost


def preset_period(preset: str, today: datetime.date) -> Period:
    """Return the days of a preset, on the day `today`."""
    month = today.replace(day=1)
    if preset == "today":
        return Period(today, today)
    if preset == "month":
        return Period(month, today)
    if preset == "last_month":
        return Period((month - ONE_DAY).replace(day=1), month - ONE_DAY)
    if preset == "year":
        return Period(today.replace(month=1, day=1), today)
    return Period(today - (int(preset.removesuffix("d")) - 1) * ONE_DAY, today)


def from_url(url: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """Return what a URL's parameters choose, and those among them that were left out."""
    ignored: list[str] = []

    def read(parameter: str, parse: Callable[[str], object]) -> object | None:
        value = url.get(parameter)
        parsed = parse(value) if value else None
        if value and parsed is None:
            ignored.append(parameter)
        return parsed

    chosen: dict[str, Any] = {}
    own = _period(url.get(FIRST), url.get(LAST))
    if own is not None:
        chosen |= {"own": own, "preset": None}
    else:
        ignored.extend(name for name in (FIRST, LAST) if url.get(name))
    if "own" not in chosen and (preset := read(PERIOD, _preset)):
        chosen["preset"] = preset
    for field in fields(Filters):
        if field.name in LISTS:
            parse = _WORDS.get(field.name) or _ids(_LARGEST[field.name])
            if (values := read(LISTS[field.name], parse)) is not None:
                chosen[field.name] = values
    if read(CLOCK, lambda word: word if word == BUSINESS else None):
        chosen["in_business"] = True
    return Filters(**chosen), ignored


def _period(first: str | None, last: str | None) -> Period | None:
    days = _date(first or ""), _date(last or "")
    if days[0] is None or days[1] is None or not _OLDEST <= days[0] <= days[1]:
        return None
    period = Period(days[0], days[1])
    return period if period.days <= _LONGEST else None


def _date(value: str) -> datetime.date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def _preset(value: str) -> str | None:
    return value if value in PRESETS else None


def _statuses(value: str) -> tuple[str, ...] | None:
    words = value.split(",")
    if all(re.fullmatch(r"open|pending|snoozed|resolved", word) for word in words):
        return tuple(dict.fromkeys(words))
    return None


def _labels(value: str) -> tuple[str, ...] | None:
    words = value.split(",")
    if len(words) <= _LONGEST_LIST and all(0 < len(word) <= _LONGEST_LABEL and word.isprintable() for word in words):
        return tuple(dict.fromkeys(words))
    return None


_WORDS: dict[str, Callable[[str], tuple[str, ...] | None]] = {"statuses": _statuses, "labels": _labels}


def _ids(below: int) -> Callable[[str], tuple[int, ...] | None]:
    def parse(value: str) -> tuple[int, ...] | None:
        words = value.split(",")
        if len(words) > _LONGEST_LIST or not all(re.fullmatch(r"0|[1-9][0-9]{0,18}", word) for word in words):
            return None
        ids = tuple(dict.fromkeys(int(word) for word in words))
        return ids if max(ids) < below else None

    return parse
