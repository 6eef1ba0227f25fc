"""When the sample's conversations begin."""

from __future__ import annotations

import datetime

import numpy as np

from chatwoot_assets.sample.arrivals import draw_arrivals
from chatwoot_assets.sample.database import SampleSize
from chatwoot_assets.sample.people import create_people


def test_public_holiday_is_as_quiet_as_a_sunday() -> None:
    size = SampleSize(conversations=9_000, days=30, last_day=datetime.date(2025, 5, 15))
    created = draw_arrivals(size, create_people(size)).created
    counts = np.histogram(created, size.midnights)[0]
    by_date = {size.last_day - datetime.timedelta(29 - number): count for number, count in enumerate(counts)}
    for date in (datetime.date(2025, 4, 21), datetime.date(2025, 5, 1)):
        assert by_date[date] < 0.4 * by_date[date + datetime.timedelta(7)]
