"""What each variable may hold, what it means, and how a wrong value is refused."""

from __future__ import annotations

import datetime
import zoneinfo
from pathlib import Path

import pytest

from chatwoot_assets.database_urls import DATABASE_URLS
from chatwoot_assets.defs.partitions import daily_partitions_definition
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.partitions import day, today
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_values import parse_date
from chatwoot_assets_tests.settings_reading import HOME, read_settings, refusal


def test_no_values_mean_the_defaults_of_the_contract() -> None:
    assert read_settings() == Settings(
        chatwoot_url_is_set=False,
        analytics_url_is_set=False,
        views_schema="chatwoot_analytics",
        reporting_timezone=zoneinfo.ZoneInfo("UTC"),
        partitions_start_date=datetime.date(2024, 1, 1),
        extracts_url=f"{HOME}/extracts",
        home=Path(HOME),
    )


def test_an_empty_value_is_an_unset_one() -> None:
    names = ("CHATWOOT_VIEWS_SCHEMA", "REPORTING_TIMEZONE", "PARTITIONS_START_DATE", "EXTRACTS_URL", *DATABASE_URLS)
    assert read_settings(**dict.fromkeys(names, "")) == read_settings()


def test_settings_hold_no_url_of_a_database() -> None:
    urls = dict.fromkeys(DATABASE_URLS, "postgresql://reader:open-sesame@db/chatwoot")
    settings = read_settings(**urls)
    assert settings.chatwoot_url_is_set
    assert settings.analytics_url_is_set
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize("schema", ["chatwoot_analytics", "análise", 'quoted " name', "x" * 63, "publico", "é" * 31])
def test_a_schema_of_the_views_own_is_accepted(schema: str) -> None:
    assert read_settings(CHATWOOT_VIEWS_SCHEMA=schema).views_schema == schema


@pytest.mark.parametrize("schema", ["public", "PUBLIC", "information_schema", "pg_catalog", "PG_temp", "é" * 32])
def test_a_reserved_or_too_long_schema_is_refused(schema: str) -> None:
    message = refusal(CHATWOOT_VIEWS_SCHEMA=schema)
    assert message.startswith(f"CHATWOOT_VIEWS_SCHEMA is {schema!r}")
    assert "chatwoot_analytics" in message


@pytest.mark.parametrize("name", ["UTC", "America/Sao_Paulo", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])
def test_an_iana_zone_is_accepted(name: str) -> None:
    assert read_settings(REPORTING_TIMEZONE=name).reporting_timezone.key == name


@pytest.mark.parametrize(
    "name", ["Brasilia", "america/sao_paulo", "UTC-3", "-03:00", "../etc/passwd", "/etc/passwd", " "]
)
def test_anything_but_an_iana_zone_is_refused(name: str) -> None:
    message = refusal(REPORTING_TIMEZONE=name)
    assert message.startswith(f"REPORTING_TIMEZONE is {name!r}")
    assert "America/Sao_Paulo" in message


@pytest.mark.parametrize("date", ["2024-02-29", "2017-06-12", "2000-01-01"])
def test_a_past_date_is_accepted_as_the_first_partition(date: str) -> None:
    assert read_settings(PARTITIONS_START_DATE=date).partitions_start_date.isoformat() == date


@pytest.mark.parametrize(
    "value", ["2023-02-29", "2024-13-01", "01/02/2024", "2024-1-1", "20240101", "2024-01-01T00:00", "2024-01-01\n", "x"]
)
def test_anything_but_a_date_is_refused(value: str) -> None:
    message = refusal(PARTITIONS_START_DATE=value)
    assert message.startswith(f"PARTITIONS_START_DATE is {value!r}")
    assert "YYYY-MM-DD" in message
    with pytest.raises(SettingsError, match=r"^--from is"):
        parse_date("--from", value)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_partition_may_be_today_in_the_zone_and_no_later(zone: str) -> None:
    here = today(zoneinfo.ZoneInfo(zone))
    assert read_settings(REPORTING_TIMEZONE=zone, PARTITIONS_START_DATE=here.isoformat()).partitions_start_date == here
    tomorrow = (here + datetime.timedelta(days=1)).isoformat()
    assert tomorrow in refusal(REPORTING_TIMEZONE=zone, PARTITIONS_START_DATE=tomorrow)


@pytest.mark.parametrize("date", ["0001-01-01", "0999-12-31", "1000-01-01"])
def test_a_first_partition_that_is_accepted_can_be_used(date: str) -> None:
    values = {"PARTITIONS_START_DATE": date, "REPORTING_TIMEZONE": "Asia/Kolkata"}
    try:
        settings = read_settings(**values)
    except SettingsError as refused:
        assert date in str(refused)  # noqa: PT017 - either answer is right
        return
    assert day(settings.partitions_start_date, settings.reporting_timezone).key == date
    assert daily_partitions_definition(settings).get_first_partition_key() == date


@pytest.mark.parametrize("name", ["FRESHNESS_WARN_HOURS", "FRESHNESS_FAIL_HOURS"])
@pytest.mark.parametrize("value", ["0", "-1", "two", "1h", "1e3", "99999"])
def test_anything_but_hours_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is '{value}'; accepted is a number of hours above 0"):
        Settings.from_values({name: value})


def test_a_warning_comes_before_a_failure() -> None:
    with pytest.raises(SettingsError, match="FRESHNESS_WARN_HOURS is more than FRESHNESS_FAIL_HOURS"):
        Settings.from_values({"FRESHNESS_WARN_HOURS": "30"})
    settings = Settings.from_values({"FRESHNESS_WARN_HOURS": "0.5", "FRESHNESS_FAIL_HOURS": "1"})
    assert settings.freshness_warn.total_seconds() == 1800
    assert settings.freshness_fail.total_seconds() == 3600


@pytest.mark.parametrize("value", ["0", "29", "3601", "60.5", "1m"])
def test_an_interval_out_of_bounds_is_refused(value: str) -> None:
    assert "accepted is a whole number of seconds from 30 to 3600" in refusal(REFRESH_INTERVAL_SECONDS=value)
    assert Settings.from_values({"REFRESH_INTERVAL_SECONDS": "30"}).refresh_interval_seconds == 30


@pytest.mark.parametrize("value", ["-1", "1.5", "two", "10000"])
def test_anything_but_a_whole_number_of_days_is_refused(value: str) -> None:
    assert f"KEEP_RUNS_DAYS is '{value}'; accepted is a whole number of days" in refusal(KEEP_RUNS_DAYS=value)


def test_more_than_a_day_is_shown_in_hours() -> None:
    assert "(30 hours and 26 hours)" in refusal(FRESHNESS_WARN_HOURS="30")


def test_a_switch_is_on_or_off() -> None:
    assert read_settings(DASHBOARD_CONVERSATIONS="on").dashboard_conversations
    assert not read_settings(DASHBOARD_CONVERSATIONS="off").dashboard_conversations
    assert refusal(DASHBOARD_CONVERSATIONS="no") == "DASHBOARD_CONVERSATIONS is 'no'; accepted are on and off"


def test_ids_are_separated_by_commas() -> None:
    assert read_settings(BOT_USER_IDS="7, 12,7").bot_user_ids == {7, 12}
    assert refusal(BOT_USER_IDS="7;12").startswith("BOT_USER_IDS is '7;12'; accepted are ids of Chatwoot's users")


def test_custom_attributes_are_keys_of_conversations_and_contacts() -> None:
    assert read_settings().custom_attributes == ""
    assert read_settings(CUSTOM_ATTRIBUTES="none").custom_attributes == "none"
    written = "conversation.motivo, contact.plano,conversation.data da compra,contact.plano"
    assert read_settings(CUSTOM_ATTRIBUTES=written).custom_attributes == (
        "contact.plano,conversation.data da compra,conversation.motivo"
    )
    for value in ("motivo", "conversation.", "none,contact.plano", "company.size"):
        assert refusal(CUSTOM_ATTRIBUTES=value) == (
            f"CUSTOM_ATTRIBUTES is {value!r}; accepted are keys such as conversation.motivo,contact.plano, or none"
        )


def test_limit_of_runaway_threads_is_none_or_at_least_a_thousand() -> None:
    assert read_settings().runaway_messages == 0
    assert read_settings(RUNAWAY_MESSAGES="5000").runaway_messages == 5_000
    for value in ("999", "-1", "many", "05000"):
        text = refusal(RUNAWAY_MESSAGES=value)
        assert text.startswith(f"RUNAWAY_MESSAGES is {value!r}; accepted is a number of messages from 1000, or 0")


def test_instant_without_an_offset_is_in_the_reporting_time_zone() -> None:
    utc = datetime.timezone.utc
    assert read_settings().imported_before is None
    read = read_settings(IMPORTED_BEFORE="2024-03-01", REPORTING_TIMEZONE="America/Sao_Paulo").imported_before
    assert read == datetime.datetime(2024, 3, 1, 3, tzinfo=utc)
    for written in ("2024-03-01T18:00-03:00", "2024-03-01 21:00:00Z"):
        assert read_settings(IMPORTED_BEFORE=written).imported_before == datetime.datetime(2024, 3, 1, 21, tzinfo=utc)
    for value in ("yesterday", "2024-02-30", "01/03/2024"):
        assert refusal(IMPORTED_BEFORE=value).startswith(f"IMPORTED_BEFORE is {value!r}")


def test_episode_gap_is_a_number_of_hours() -> None:
    assert read_settings().episode_gap == datetime.timedelta(hours=24)
    assert read_settings(EPISODE_GAP_HOURS="0").episode_gap == datetime.timedelta()
    assert read_settings(EPISODE_GAP_HOURS="0.5").episode_gap == datetime.timedelta(minutes=30)
    for value in ("-1", "24h", "99999"):
        assert refusal(EPISODE_GAP_HOURS=value) == (
            f"EPISODE_GAP_HOURS is {value!r}; accepted is a number of hours from 0, such as 24 or 0.5"
        )
