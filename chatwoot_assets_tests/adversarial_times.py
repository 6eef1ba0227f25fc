"""Times at which days begin, end and repeat, and times that calendars cannot hold: only data.

All are UTC without a zone, as Chatwoot stores them, in PostgreSQL's text format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ODD_TIMES = (
    "infinity",
    "-infinity",
    "294276-12-31 23:59:59.999999",
    "4713-01-01 00:00:00 BC",
    "10000-01-01 00:00:00",
    "9999-12-31 23:59:59.999999",
    "0001-01-01 00:00:00",
    "0001-12-31 23:59:59.999999 BC",
)

# Conversations created at these times belong to no partition.
CREATED_OUTSIDE = (
    "infinity",
    "-infinity",
    "294276-12-31 23:59:59.999999",
    "4713-01-01 00:00:00 BC",
    "0001-01-01 00:00:00",
    "1888-05-05 12:00:00",
)

# America/Sao_Paulo is at -02 in the summers until 2019, and otherwise at -03.
_BOUNDARIES: dict[str, tuple[str, ...]] = {
    # Clocks went back at the start of 2018-02-18, so that 23:00 to 24:00 of the day before came twice:
    # from 01:00 UTC and from 02:00 UTC.
    "2018-02-17": ("00:00:00", "01:59:59.999999", "02:00:00", "23:59:59.999999"),
    "2018-02-18": (
        *("00:00:00", "01:00:00", "01:59:59.999999", "02:00:00"),
        *("02:59:59.999999", "03:00:00", "23:59:59.999999"),
    ),
    "2018-02-19": ("02:59:59.999999", "03:00:00"),
    # Clocks went forward at the start of 2018-11-04, which therefore began at 01:00, at 03:00 UTC.
    "2018-11-04": ("00:00:00", "02:59:59.999999", "03:00:00", "23:59:59.999999"),
    "2018-11-05": ("01:59:59.999999", "02:00:00", "02:59:59.999999", "03:00:00"),
    # A leap day.
    "2024-02-29": ("00:00:00", "02:59:59.999999", "03:00:00", "23:59:59.999999"),
    "2024-03-01": ("00:00:00", "02:59:59.999999", "03:00:00"),
    # A new year, and an ordinary day; without daylight saving.
    "2024-12-31": ("23:59:59.999999",),
    "2025-01-01": ("00:00:00", "02:59:59.999999", "03:00:00"),
    "2025-03-10": ("00:00:00", "02:59:59.999999", "03:00:00", "23:59:59.999999"),
    "2025-03-11": ("00:00:00", "02:59:59.999999", "03:00:00"),
}
BOUNDARIES = tuple(f"{day} {time}" for day, times in _BOUNDARIES.items() for time in times)

_EMPTY_DAY = "2025-03-13"
_OTHER_DAYS = ("2025-03-12", _EMPTY_DAY, "2025-03-14")
_DAYS_OF_SAO_PAULO_ONLY = ("2018-02-16", "2018-11-03", "2024-02-28", "2025-03-09")
DAYS_OF_UTC = tuple(map(date.fromisoformat, (*_BOUNDARIES, *_OTHER_DAYS)))
DAYS_OF_SAO_PAULO = tuple(sorted((*map(date.fromisoformat, _DAYS_OF_SAO_PAULO_ONLY), *DAYS_OF_UTC)))


@dataclass(frozen=True)
class AdversarialDays:
    """The days to load, by reporting time zone.

    Attributes:
        utc: Every day in UTC that has rows, and one day between them without rows.
        sao_paulo: The same for America/Sao_Paulo.
        outside: The ids of conversations that belong to no day since 2000, and therefore to no partition.
    """

    utc: tuple[date, ...]
    sao_paulo: tuple[date, ...]
    outside: tuple[int, ...]
