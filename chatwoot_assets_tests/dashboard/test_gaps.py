"""Days that are not loaded are gaps, not zeros, and a day that is not over is compared with a part of a day."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard import status
from chatwoot_assets.dashboard.status import LoadedDay, WarehouseStatus
from chatwoot_assets.partitions import ONE_DAY, today
from chatwoot_assets.warehouse.source_comparison import FULL, RECENT, ScanState, SyncStatus, record_comparison
from chatwoot_assets_tests.dashboard.opening import (
    FIRST,
    LAST,
    PERIOD,
    Dashboard,
    Row,
    assert_no_errors,
    chart_rows,
    metrics,
    texts,
)
from chatwoot_assets_tests.project import Project

AN_INSTANT = datetime.datetime(2025, 3, 31, 15, 0, tzinfo=datetime.timezone.utc)


@pytest.fixture(autouse=True)
def _read_status_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "REFRESH_SECONDS", 0)


def _chart_values(app: AppTest, field: str) -> list[Row]:
    """Return the rows of the chart whose rows have a field."""
    (rows,) = [rows for rows in chart_rows(app) if field in rows[0]]
    return rows


def _remove(project: Project, date: datetime.date) -> None:
    with project.target() as connection:
        connection.execute("DELETE FROM partition_state WHERE conversation_date = %s", [date])


def test_day_that_is_not_loaded_is_a_gap_in_every_series(recent: Project, recent_dashboard: Dashboard) -> None:
    date = today(recent.settings.reporting_timezone) - 3 * ONE_DAY
    _remove(recent, date)
    app = recent_dashboard.open(period="7d")
    assert_no_errors(app)
    table = app.dataframe[0].value.set_index("starts_on")
    assert len(table) == 7
    assert table.loc[date].isna().all()
    today_row = table.loc[date + 3 * ONE_DAY]
    assert (today_row["conversations"], today_row["replies"]) == (0, 0)  # loaded, and there was nothing
    backlog = {row["start"]: row["top"] for row in _chart_values(app, "top")}
    assert backlog.pop(date.isoformat()) is None
    assert None not in backlog.values()
    volume = [row["value"] for row in _chart_values(app, "key") if row["start"] == date.isoformat()]
    assert volume == [None, None]


def test_backlog_begins_with_the_first_loaded_day_and_says_what_is_missing(dashboard: Dashboard) -> None:
    before = FIRST - 5 * ONE_DAY
    app = dashboard.open(**{"from": before.isoformat(), "to": (FIRST + ONE_DAY).isoformat()})
    tops = {row["start"]: row["top"] for row in _chart_values(app, "top") if row["mark"] == "line"}
    assert [date for date, top in tops.items() if top is not None] == [FIRST.isoformat(), (FIRST + ONE_DAY).isoformat()]
    assert f"Conversations from before {FIRST} are not loaded" in texts(app)
    assert "since then" not in texts(app)
    app = dashboard.open(**{"from": (FIRST - 9 * ONE_DAY).isoformat(), "to": before.isoformat()})
    assert "are not loaded" in texts(app)
    assert metrics(app)["Open at the end"] == ("—", "")


def test_backlog_counts_the_days_that_are_missing_since(recent: Project, recent_dashboard: Dashboard) -> None:
    date = today(recent.settings.reporting_timezone)
    _remove(recent, date - 3 * ONE_DAY)
    assert "Those of one day since then are missing, too." in texts(recent_dashboard.open(period="7d"))
    _remove(recent, date - 5 * ONE_DAY)
    assert "Those of 2 days since then are missing, too." in texts(recent_dashboard.open(period="7d"))


@pytest.mark.parametrize("preset", ["today", "7d"])
def test_part_of_today_is_compared_up_to_the_same_time_of_day(
    recent: Project, recent_dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, preset: str
) -> None:
    zone = recent.settings.reporting_timezone
    date = today(zone)
    earlier = date - ONE_DAY if preset == "today" else date - 7 * ONE_DAY
    ten = datetime.datetime.combine(date, datetime.time(10), zone)
    with recent.writing() as writer:
        for number, hour in enumerate((9, 9, 23, 23, 23)):
            id_ = 900 + number
            writer.conversation(f"{earlier} {hour + 3 if hour == 9 else 23}:30", id=id_)  # UTC: 9:30 and 20:30
            writer.message(id_, f"{earlier} {hour + 3 if hour == 9 else 23}:30", id=id_)
    recent.load(earlier, earlier)
    monkeypatch.setattr(WarehouseStatus, "known_until", property(lambda _: ten))
    app = recent_dashboard.open(period=preset)
    assert_no_errors(app)
    # A conversation at noon UTC, which is 9 o'clock, of each day but today; the five above less those of the evening.
    now, before = (0, 3) if preset == "today" else (6, 9)
    assert metrics(app)["New"] == (f"{now}", f"{100 * (now / before - 1):+.1f}%")
    if now:  # else there is nothing but the first cards
        assert metrics(app)["Started"] == metrics(app)["New"]
    assert "Its last day counts up to 10:00" in texts(app)


@pytest.mark.parametrize(("hour", "change"), [(10, "-50.0%"), (22, "-80.0%")])
def test_today_is_compared_with_the_same_weekday_last_year(
    recent: Project, recent_dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, hour: int, change: str
) -> None:
    zone = recent.settings.reporting_timezone
    date = today(zone)
    earlier = date - 364 * ONE_DAY
    app = recent_dashboard.open(period="today", compare="year")
    assert metrics(app)["New"] == ("0", "")
    assert f"the same weekday of last year ({earlier}) is not loaded" in texts(app)
    with recent.writing() as writer:
        writer.conversation(f"{date} 03:00", id=950)  # UTC: midnight
        for number, hour_utc in enumerate((12, 12, 23, 23, 23)):  # 9:30 and 20:30
            writer.conversation(f"{earlier} {hour_utc}:30", id=900 + number)
    recent.load(date, date)
    replace(recent, settings=replace(recent.settings, partitions_start_date=earlier)).load(earlier, earlier)
    until = datetime.datetime.combine(date, datetime.time(hour), zone)
    monkeypatch.setattr(WarehouseStatus, "known_until", property(lambda _: until))
    app = recent_dashboard.open(period="today", compare="year")
    assert_no_errors(app)
    assert metrics(app)["New"] == ("1", change)
    assert f"Changes compare with {earlier}." in texts(app)
    assert f"counts up to {hour}:00" in texts(app)


def test_viewer_chooses_what_changes_compare_with(dashboard: Dashboard) -> None:
    app = dashboard.open("overview", "pt", **PERIOD)
    app.selectbox(key="comparison").set_value("year").run()
    assert_no_errors(app)
    assert dict(app.query_params)["compare"] == "year"
    assert "as mesmas semanas do ano passado (13/03/2024 a 01/04/2024) não estão totalmente carregados" in texts(app)
    assert all(change == "" for _, change in metrics(app).values())
    app.selectbox(key="comparison").set_value("previous").run()
    assert "compare" not in app.query_params
    assert metrics(app) == metrics(dashboard.open("overview", "pt", **PERIOD))


def test_period_that_is_over_is_compared_with_a_whole_one(dashboard: Dashboard) -> None:
    shown = texts(dashboard.open(**{"from": "2025-03-31", "to": "2025-03-31"}))
    assert "Changes compare with 2025-03-30." in shown
    assert "today is not over" not in shown


@pytest.mark.parametrize(
    ("minutes", "is_differing", "expected"), [(-5, False, 0), (9, False, 5), (9, True, 0)], ids=str
)
def test_today_is_known_until_the_last_load_or_scan(minutes: int, is_differing: bool, expected: int) -> None:
    day = LoadedDay(LAST, 1, 1, 0, AN_INSTANT, AN_INSTANT, is_current=True)
    compared_at = AN_INSTANT + datetime.timedelta(minutes=minutes)
    sync = SyncStatus({RECENT: ScanState(compared_at, compared_at, None)}, {LAST: compared_at} if is_differing else {})
    known_until = WarehouseStatus({LAST: day}, sync, ()).known_until
    assert known_until == AN_INSTANT + datetime.timedelta(minutes=expected)


@pytest.mark.parametrize(
    ("scan", "minutes", "is_differing", "is_current", "expected"),
    [
        (RECENT, 9, False, True, ("recent_equal", 9)),
        (FULL, 9, False, True, ("equal", 9)),
        (FULL, -5, False, True, ("as_of", 0)),
        (FULL, 9, True, True, ("as_of", 0)),
        (FULL, 9, False, False, ("as_of", 0)),
    ],
    ids=str,
)
def test_freshness_says_what_the_last_scan_compared(
    scan: str, minutes: int, is_differing: bool, is_current: bool, expected: tuple[str, int]
) -> None:
    day = LoadedDay(LAST, 1, 1, 0, AN_INSTANT, AN_INSTANT, is_current=is_current)
    compared_at = AN_INSTANT + datetime.timedelta(minutes=minutes)
    sync = SyncStatus({scan: ScanState(compared_at, compared_at, None)}, {LAST: compared_at} if is_differing else {})
    text, after = expected
    assert WarehouseStatus({LAST: day}, sync, ()).freshness == (text, AN_INSTANT + datetime.timedelta(minutes=after))


def test_quiet_desk_is_said_to_equal_chatwoot(recent: Project, recent_dashboard: Dashboard) -> None:
    with recent.target() as connection:
        connection.execute("UPDATE partition_state SET snapshot_at = now() - interval '5 hours'")
        record_comparison(connection, RECENT, datetime.datetime.now(datetime.timezone.utc), [], [])
    assert "· newest days equal to Chatwoot at 2" in texts(recent_dashboard.open("overview", period="7d"))
    app = recent_dashboard.open("data_health", "pt", period="7d")
    assert "· dias mais recentes iguais ao Chatwoot em " in texts(app)
    assert "Dias recentes iguais" in metrics(app)
