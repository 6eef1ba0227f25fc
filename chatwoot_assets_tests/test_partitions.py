"""Days and their bounds: every instant belongs to one day, even when the clocks change."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatwoot_assets.defs.partitions import daily_partitions_definition
from chatwoot_assets.partitions import ONE_DAY, Day, day, days, today
from chatwoot_assets.settings import Settings

UTC = datetime.timezone.utc
_ZONES = ("UTC", "America/Sao_Paulo", "America/Havana", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago",
          "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut", "America/St_Johns")  # fmt: skip
# Not Samoa: it crossed the date line in these years and skipped a day. Kiritimati did so earlier.
_zones = st.sampled_from(_ZONES).map(zoneinfo.ZoneInfo)
_dates = st.dates(datetime.date(2000, 1, 1), datetime.date(2037, 12, 30))


def _day(date: str, zone: str) -> Day:
    return day(datetime.date.fromisoformat(date), zoneinfo.ZoneInfo(zone))


def _settings(zone: str, start: str = "2018-01-01") -> Settings:
    return Settings.from_values(
        {"CHATWOOT_ASSETS_HOME": "/srv/home", "REPORTING_TIMEZONE": zone, "PARTITIONS_START_DATE": start}
    )


def _local_date(instant: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.date:
    return instant.replace(tzinfo=UTC).astimezone(zone).date()


@pytest.mark.parametrize(
    ("zone", "date", "start", "end", "hours"),
    [
        ("UTC", "2025-03-10", "2025-03-10T00:00", "2025-03-11T00:00", 24),
        ("America/Sao_Paulo", "2025-03-10", "2025-03-10T03:00", "2025-03-11T03:00", 24),
        # Clocks go forward at midnight: the day begins at one o'clock.
        ("America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00", "2018-11-04T03:00", 24),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "2018-11-05T02:00", 23),
        # Clocks go back at midnight: the hour from eleven comes twice, and both belong to the old day.
        ("America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00", "2018-02-18T03:00", 25),
        ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00", "2018-02-19T03:00", 24),
        # Clocks go back at one: the hour from midnight comes twice, and both belong to the new day.
        ("America/Havana", "2024-11-02", "2024-11-02T04:00", "2024-11-03T04:00", 24),
        ("America/Havana", "2024-11-03", "2024-11-03T04:00", "2024-11-04T05:00", 25),
        ("America/Havana", "2024-03-10", "2024-03-10T05:00", "2024-03-11T04:00", 23),
        ("Asia/Kolkata", "2025-03-10", "2025-03-09T18:30", "2025-03-10T18:30", 24),
        ("Australia/Lord_Howe", "2024-10-06", "2024-10-05T13:30", "2024-10-06T13:00", 23.5),
        ("Pacific/Kiritimati", "2025-01-01", "2024-12-31T10:00", "2025-01-01T10:00", 24),
    ],
)
def test_day_lies_between_two_instants_of_utc(zone: str, date: str, start: str, end: str, hours: float) -> None:
    partition = _day(date, zone)
    assert partition.start == datetime.datetime.fromisoformat(start)
    assert partition.end == datetime.datetime.fromisoformat(end)
    assert partition.end - partition.start == datetime.timedelta(hours=hours)
    assert partition.key == date
    assert partition.start.tzinfo is None
    assert partition.end.tzinfo is None


@given(_dates, _zones)
def test_consecutive_days_share_a_bound(date: datetime.date, zone: zoneinfo.ZoneInfo) -> None:
    assert day(date, zone).end == day(date + ONE_DAY, zone).start


@given(st.datetimes(datetime.datetime(2000, 1, 2), datetime.datetime(2037, 12, 30)), _zones)  # noqa: DTZ001 (UTC)
def test_every_instant_belongs_only_to_the_day_of_its_local_date(
    instant: datetime.datetime, zone: zoneinfo.ZoneInfo
) -> None:
    local = _local_date(instant, zone)
    candidates = (day(local + offset * ONE_DAY, zone) for offset in (-2, -1, 0, 1, 2))
    assert [partition.date for partition in candidates if partition.start <= instant < partition.end] == [local]


@pytest.mark.parametrize("zone", _ZONES)
def test_first_and_last_microsecond_of_every_day_are_its_own(zone: str) -> None:
    tz = zoneinfo.ZoneInfo(zone)
    for offset in range(0, 366 * 3):
        partition = day(datetime.date(2017, 6, 1) + offset * ONE_DAY, tz)
        assert _local_date(partition.start, tz) == partition.date
        assert _local_date(partition.end - datetime.timedelta(microseconds=1), tz) == partition.date


# In some zones it is already tomorrow, in others still yesterday.
@given(st.dates(datetime.date(2018, 1, 1), datetime.datetime.now(UTC).date() + ONE_DAY), _zones)
def test_day_is_dagsters_time_window_of_that_partition(date: datetime.date, zone: zoneinfo.ZoneInfo) -> None:
    assume(date <= today(zone))
    window = daily_partitions_definition(_settings(zone.key)).time_window_for_partition_key(date.isoformat())
    partition = day(date, zone)
    assert window.start.astimezone(UTC).replace(tzinfo=None) == partition.start
    assert window.end.astimezone(UTC).replace(tzinfo=None) == partition.end


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("America/Sao_Paulo", "2018-02-10", "2018-02-25"),
        ("America/Sao_Paulo", "2018-10-28", "2018-11-11"),
        ("America/Havana", "2024-03-05", "2024-03-15"),
        ("America/Havana", "2024-10-28", "2024-11-10"),
        ("Africa/Cairo", "2024-04-20", "2024-04-30"),
    ],
)
def test_days_around_a_clock_change_are_dagsters(zone: str, first: str, last: str) -> None:
    partitions = daily_partitions_definition(_settings(zone))
    date = datetime.date.fromisoformat(first)
    keys = [key for key in partitions.get_partition_keys() if first <= key <= last]
    assert len(keys) == (datetime.date.fromisoformat(last) - date).days + 1
    for key in keys:
        window, partition = partitions.time_window_for_partition_key(key), _day(key, zone)
        assert window.start.astimezone(UTC).replace(tzinfo=None) == partition.start
        assert window.end.astimezone(UTC).replace(tzinfo=None) == partition.end


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo", "America/Havana", "Asia/Kolkata", "Pacific/Kiritimati",
                                  "Etc/GMT+12"])  # fmt: skip
def test_partitions_go_from_the_start_date_to_today(zone: str) -> None:
    before = today(zoneinfo.ZoneInfo(zone))
    keys = daily_partitions_definition(_settings(zone, "2018-11-04")).get_partition_keys()
    assert keys[0] == "2018-11-04"
    assert keys[-1] in (before.isoformat(), today(zoneinfo.ZoneInfo(zone)).isoformat())
    assert len(keys) == len(set(keys)) == (datetime.date.fromisoformat(keys[-1]) - datetime.date(2018, 11, 4)).days + 1


def test_project_that_starts_today_has_one_partition() -> None:
    date = datetime.datetime.now(UTC).date().isoformat()
    assert daily_partitions_definition(_settings("UTC", date)).get_partition_keys()[:1] == [date]


def test_days_come_in_order_of_date_for_any_order_of_keys() -> None:
    zone = zoneinfo.ZoneInfo("America/Sao_Paulo")
    partitions = days(["2018-11-05", "2018-02-17", "2018-11-04"], zone)
    assert [each.key for each in partitions] == ["2018-02-17", "2018-11-04", "2018-11-05"]
    assert partitions[1] == day(datetime.date(2018, 11, 4), zone)
    assert days([], zone) == []
