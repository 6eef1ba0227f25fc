"""Open time: the time that passes while the local clock shows an opening hour."""

from __future__ import annotations

import datetime
import json

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatwoot_assets.holiday_calendar import HolidayCalendar, HolidayRule
from chatwoot_assets.metrics.business_hours import business_seconds, find_deadlines
from chatwoot_assets_tests.examples import examples
from chatwoot_assets_tests.metrics.histories import DAYS, HOURS, ZONES
from chatwoot_assets_tests.metrics.reference_hours import count_open_seconds
from chatwoot_assets_tests.metrics.rows import Schema

HOUR = 3600.0
NO_HOLIDAYS = HolidayCalendar()
NEW_YORK = "America/New_York"
ALWAYS = "[[0,0,1440],[1,0,1440],[2,0,1440],[3,0,1440],[4,0,1440],[5,0,1440],[6,0,1440]]"
OFFICE = "[[1, 540, 1080], [2, 540, 1080], [3, 540, 1080], [4, 540, 1080], [5, 540, 1080]]"
SCHEMA: Schema = {
    "inbox_id": pl.Int64,
    "inbox_timezone": pl.String,
    "working_hours": pl.String,
    "start": pl.Datetime("us"),
    "end": pl.Datetime("us"),
}
Span = tuple[str | None, str | None, datetime.datetime | None, datetime.datetime | None]


def compute(*spans: Span, holidays: HolidayCalendar = NO_HOLIDAYS) -> list[float | None]:
    """Return the product's seconds for rows of zone, hours, start and end, in the inboxes 1, 2 and so on."""
    frame = pl.DataFrame([(number, *span) for number, span in enumerate(spans, 1)], schema=SCHEMA, orient="row")
    return business_seconds(frame, "start", "end", holidays).to_list()


def utc(text: str) -> datetime.datetime:
    """Return a UTC instant as Chatwoot stores it, without a zone."""
    return datetime.datetime.fromisoformat(text)


@st.composite
def inbox_spans(draw: st.DrawFn) -> Span:
    """Draw an inbox and two instants, up to three days apart, around changes of clocks."""
    opens = st.integers(0, 1439)
    opening = st.tuples(st.integers(0, 6), opens, st.integers(1, 1440)).filter(lambda span: span[1] < span[2])
    hours = st.lists(opening, max_size=8).map(lambda rows: str([list(row) for row in rows]))
    start = draw(st.sampled_from(DAYS)) + datetime.timedelta(microseconds=draw(st.integers(-(10**11), 2 * 10**11)))
    end = start + datetime.timedelta(microseconds=draw(st.integers(-(10**10), 2 * 10**11) | st.integers(-3, 3)))
    zone = st.sampled_from([*ZONES, "Europe/Lisbon", "Africa/Cairo", None, "Nowhere/Nowhere"])
    return draw(zone), draw(st.sampled_from(HOURS) | hours), draw(st.just(start) | st.none()), end


@given(st.lists(inbox_spans(), min_size=1, max_size=3))
@examples(150)
@example([(NEW_YORK, "[[0,60,180]]", utc("2025-03-09T04:00"), utc("2025-03-10T04:00"))])
@example([(NEW_YORK, "[[0,60,180]]", utc("2025-11-02T04:00"), utc("2025-11-03T04:00"))])
def test_open_time_of_any_span_equals_the_reference(spans: list[Span]) -> None:
    assert compute(*spans) == [count_open_seconds(*span) for span in spans]


@st.composite
def holiday_rules(draw: st.DrawFn) -> HolidayRule:
    """Draw holidays around the days on which spans begin, often several that follow each other."""
    near = [day.date() + datetime.timedelta(days) for day in DAYS for days in (-2, -1, 0, 1, 2, 3)]
    dates = draw(st.frozensets(st.sampled_from(near), max_size=8))
    return HolidayRule(dates=dates, yearly=draw(st.sampled_from([frozenset(), frozenset({(3, 10), (2, 29)})])))


@given(st.lists(inbox_spans(), min_size=1, max_size=3), holiday_rules(), holiday_rules())
@examples(150)
def test_open_time_without_any_holidays_equals_the_reference(
    spans: list[Span], common: HolidayRule, own: HolidayRule
) -> None:
    expected = []
    for number, span in enumerate(spans, 1):
        rule = own if number == 2 else common
        yearly = {datetime.date(2025, month, day) for month, day in rule.yearly if (month, day) != (2, 29)}
        expected.append(count_open_seconds(*span, rule.dates | yearly))
    assert compute(*spans, holidays=HolidayCalendar(common, {2: own})) == expected


@given(st.sampled_from(ZONES), st.sampled_from(HOURS[1:]), st.lists(st.datetimes(), min_size=3, max_size=3))
@examples(200)
def test_open_time_of_a_span_is_the_sum_of_its_parts(zone: str, hours: str, instants: list[datetime.datetime]) -> None:
    first, second, third = sorted(instants)
    whole, former, latter = compute(
        (zone, hours, first, third), (zone, hours, first, second), (zone, hours, second, third)
    )
    assert former is not None
    assert latter is not None
    assert whole == pytest.approx(former + latter)


@given(st.lists(inbox_spans(), min_size=1, max_size=3), holiday_rules(), st.integers(1, 200_000))
@examples(150)
def test_inbox_is_open_for_the_length_until_the_deadline_and_not_before(
    spans: list[Span], rule: HolidayRule, seconds: int
) -> None:
    deadlines = find(*spans, seconds=seconds, holidays=HolidayCalendar(rule))
    yearly = set(HolidayRule(yearly=rule.yearly).find_dates(2020, 2035))
    for (zone, hours, start, _), deadline in zip(spans, deadlines, strict=True):
        opens = count_open_seconds(zone, hours, start, start) is not None and json.loads(hours or "[]") != []
        if deadline is None and opens:
            assert start is not None
            # An inbox that opens for a minute per week is not open for four hours and a half in five years.
            five_years = start + datetime.timedelta(days=5 * 366)
            open_seconds = count_open_seconds(zone, hours, start, five_years, rule.dates | yearly)
            assert open_seconds is not None
            assert open_seconds < seconds
        else:
            assert (deadline is not None) == opens
        if deadline is not None and start is not None and deadline - start < datetime.timedelta(days=8):
            assert count_open_seconds(zone, hours, start, deadline, rule.dates | yearly) == seconds
            before = deadline - datetime.timedelta(microseconds=1)
            assert count_open_seconds(zone, hours, start, before, rule.dates | yearly) == seconds - 1e-6


def find(*spans: Span, seconds: int, holidays: HolidayCalendar = NO_HOLIDAYS) -> list[datetime.datetime | None]:
    """Return the product's deadlines for rows of zone, hours and start."""
    frame = pl.DataFrame([(number, *span) for number, span in enumerate(spans, 1)], schema=SCHEMA, orient="row")
    return find_deadlines(frame.with_columns(pl.lit(seconds).alias("seconds")), "start", "seconds", holidays).to_list()


def test_deadline_at_closing_time_is_closing_time() -> None:
    span = ("UTC", OFFICE, utc("2025-03-10T17:00"), None)
    assert find(span, seconds=3600) == [utc("2025-03-10T18:00")]
    assert find(span, seconds=3601) == [utc("2025-03-11T09:00:01")]


def test_deadline_that_an_inbox_never_reaches_is_null() -> None:
    never, rarely = ("UTC", "[]", utc("2025-03-10T00:00"), None), ("UTC", "[[1, 0, 1]]", utc("2025-03-10T00:00"), None)
    assert find(never, rarely, seconds=60) == [None, utc("2025-03-10T00:01")]
    assert find(rarely, seconds=60 * 400) == [None]


def test_hour_skipped_by_daylight_saving_time_counts_nothing() -> None:
    night = "[[0, 120, 180]]"
    assert compute((NEW_YORK, night, utc("2025-03-09T00:00"), utc("2025-03-10T00:00"))) == [0]


def test_hour_that_occurs_twice_counts_twice() -> None:
    night = "[[0, 60, 120]]"
    assert compute((NEW_YORK, night, utc("2025-11-02T00:00"), utc("2025-11-03T00:00"))) == [2 * HOUR]


def test_day_of_a_clock_change_has_23_or_25_hours() -> None:
    spring = (NEW_YORK, ALWAYS, utc("2025-03-09T05:00"), utc("2025-03-10T04:00"))
    autumn = (NEW_YORK, ALWAYS, utc("2025-11-02T04:00"), utc("2025-11-03T05:00"))
    assert compute(spring, autumn) == [23 * HOUR, 25 * HOUR]


def test_night_shift_spans_midnight() -> None:
    night = "[[1, 1320, 1440], [2, 0, 360]]"
    assert compute(("UTC", night, utc("2025-03-10T23:00"), utc("2025-03-11T12:00"))) == [7 * HOUR]


def test_closed_days_and_nights_do_not_count() -> None:
    friday, monday = utc("2025-03-07T20:30"), utc("2025-03-10T12:15")  # 17:30 and 9:15 in São Paulo
    assert compute(("America/Sao_Paulo", OFFICE, friday, monday)) == [0.75 * HOUR]


def test_opening_hours_are_in_the_time_zone_of_the_inbox() -> None:
    span = utc("2025-03-10T00:00"), utc("2025-03-10T13:00")
    spans = ("America/Sao_Paulo", OFFICE, *span), ("Asia/Kathmandu", OFFICE, *span)
    assert compute(*spans) == [HOUR, 9 * HOUR]


def test_inbox_that_never_opens_has_no_open_time() -> None:
    assert compute(("UTC", "[]", utc("2025-03-10T00:00"), utc("2025-03-20T00:00"))) == [0]


def test_inbox_without_opening_hours_yields_null_instead_of_0() -> None:
    assert compute(("UTC", None, utc("2025-03-10T00:00"), utc("2025-03-20T00:00"))) == [None]


@pytest.mark.parametrize(
    "zone", [None, "", "Nowhere/Nowhere", "America", "../etc/passwd", "/etc/passwd", "\0", "x" * 300]
)
def test_invalid_time_zone_yields_null(zone: str | None) -> None:
    assert compute((zone, OFFICE, utc("2025-03-10T00:00"), utc("2025-03-20T00:00"))) == [None]


def test_missing_instant_yields_null() -> None:
    instant = utc("2025-03-10T00:00")
    assert compute(("UTC", OFFICE, None, instant), ("UTC", OFFICE, instant, None)) == [None, None]


def test_overlapping_or_adjacent_hours_count_once() -> None:
    double = "[[1, 540, 720], [1, 600, 1080], [1, 1080, 1140], [1, 540, 600]]"
    assert compute(("UTC", double, utc("2025-03-10T00:00"), utc("2025-03-11T00:00"))) == [10 * HOUR]


def test_span_that_ends_before_it_starts_is_negative() -> None:
    later, earlier = utc("2025-03-10T12:00"), utc("2025-03-10T09:30")
    assert compute(("UTC", OFFICE, later, earlier), ("UTC", OFFICE, later, later)) == [-2.5 * HOUR, 0]


def test_ten_years_of_office_hours_are_exact_to_the_second() -> None:
    # 2015-01-05 and 2025-01-06 are Mondays, 522 weeks apart; the offset of that time of the year is the same.
    span = (NEW_YORK, OFFICE, utc("2015-01-05T05:00"), utc("2025-01-06T05:00"))
    assert compute(span) == [522 * 45 * HOUR]


def test_first_and_last_possible_instants_are_counted() -> None:
    first, last = utc("0001-01-01T00:00"), utc("9999-12-31T23:59:59.999999")
    (always,) = compute(("UTC", ALWAYS, first, last))
    assert always == pytest.approx((last - first).total_seconds())
    (in_office_hours,) = compute((NEW_YORK, OFFICE, first, last))
    assert in_office_hours == pytest.approx((last - first).total_seconds() * 45 / 168, rel=1e-4)


def test_empty_frame_yields_an_empty_float_series() -> None:
    seconds = business_seconds(pl.DataFrame(schema=SCHEMA), "start", "end", NO_HOLIDAYS)
    assert seconds.to_list() == []
    assert seconds.dtype == pl.Float64


def test_public_holiday_of_the_state_is_closed_in_its_inbox_only() -> None:
    # 9 July 2025 is a Wednesday; on it São Paulo, and no other state, remembers 1932.
    span = ("America/Sao_Paulo", OFFICE, utc("2025-07-08T20:00"), utc("2025-07-10T13:00"))
    calendar = HolidayCalendar(HolidayRule("BR"), {2: HolidayRule("BR", "SP")})
    assert compute(span, span, holidays=calendar) == [11 * HOUR, 2 * HOUR]


def test_holiday_begins_and_ends_in_the_time_zone_of_the_inbox() -> None:
    calendar = HolidayCalendar(HolidayRule(dates=frozenset({datetime.date(2025, 3, 11)})))
    span = utc("2025-03-10T12:00"), utc("2025-03-12T12:00")
    spans = ("Pacific/Kiritimati", ALWAYS, *span), ("UTC", ALWAYS, *span)
    assert compute(*spans, holidays=calendar) == [26 * HOUR, 24 * HOUR]


def test_night_shift_of_a_holiday_ends_at_midnight() -> None:
    night = "[[1, 1320, 1440], [2, 0, 360], [2, 1320, 1440], [3, 0, 360]]"
    calendar = HolidayCalendar(HolidayRule(dates=frozenset({datetime.date(2025, 3, 11)})))
    span = ("UTC", night, utc("2025-03-10T00:00"), utc("2025-03-13T00:00"))
    assert compute(span, holidays=calendar) == [(2 + 6) * HOUR]


def test_holidays_of_ten_years_are_left_out() -> None:
    span = (NEW_YORK, ALWAYS, utc("2015-01-01T05:00"), utc("2025-01-01T05:00"))
    calendar = HolidayCalendar(HolidayRule(yearly=frozenset({(12, 25), (2, 29)})))
    assert compute(span, holidays=calendar) == [(3653 - 13) * 24 * HOUR]
