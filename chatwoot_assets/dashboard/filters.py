"""The values of the filter bar, and how a URL holds them. Uses neither Streamlit nor a database.

A URL holds ids, dates, words of this module and labels. Labels are a team's own words, never a person's name. A value
that cannot be parsed is reported by the name of its parameter. A list that cannot be parsed, or has nothing that
exists, selects nothing: it must not show more than was asked for. Anything else has its default.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from chatwoot_assets.dashboard.url_values import (
    format_ids,
    id_parser,
    parse_attributes,
    parse_labels,
    quote_commas,
    wanted_attributes,
)

ONE_DAY = datetime.timedelta(days=1)
PRESETS = (
    "today", "yesterday", "7d", "week", "last_week", "30d", "90d", "month", "last_month", "12m", "year", "all",
)  # fmt: skip
DEFAULT_PRESET = "7d"  # the default of Chatwoot's own reports
STATUSES = ("open", "pending", "snoozed", "resolved")
UNASSIGNED = 0  # stands for no agent or no team; Chatwoot's ids start at 1

PERIOD, FIRST, LAST, BUSINESS_HOURS, COMPARE = "period", "from", "to", "business_hours", "compare"
# What changes compare with: the period before, or the same weekdays of 52 weeks before.
COMPARISONS = PREVIOUS, YEAR = "previous", "year"
LANGUAGE = "lang"
ON = "1"  # the value of a switch that is on
# The lists of the filter bar, each with its parameter in a URL.
LIST_PARAMETERS = {
    "accounts": "account",
    "inboxes": "inbox",
    "teams": "team",
    "agents": "agent",
    "labels": "label",
    "attributes": "attribute",
    "statuses": "status",
}
PARAMETERS = (PERIOD, FIRST, LAST, BUSINESS_HOURS, COMPARE, *LIST_PARAMETERS.values())

# Chatwoot is younger, and no report needs a longer period. The limits keep the period before it in datetime's range.
_EARLIEST_DAY = datetime.date(1970, 1, 1)
_MAX_DAYS = 100 * 366

_ID_LIMITS = {"accounts": 2**31, "inboxes": 2**31, "agents": 2**31, "teams": 2**63}
UNKNOWN_ID, UNKNOWN_TEXT = -1, ""  # stand for what is not known; nothing has this id or this text
_UNKNOWN = ","  # how a URL holds it: no list can be parsed from it


@dataclass(frozen=True)
class Period:
    """Days of the reporting time zone, from `first` to `last`, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> Period:
        """The period of the same length that ends the day before this one starts."""
        return Period(self.first - self.days * ONE_DAY, self.first - ONE_DAY)

    def compared(self, comparison: str) -> Period:
        """Return the period that this one is compared with, by one of COMPARISONS."""
        if comparison == YEAR:
            return Period(self.first - 364 * ONE_DAY, self.last - 364 * ONE_DAY)
        return self.previous

    def compared_until(
        self, comparison: str, today: datetime.date, known_until: datetime.datetime | None
    ) -> datetime.datetime | None:
        """Return the instant up to which the period counts that this one is compared with, or None for all of it.

        If this period ends today, that is the time of day up to which today is known: part of a day cannot be compared
        with a whole one.

        Args:
            comparison: One of COMPARISONS.
            today: Today's date in the reporting time zone.
            known_until: The instant up to which today is known, in that time zone.
        """
        if self.last != today or known_until is None:
            return None
        return known_until - (self.last - self.compared(comparison).last)

    @property
    def grain(self) -> str:
        """The unit of a chart's time axis: day, week or month, so that a chart never has too many bars."""
        return "day" if self.days <= 100 else "week" if self.days <= 750 else "month"

    def start_of(self, date: datetime.date) -> datetime.date:
        """Return the first day of the day, week or month on the charts' time axis that a date is in."""
        if self.grain == "month":
            return date.replace(day=1)
        return date - datetime.timedelta(days=date.weekday()) if self.grain == "week" else date

    def dates(self) -> list[datetime.date]:
        """Return the days of the period in order."""
        return [self.first + number * ONE_DAY for number in range(self.days)]


@dataclass(frozen=True)
class Filters:
    """The values of the filter bar. An empty tuple filters nothing.

    Attributes:
        preset: One of PRESETS, or None if the period is `custom`.
        custom: A custom period, or None if the period is a preset.
        accounts, inboxes: Ids.
        teams, agents: Ids, and UNASSIGNED for conversations that have none.
        labels: Chatwoot's labels; a conversation matches if it has any of them.
        attributes: Custom attributes with a value, such as `conversation.motivo=troca`, or without, such as
            `contact.plano=`. A conversation matches if it has one of the values of each attribute.
        statuses: Chatwoot's names of the statuses.
        business_hours: Whether durations count only the inboxes' business hours.
        comparison: What changes compare with, one of COMPARISONS.
    """

    preset: str | None = DEFAULT_PRESET
    custom: Period | None = None
    accounts: tuple[int, ...] = ()
    inboxes: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    agents: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    business_hours: bool = False
    comparison: str = PREVIOUS

    def period(self, today: datetime.date, earliest: datetime.date | None = None) -> Period:
        """Return the selected days; a preset ends on `today` or before, and "all" starts on `earliest`."""
        if self.custom is not None:
            return self.custom
        return preset_period(self.preset or DEFAULT_PRESET, today, earliest)

    def to_url(self) -> dict[str, str]:
        """Return the URL parameters from which `parse_url` makes these filters."""
        if self.custom is not None:
            url = {FIRST: self.custom.first.isoformat(), LAST: self.custom.last.isoformat()}
        else:
            url = {PERIOD: self.preset or DEFAULT_PRESET}
        for name, parameter in LIST_PARAMETERS.items():
            if unknown_value(name) in (values := getattr(self, name)):
                url[parameter] = _UNKNOWN
            elif values:
                texts = format_ids(values) if name in _ID_LIMITS else values
                url[parameter] = ",".join(map(quote_commas, texts) if name == "attributes" else texts)
        if self.business_hours:
            url[BUSINESS_HOURS] = ON
        if self.comparison != PREVIOUS:
            url[COMPARE] = self.comparison
        return url

    def has_only(self, *lists: str) -> bool:
        """Return whether all lists but these are empty."""
        return not any(getattr(self, name) for name in LIST_PARAMETERS if name not in lists)

    @property
    def unknown_lists(self) -> list[str]:
        """The lists that select nothing, because nothing is known of what they held."""
        return [name for name in LIST_PARAMETERS if unknown_value(name) in getattr(self, name)]

    def drop_unknown(self, known: Mapping[str, frozenset[int] | frozenset[str]]) -> tuple[Filters, list[str]]:
        """Return the filters without unknown ids and labels, and the parameters that held one.

        A list of which nothing is known selects nothing, and is not among these parameters: see `unknown_lists`.

        Args:
            known: The ids or labels that exist, for each list that is to be checked.
        """
        kept: dict[str, Any] = {}
        changed = []
        for name, parameter in LIST_PARAMETERS.items():
            unknown, selected = unknown_value(name), getattr(self, name)
            values = tuple(id_ for id_ in selected if id_ in known.get(name, selected) and id_ != unknown)
            if selected and not values:
                values = (unknown,)
            elif {*selected} - {*values, unknown}:
                changed.append(parameter)
            kept[name] = values
        return replace(self, **kept), changed


def unknown_value(name: str) -> int | str:
    """Return what stands for the values of a list that are not known."""
    return UNKNOWN_ID if name in _ID_LIMITS else UNKNOWN_TEXT


def query_parameters(filters: Filters, period: Period, until: datetime.datetime | None = None) -> dict[str, Any]:
    """Return the variables that every query of `sql/dashboard/` has.

    Args:
        filters: The selected filters.
        period: The days.
        until: The instant up to which what happened counts; None for the end of the period.
    """
    # Every query knows the accounts, but not every other list.
    accounts = (UNKNOWN_ID,) if filters.unknown_lists else filters.accounts
    return {
        "first_day": period.first,
        "last_day": period.last,
        "until": until.isoformat() if until else "",
        "accounts": list(accounts),
        "inboxes": list(filters.inboxes),
        "teams": list(filters.teams),
        "agents": list(filters.agents),
        "labels": list(filters.labels),
        "statuses": list(filters.statuses),
        "attributes": wanted_attributes(filters.attributes),
        "attribute_source": "",
        "attribute_key": "",
        "replied_by": [],
        "with_label": "",
        "without_label": False,
        "business_hours": filters.business_hours,
        "grain": period.grain,
    }


def preset_period(preset: str, today: datetime.date, earliest: datetime.date | None = None) -> Period:
    """Return the days of a preset, seen from `today`.

    Args:
        preset: One of PRESETS.
        today: The day on which, or before which, the period ends.
        earliest: The first loaded day, on which the preset "all" starts; None for `today`.
    """
    month = today.replace(day=1)
    week = today - today.weekday() * ONE_DAY
    if preset == "all":
        return Period(min(earliest or today, today), today)
    if preset == "yesterday":
        return Period(today - ONE_DAY, today - ONE_DAY)
    if preset == "week":
        return Period(week, today)
    if preset == "last_week":
        return Period(week - 7 * ONE_DAY, week - ONE_DAY)
    if preset == "12m":
        return Period(today - 364 * ONE_DAY, today)
    if preset == "today":
        return Period(today, today)
    if preset == "month":
        return Period(month, today)
    if preset == "last_month":
        return Period((month - ONE_DAY).replace(day=1), month - ONE_DAY)
    if preset == "year":
        return Period(today.replace(month=1, day=1), today)
    return Period(today - (int(preset.removesuffix("d")) - 1) * ONE_DAY, today)


def parse_url(url: Mapping[str, str]) -> tuple[Filters, list[str]]:
    """Return the filters in a URL's parameters, and the names of the parameters that were not understood."""
    ignored: list[str] = []

    def read(parameter: str, parse: Callable[[str], object]) -> object | None:
        value = url.get(parameter)
        parsed = parse(value) if value else None
        if value and parsed is None:
            ignored.append(parameter)
        return parsed

    values: dict[str, Any] = {}
    custom = _parse_period(url.get(FIRST), url.get(LAST))
    if custom is not None:
        values |= {"custom": custom, "preset": None}
    else:
        ignored.extend(name for name in (FIRST, LAST) if url.get(name))
    if "custom" not in values and (preset := read(PERIOD, _parse_preset)):
        values["preset"] = preset
    for field in fields(Filters):
        if field.name in LIST_PARAMETERS:
            parse = _TEXT_PARSERS.get(field.name) or id_parser(_ID_LIMITS[field.name])
            if url.get(parameter := LIST_PARAMETERS[field.name]):
                values[field.name] = read(parameter, parse) or (unknown_value(field.name),)
    if read(BUSINESS_HOURS, lambda value: value if value == ON else None):
        values["business_hours"] = True
    if comparison := read(COMPARE, lambda value: value if value in COMPARISONS else None):
        values["comparison"] = comparison
    return Filters(**values), ignored


def _parse_period(first: str | None, last: str | None) -> Period | None:
    days = _parse_date(first or ""), _parse_date(last or "")
    if days[0] is None or days[1] is None or not _EARLIEST_DAY <= days[0] <= days[1]:
        return None
    period = Period(days[0], days[1])
    return period if period.days <= _MAX_DAYS else None


def _parse_date(value: str) -> datetime.date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def _parse_preset(value: str) -> str | None:
    return value if value in PRESETS else None


def _parse_statuses(value: str) -> tuple[str, ...] | None:
    statuses = value.split(",")
    return tuple(dict.fromkeys(statuses)) if set(statuses) <= set(STATUSES) else None


_TEXT_PARSERS: dict[str, Callable[[str], tuple[str, ...] | None]] = {
    "statuses": _parse_statuses,
    "labels": parse_labels,
    "attributes": parse_attributes,
}
