"""Opening hours: what passed while the clock on the wall showed an opening hour."""

from __future__ import annotations

import datetime

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatwoot_assets.metrics.business_hours import business_seconds
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.histories import DAYS, HOURS, ZONES
from chatwoot_assets_tests.metrics.reference_hours import open_seconds

HOUR = 3600.0
NEW_YORK = "America/New_York"
ALWAYS = "[[0,0,1440],[1,0,1440],[2,0,1440],[3,0,1440],[4,0,1440],[5,0,1440],[6,0,1440]]"
OFFICE = "[[1, 540, 1080], [2, 540, 1080], [3, 540, 1080], [4, 540, 1080], [5, 540, 1080]]"
SCHEMA = {
    "inbox_timezone": pl.String,
    "working_hours": pl.String,
    "start": pl.Datetime("us"),
    "end": pl.Datetime("us"),
}
Asked = tuple[str | None, str | None, datetime.datetime | None, datetime.datetime | None]


def computed(*asked: Asked) -> list[float | None]:
    """Return what the product says of rows of zone, hours, start and end."""
    return business_seconds(pl.DataFrame(asked, schema=SCHEMA, orient="row"), "start", "end").to_list()


def utc(text: str) -> datetime.datetime:
    """Return an instant as Chatwoot stores it."""
    return datetime.datetime.fromisoformat(text)


@st.composite
def spans(draw: st.DrawFn) -> Asked:
    """Draw an inbox and two instants, up to three days apart, about the days on which clocks change."""
    opens = st.integers(0, 1439)
    opening = st.tuples(st.integers(0, 6), opens, st.integers(1, 1440)).filter(lambda one: one[1] < one[2])
    hours = st.lists(opening, max_size=8).map(lambda rows: str([list(row) for row in rows]))
    start = draw(st.sampled_from(DAYS)) + datetime.timedelta(microseconds=draw(st.integers(-(10**11), 2 * 10**11)))
    end = start + datetime.timedelta(microseconds=draw(st.integers(-(10**10), 2 * 10**11) | st.integers(-3, 3)))
    zone = st.sampled_from([*ZONES, "Europe/Lisbon", "Africa/Cairo", None, "Nowhere/Nowhere"])
    return draw(zone), draw(st.sampled_from(HOURS) | hours), draw(st.just(start) | st.none()), end


@given(st.lists(spans(), min_size=1, max_size=3))
@examples(150)
@example([(NEW_YORK, "[[0,60,180]]", utc("2025-03-09T04:00"), utc("2025-03-10T04:00"))])
@example([(NEW_YORK, "[[0,60,180]]", utc("2025-11-02T04:00"), utc("2025-11-03T04:00"))])
def test_the_open_time_of_any_span_is_what_the_clock_on_the_wall_says_minute_by_minute(asked: list[Asked]) -> None:
    assert computed(*asked) == [open_seconds(*one) for one in asked]


@given(st.sampled_from(ZONES), st.sampled_from(HOURS[1:]), st.lists(st.datetimes(), min_size=3, max_size=3))
@examples(200)
def test_a_span_is_the_sum_of_its_parts_however_long(zone: str, hours: str, at: list[datetime.datetime]) -> None:
    first, second, third = sorted(at)
    whole, one, other = computed(
        (zone, hours, first, third), (zone, hours, first, second), (zone, hours, second, third)
    )
    assert one is not None
    assert other is not None
    assert whole == pytest.approx(one + other)


def test_an_hour_that_daylight_saving_time_skips_counts_nothing() -> None:
    night = "[[0, 120, 180]]"
    assert computed((NEW_YORK, night, utc("2025-03-09T00:00"), utc("2025-03-10T00:00"))) == [0]


def test_an_hour_that_comes_twice_counts_twice() -> None:
    night = "[[0, 60, 120]]"
    assert computed((NEW_YORK, night, utc("2025-11-02T00:00"), utc("2025-11-03T00:00"))) == [2 * HOUR]


def test_the_day_of_a_change_has_23_or_25_open_hours_where_an_inbox_never_closes() -> None:
    spring = (NEW_YORK, ALWAYS, utc("2025-03-09T05:00"), utc("2025-03-10T04:00"))
    autumn = (NEW_YORK, ALWAYS, utc("2025-11-02T04:00"), utc("2025-11-03T05:00"))
    assert computed(spring, autumn) == [23 * HOUR, 25 * HOUR]


def test_a_night_shift_runs_over_midnight() -> None:
    night = "[[1, 1320, 1440], [2, 0, 360]]"
    assert computed(("UTC", night, utc("2025-03-10T23:00"), utc("2025-03-11T12:00"))) == [7 * HOUR]


def test_closed_days_and_nights_do_not_count() -> None:
    friday, monday = utc("2025-03-07T20:30"), utc("2025-03-10T12:15")  # 17:30 and 9:15 in São Paulo
    assert computed(("America/Sao_Paulo", OFFICE, friday, monday)) == [0.75 * HOUR]


def test_the_hours_are_those_of_the_inbox_s_own_time_zone() -> None:
    span = utc("2025-03-10T00:00"), utc("2025-03-10T13:00")
    asked = ("America/Sao_Paulo", OFFICE, *span), ("Asia/Kathmandu", OFFICE, *span)
    assert computed(*asked) == [HOUR, 9 * HOUR]


def test_an_inbox_that_never_opens_has_no_open_time() -> None:
    assert computed(("UTC", "[]", utc("2025-03-10T00:00"), utc("2025-03-20T00:00"))) == [0]


def test_an_inbox_without_opening_hours_has_null_and_not_0() -> None:
    assert computed(("UTC", None, utc("2025-03-10T00:00"), utc("2025-03-20T00:00"))) == [None]


@pytest.mark.parametrize(
    "zone", [None, "", "Nowhere/Nowhere", "America", "../etc/passwd", "/etc/passwd", "\0", "x" * 300]
)
def test_a_time_zone_that_is_none_makes_it_null(zone: str | None) -> None:
    assert computed((zone, OFFICE, utc("2025-03-10T00:00"), utc("2025-03-20T00:00"))) == [None]


def test_an_instant_that_is_not_known_makes_it_null() -> None:
    at = utc("2025-03-10T00:00")
    assert computed(("UTC", OFFICE, None, at), ("UTC", OFFICE, at, None)) == [None, None]


def test_hours_that_overlap_or_touch_count_once() -> None:
    double = "[[1, 540, 720], [1, 600, 1080], [1, 1080, 1140], [1, 540, 600]]"
    assert computed(("UTC", double, utc("2025-03-10T00:00"), utc("2025-03-11T00:00"))) == [10 * HOUR]


def test_a_span_that_ends_before_it_starts_is_negative() -> None:
    later, earlier = utc("2025-03-10T12:00"), utc("2025-03-10T09:30")
    assert computed(("UTC", OFFICE, later, earlier), ("UTC", OFFICE, later, later)) == [-2.5 * HOUR, 0]


def test_ten_years_of_office_hours_are_counted_to_the_second() -> None:
    # 2015-01-05 and 2025-01-06 are Mondays, 522 weeks apart; the offset of that time of the year is the same.
    asked = (NEW_YORK, OFFICE, utc("2015-01-05T05:00"), utc("2025-01-06T05:00"))
    assert computed(asked) == [522 * 45 * HOUR]


def test_the_first_and_the_last_instant_that_there_are_have_an_answer() -> None:
    first, last = utc("0001-01-01T00:00"), utc("9999-12-31T23:59:59.999999")
    (everything,) = computed(("UTC", ALWAYS, first, last))
    assert everything == pytest.approx((last - first).total_seconds())
    (some,) = computed((NEW_YORK, OFFICE, first, last))
    assert some == pytest.approx((last - first).total_seconds() * 45 / 168, rel=1e-4)


def test_no_rows_are_no_seconds() -> None:
    found = business_seconds(pl.DataFrame(schema=SCHEMA), "start", "end")
    assert found.to_list() == []
    assert found.dtype == pl.Float64
