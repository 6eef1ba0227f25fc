"""The setting HOLIDAYS: the dates on which inboxes are closed, regardless of their business hours.

Public holidays come from the package `holidays`. They are in the local time of the inbox.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatwoot_assets.settings_tables import Table, check_keys, get_list, get_table, parse_id, parse_table, refuse

_EXAMPLE = '{"country": "BR", "subdivision": "SP", "dates": ["2025-12-24", "01-25"]}'
_KEYS = ("country", "subdivision", "dates")
_NONE = "none"
_DATES_ACCEPTED = 'is a list of dates, such as ["2025-12-24"], or ["01-25"] for every year'
# A change of the public holidays of these years changes the definition.
_DEFINED_YEARS = range(2000, 2051)


@dataclass(frozen=True)
class HolidayRule:
    """The holidays of an inbox.

    Attributes:
        country: The ISO 3166 code of the country whose public holidays count; None for none.
        subdivision: The state or region, by the code that the package `holidays` has; None for the whole country.
        dates: Other dates.
        yearly: Other dates of every year, as month and day.
    """

    country: str | None = None
    subdivision: str | None = None
    dates: frozenset[datetime.date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def find_dates(self, first_year: int, last_year: int) -> frozenset[datetime.date]:
        """Return the holidays from the first to the last year."""
        years = range(first_year, last_year + 1)
        public = _find_public_holidays(self.country, self.subdivision, years) if self.country else frozenset()
        own = {date for date in self.dates if date.year in years}
        return public | own | set(_repeat(self.yearly, years))


@dataclass(frozen=True)
class HolidayCalendar:
    """The holidays of all inboxes.

    Attributes:
        common: The rule for inboxes without one of their own.
        inboxes: The rules for single inboxes, by the inbox's id.
    """

    common: HolidayRule = HolidayRule()
    inboxes: Mapping[int, HolidayRule] = field(default_factory=dict, hash=False)

    def get_rule(self, inbox_id: int) -> HolidayRule:
        """Return the holidays of an inbox."""
        return self.inboxes.get(inbox_id, self.common)

    @property
    def definition(self) -> str:
        """A string that changes whenever a holiday changes; empty for no holidays."""
        if self == HolidayCalendar():
            return ""
        rules = [(0, self.common), *sorted(self.inboxes.items())]
        years = _DEFINED_YEARS[0], _DEFINED_YEARS[-1]
        text = repr(
            [(id_, sorted(rule.dates), sorted(rule.yearly), sorted(rule.find_dates(*years))) for id_, rule in rules]
        )
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@functools.lru_cache(maxsize=16)
def parse_holidays(text: str) -> HolidayCalendar:
    """Return the holidays that the setting's text holds, a JSON object.

    Raises:
        ValueError: It is not accepted. The message completes a sentence that begins with the setting's name.
    """
    table = parse_table(text, _EXAMPLE)
    check_keys(table, (*_KEYS, "inboxes"))
    common = _parse_rule(table, "", HolidayRule())
    inboxes: dict[int, HolidayRule] = {}
    for key in get_table(table, "inboxes"):
        inbox_id = parse_id(f"inboxes.{key}", key, "an inbox")
        own, prefix = get_table(table["inboxes"], key, "inboxes."), f"inboxes.{key}."
        check_keys(own, _KEYS, prefix)
        inboxes[inbox_id] = _parse_rule(own, prefix, common)
    return HolidayCalendar(common, inboxes)


def _parse_rule(table: Table, prefix: str, common: HolidayRule) -> HolidayRule:
    """Return a rule. An inbox's dates are added to the common ones; its country replaces the common one."""
    country, subdivision = common.country, common.subdivision
    if "country" in table:
        country, subdivision = _parse_country(table["country"], prefix), None
    if "subdivision" in table:
        subdivision = _parse_subdivision(country, table["subdivision"], prefix)
    dates: set[datetime.date] = set()
    yearly: set[tuple[int, int]] = set()
    for value in get_list(table, "dates", _DATES_ACCEPTED, prefix):
        date = _parse_date(value, f"{prefix}dates")
        if isinstance(date, datetime.date):
            dates.add(date)
        else:
            yearly.add(date)
    return HolidayRule(country, subdivision, common.dates | dates, common.yearly | yearly)


def _parse_country(value: object, prefix: str) -> str | None:
    if value == _NONE:
        return None
    if not isinstance(value, str) or value not in _supported_subdivisions():
        raise refuse(f"{prefix}country", value, 'is an ISO 3166 code, such as "BR", or "none"')
    return value


def _parse_subdivision(country: str | None, value: object, prefix: str) -> str:
    key = f"{prefix}subdivision"
    if country is None:
        raise ValueError(f"has {key} without a country; accepted is both, or neither")
    known = _supported_subdivisions()[country]
    if not isinstance(value, str) or value not in known:
        accepted = f"for {country} are {', '.join(known)}" if known else f"for {country} is none"
        raise refuse(key, value, accepted)
    return value


def _parse_date(value: object, key: str) -> datetime.date | tuple[int, int]:
    """Return a date, or the month and the day of a date of every year."""
    text = value if isinstance(value, str) else ""
    try:
        if re.fullmatch(r"\d{2}-\d{2}", text):
            leap_day = datetime.date.fromisoformat(f"2024-{text}")
            return leap_day.month, leap_day.day
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise refuse(key, value, _DATES_ACCEPTED)


def _repeat(yearly: frozenset[tuple[int, int]], years: range) -> Iterator[datetime.date]:
    for year in years:
        for month, day in yearly:
            try:
                yield datetime.date(year, month, day)
            except ValueError:  # 29 February
                continue


# The package takes a quarter of a second to import: only installations with public holidays pay for it.


def _supported_subdivisions() -> Mapping[str, list[str]]:
    import holidays

    subdivisions: dict[str, list[str]] = holidays.list_supported_countries()
    return subdivisions


@functools.lru_cache(maxsize=256)
def _find_public_holidays(country: str, subdivision: str | None, years: range) -> frozenset[datetime.date]:
    import holidays

    calendar: Any = holidays.country_holidays(country, subdiv=subdivision, years=years, expand=False)
    return frozenset(calendar)
