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
from chatwoot_assets.settings_values import describe_flaw, format_hours, parse_date

_HOME = "/srv/chatwoot assets"


def _read(**values: str) -> Settings:
    return Settings.from_values({"CHATWOOT_ASSETS_HOME": _HOME, **values})


def _refusal(**values: str) -> str:
    with pytest.raises(SettingsError) as refused:
        _read(**values)
    message = str(refused.value)
    assert "\n" not in message
    assert not refused.value.transient
    return message


# Defaults


def test_no_values_mean_the_defaults_of_the_contract() -> None:
    assert _read() == Settings(
        chatwoot_url_is_set=False,
        analytics_url_is_set=False,
        views_schema="chatwoot_analytics",
        reporting_timezone=zoneinfo.ZoneInfo("UTC"),
        partitions_start_date=datetime.date(2024, 1, 1),
        extracts_url=f"{_HOME}/extracts",
        home=Path(_HOME),
    )


def test_an_empty_value_is_an_unset_one() -> None:
    names = ("CHATWOOT_VIEWS_SCHEMA", "REPORTING_TIMEZONE", "PARTITIONS_START_DATE", "EXTRACTS_URL", *DATABASE_URLS)
    assert _read(**dict.fromkeys(names, "")) == _read()


def test_settings_hold_no_url_of_a_database() -> None:
    urls = dict.fromkeys(DATABASE_URLS, "postgresql://reader:open-sesame@db/chatwoot")
    settings = _read(**urls)
    assert settings.chatwoot_url_is_set
    assert settings.analytics_url_is_set
    assert "sesame" not in repr(settings)


# The views' schema


@pytest.mark.parametrize("schema", ["chatwoot_analytics", "análise", 'quoted " name', "x" * 63, "publico", "é" * 31])
def test_a_schema_of_the_views_own_is_accepted(schema: str) -> None:
    assert _read(CHATWOOT_VIEWS_SCHEMA=schema).views_schema == schema


@pytest.mark.parametrize("schema", ["public", "PUBLIC", "information_schema", "pg_catalog", "PG_temp", "é" * 32])
def test_a_reserved_or_too_long_schema_is_refused(schema: str) -> None:
    message = _refusal(CHATWOOT_VIEWS_SCHEMA=schema)
    assert message.startswith(f"CHATWOOT_VIEWS_SCHEMA is {schema!r}")
    assert "chatwoot_analytics" in message


# The reporting time zone


@pytest.mark.parametrize("name", ["UTC", "America/Sao_Paulo", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])
def test_an_iana_zone_is_accepted(name: str) -> None:
    assert _read(REPORTING_TIMEZONE=name).reporting_timezone.key == name


@pytest.mark.parametrize(
    "name", ["Brasilia", "america/sao_paulo", "UTC-3", "-03:00", "../etc/passwd", "/etc/passwd", " "]
)
def test_anything_but_an_iana_zone_is_refused(name: str) -> None:
    message = _refusal(REPORTING_TIMEZONE=name)
    assert message.startswith(f"REPORTING_TIMEZONE is {name!r}")
    assert "America/Sao_Paulo" in message


# The first partition


@pytest.mark.parametrize("date", ["2024-02-29", "2017-06-12", "2000-01-01"])
def test_a_past_date_is_accepted_as_the_first_partition(date: str) -> None:
    assert _read(PARTITIONS_START_DATE=date).partitions_start_date.isoformat() == date


@pytest.mark.parametrize(
    "value", ["2023-02-29", "2024-13-01", "01/02/2024", "2024-1-1", "20240101", "2024-01-01T00:00", "2024-01-01\n", "x"]
)
def test_anything_but_a_date_is_refused(value: str) -> None:
    message = _refusal(PARTITIONS_START_DATE=value)
    assert message.startswith(f"PARTITIONS_START_DATE is {value!r}")
    assert "YYYY-MM-DD" in message
    with pytest.raises(SettingsError, match=r"^--from is"):
        parse_date("--from", value)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_partition_may_be_today_in_the_zone_and_no_later(zone: str) -> None:
    here = today(zoneinfo.ZoneInfo(zone))
    assert _read(REPORTING_TIMEZONE=zone, PARTITIONS_START_DATE=here.isoformat()).partitions_start_date == here
    tomorrow = (here + datetime.timedelta(days=1)).isoformat()
    assert tomorrow in _refusal(REPORTING_TIMEZONE=zone, PARTITIONS_START_DATE=tomorrow)


@pytest.mark.parametrize("date", ["0001-01-01", "0999-12-31", "1000-01-01"])
def test_a_first_partition_that_is_accepted_can_be_used(date: str) -> None:
    values = {"PARTITIONS_START_DATE": date, "REPORTING_TIMEZONE": "Asia/Kolkata"}
    try:
        settings = _read(**values)
    except SettingsError as refused:
        assert date in str(refused)  # noqa: PT017 - either answer is right
        return
    assert day(settings.partitions_start_date, settings.reporting_timezone).key == date
    assert daily_partitions_definition(settings).get_first_partition_key() == date


# Hours, switches and ids


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
    assert "accepted is a whole number of seconds from 30 to 3600" in _refusal(REFRESH_INTERVAL_SECONDS=value)
    assert Settings.from_values({"REFRESH_INTERVAL_SECONDS": "30"}).refresh_interval_seconds == 30


def test_more_than_a_day_is_shown_in_hours() -> None:
    assert "(30 hours and 26 hours)" in _refusal(FRESHNESS_WARN_HOURS="30")


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0.5, "0.5 hours"),
        (1, "1 hour"),
        (2, "2 hours"),
        (30, "30 hours"),
        (100, "100 hours"),
        (1234.5, "1,234.5 hours"),
    ],
)
def test_hours_are_written_without_days_or_exponents(hours: float, text: str) -> None:
    assert format_hours(datetime.timedelta(hours=hours)) == text


def test_a_switch_is_on_or_off() -> None:
    assert _read(DASHBOARD_CONVERSATIONS="on").dashboard_conversations
    assert not _read(DASHBOARD_CONVERSATIONS="off").dashboard_conversations
    assert _refusal(DASHBOARD_CONVERSATIONS="no") == "DASHBOARD_CONVERSATIONS is 'no'; accepted are on and off"


def test_ids_are_separated_by_commas() -> None:
    assert _read(BOT_USER_IDS="7, 12,7").bot_user_ids == {7, 12}
    assert _refusal(BOT_USER_IDS="7;12").startswith("BOT_USER_IDS is '7;12'; accepted are ids of Chatwoot's users")


def test_custom_attributes_are_keys_of_conversations_and_contacts() -> None:
    assert _read().custom_attributes == ""
    assert _read(CUSTOM_ATTRIBUTES="none").custom_attributes == "none"
    written = "conversation.motivo, contact.plano,conversation.data da compra,contact.plano"
    assert _read(CUSTOM_ATTRIBUTES=written).custom_attributes == (
        "contact.plano,conversation.data da compra,conversation.motivo"
    )
    for value in ("motivo", "conversation.", "none,contact.plano", "company.size"):
        assert _refusal(CUSTOM_ATTRIBUTES=value) == (
            f"CUSTOM_ATTRIBUTES is {value!r}; accepted are keys such as conversation.motivo,contact.plano, or none"
        )


def test_instant_without_an_offset_is_in_the_reporting_time_zone() -> None:
    utc = datetime.timezone.utc
    assert _read().imported_before is None
    read = _read(IMPORTED_BEFORE="2024-03-01", REPORTING_TIMEZONE="America/Sao_Paulo").imported_before
    assert read == datetime.datetime(2024, 3, 1, 3, tzinfo=utc)
    for written in ("2024-03-01T18:00-03:00", "2024-03-01 21:00:00Z"):
        assert _read(IMPORTED_BEFORE=written).imported_before == datetime.datetime(2024, 3, 1, 21, tzinfo=utc)
    for value in ("yesterday", "2024-02-30", "01/03/2024"):
        assert _refusal(IMPORTED_BEFORE=value).startswith(f"IMPORTED_BEFORE is {value!r}")


def test_episode_gap_is_a_number_of_hours() -> None:
    assert _read().episode_gap == datetime.timedelta(hours=24)
    assert _read(EPISODE_GAP_HOURS="0").episode_gap == datetime.timedelta()
    assert _read(EPISODE_GAP_HOURS="0.5").episode_gap == datetime.timedelta(minutes=30)
    for value in ("-1", "24h", "99999"):
        assert _refusal(EPISODE_GAP_HOURS=value) == (
            f"EPISODE_GAP_HOURS is {value!r}; accepted is a number of hours from 0, such as 24 or 0.5"
        )


# The address of Chatwoot's web interface


def test_an_address_loses_the_slash_at_its_end() -> None:
    assert _read(CHATWOOT_URL="https://chat.example.com/").chatwoot_url == "https://chat.example.com"


def test_an_address_without_its_scheme_is_quoted_as_it_is() -> None:
    message = _refusal(CHATWOOT_URL="chat.example.com")
    assert message.startswith(
        "CHATWOOT_URL is 'chat.example.com', which does not begin with https:// or http://; accepted is the address"
    )


@pytest.mark.parametrize(
    "value",
    [
        "https://ana:open-sesame@chat.example.com",
        "ana:open-sesame@chat.example.com",
        "chat.example.com?token=open-sesame",
        "'https://ana:open-sesame@chat.example.com'",
        " https://ana:open-sesame@chat.example.com",
    ],
)
def test_a_refused_address_shows_no_credentials(value: str) -> None:
    message = _refusal(CHATWOOT_URL=value)
    assert message.startswith("CHATWOOT_URL is ")
    assert "sesame" not in message


# Characters that are hard to see


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        ("x\n", "ends in a newline"),
        ("x\r\n", "ends in a newline"),
        ("x ", "ends in a blank"),
        ("x\t", "ends in a blank"),
        ("x\N{NO-BREAK SPACE}", "ends in a blank"),
        (" x", "begins with a blank"),
        ("\nx", "begins with a newline"),
        ("'x'", "has quotes around it"),
        ('"x"', "has quotes around it"),
        ("a\nb", "has a control character inside"),
        ("a\0b", "has a control character inside"),
    ],
)
def test_a_flaw_around_a_value_is_described(value: str, flaw: str) -> None:
    assert describe_flaw(value) == flaw


@pytest.mark.parametrize("value", ["", "x", "a b", "it's", "'x", 'quoted " name', "'"])
def test_a_plain_value_has_no_flaw(value: str) -> None:
    assert describe_flaw(value) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATWOOT_VIEWS_SCHEMA", "analytics"),
        ("REPORTING_TIMEZONE", "UTC"),
        ("PARTITIONS_START_DATE", "2024-01-01"),
        ("EXTRACTS_URL", "/srv/extracts"),
        ("EXTRACTS_URL", "s3://bucket"),
        ("FRESHNESS_WARN_HOURS", "2"),
        ("DASHBOARD_CONVERSATIONS", "on"),
        ("CHATWOOT_URL", "https://chat.example.com"),
        ("BOT_USER_IDS", "7"),
        ("CHATWOOT_ASSETS_HOME", "/srv/home"),
    ],
)
def test_quotes_blanks_and_newlines_around_a_value_are_named(name: str, value: str) -> None:
    for flawed, flaw in (
        (f'"{value}"', "has quotes around it"),
        (f" {value}", "begins with a blank"),
        (f"{value}\n", "ends in a newline"),
    ):
        message = _refusal(**{name: flawed})
        assert message.startswith(f"{name} is ")
        assert f", which {flaw}; accepted " in message
