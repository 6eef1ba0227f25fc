"""How a URL holds the values of the filter bar. Uses neither Streamlit nor a database.

A URL holds ids, dates, words of this module, labels and custom attributes. Labels are a team's own words, never a
person's name. A list that would be long is compressed, so that a URL with hundreds of agents and labels fits into
every browser and proxy. A value that cannot be parsed is reported by the name of its parameter. A list that cannot be
parsed selects nothing, because a filter never shows more than was asked for. Any other value gets its default.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from chatwoot_assets.dashboard.filters import (
    COMPARISONS,
    DEFAULT_PRESET,
    ID_LIMITS,
    LIST_PARAMETERS,
    PRESETS,
    PREVIOUS,
    STATUSES,
    Filters,
    Period,
    unknown_value,
)
from chatwoot_assets.dashboard.url_values import (
    expand,
    format_ids,
    id_parser,
    parse_attributes,
    parse_labels,
    quote_commas,
    shrink,
)

PERIOD, FIRST, LAST, BUSINESS_HOURS, COMPARE = "period", "from", "to", "business_hours", "compare"
PARAMETERS = (PERIOD, FIRST, LAST, BUSINESS_HOURS, COMPARE, *LIST_PARAMETERS.values())
LANGUAGE = "lang"
ON = "1"  # the value of a switch that is on

# Chatwoot is younger, and no report needs a longer period. The limits keep the period before it in datetime's range.
_EARLIEST_DAY = datetime.date(1970, 1, 1)
_MAX_DAYS = 100 * 366
_UNKNOWN = ","  # how a URL holds a list of which nothing is known: no list can be parsed from it


def format_url(filters: Filters) -> dict[str, str]:
    """Return the URL parameters from which `parse_url` makes the filters."""
    if filters.custom is not None:
        url = {FIRST: filters.custom.first.isoformat(), LAST: filters.custom.last.isoformat()}
    else:
        url = {PERIOD: filters.preset or DEFAULT_PRESET}
    for name, parameter in LIST_PARAMETERS.items():
        if unknown_value(name) in (values := getattr(filters, name)):
            url[parameter] = _UNKNOWN
        elif values:
            texts = format_ids(values) if name in ID_LIMITS else values
            url[parameter] = shrink(",".join(map(quote_commas, texts) if name == "attributes" else texts))
    if filters.business_hours:
        url[BUSINESS_HOURS] = ON
    if filters.comparison != PREVIOUS:
        url[COMPARE] = filters.comparison
    return url


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
    for name, parameter in LIST_PARAMETERS.items():
        if url.get(parameter):
            values[name] = read(parameter, _parser_of_list(name)) or (unknown_value(name),)
    if read(BUSINESS_HOURS, lambda value: value if value == ON else None):
        values["business_hours"] = True
    if comparison := read(COMPARE, lambda value: value if value in COMPARISONS else None):
        values["comparison"] = comparison
    return Filters(**values), ignored


def _parser_of_list(name: str) -> Callable[[str], object]:
    """Return the parser of a list's value, which may be compressed."""
    parse = _TEXT_PARSERS.get(name) or id_parser(ID_LIMITS[name])
    return lambda value: None if (text := expand(value)) is None else parse(text)


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
