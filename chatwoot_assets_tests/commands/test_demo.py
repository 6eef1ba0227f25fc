"""What the demo shows of the sample."""

from __future__ import annotations

import pytest

from chatwoot_assets.commands.demo import format_clock


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00:00"), (3_725, "1:02:05"), (108_000, "30:00:00")])
def test_a_response_time_of_more_than_a_day_stays_in_hours(seconds: int, text: str) -> None:
    assert format_clock(seconds) == text
