"""The values of the filter bar: periods and lists. Uses neither Streamlit nor a database.

If no value of a list exists, the list selects nothing: a filter never shows more than was asked for. `filter_urls`
writes the filters into a URL.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chatwoot_assets.dashboard.url_values import wanted_attributes

ONE_DAY = datetime.timedelta(days=1)
PRESETS = (
    "today", "yesterday", "7d", "week", "last_week", "30d", "90d", "month", "last_month", "12m", "year", "all",
)  # fmt: skip
DEFAULT_PRESET = "7d"  # the default of Chatwoot's own reports
STATUSES = ("open", "pending", "snoozed", "resolved")
UNASSIGNED = 0  # stands for no agent or no team; Chatwoot's ids start at 1

# What changes compare with: the period before, or the same weekdays of 52 weeks before.
COMPARISONS = PREVIOUS, YEAR = "previous", "year"
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
# The lists of ids, each with what its ids are below.
ID_LIMITS = {"accounts": 2**31, "inboxes": 2**31, "agents": 2**31, "teams": 2**63}
UNKNOWN_ID, UNKNOWN_TEXT = -1, ""  # stand for what is not known; nothing has this id or this text


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

    def days_from(self, start: datetime.date, today: datetime.date) -> Period:
        """Return the days of the period in the day, week or month that starts on a date, up to today."""
        lengths = {"day": 1, "week": 7, "month": 31}
        last = start + (lengths[self.grain] - 1) * ONE_DAY
        if self.grain == "month" and last.month != start.month:
            last -= last.day * ONE_DAY
        return Period(max(start, self.first), min(last, self.last, today))

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
    return UNKNOWN_ID if name in ID_LIMITS else UNKNOWN_TEXT


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
