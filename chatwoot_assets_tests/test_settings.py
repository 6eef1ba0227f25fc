"""What the environment may hold, what is made of it, and how a wrong value is refused."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatwoot_assets.defs.partitions import daily_partitions_definition
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.partitions import day, today
from chatwoot_assets.settings import (
    ANALYTICS_DATABASE_URL,
    CHATWOOT_DATABASE_URL,
    DAGSTER_POSTGRES_URL,
    Settings,
    database_url,
    parse_date,
    validated_url,
)

_URL_VARIABLES = (CHATWOOT_DATABASE_URL, ANALYTICS_DATABASE_URL, DAGSTER_POSTGRES_URL)
_HOME = "/srv/chatwoot assets"


def _read(**environment: str) -> Settings:
    return Settings.from_environment({"CHATWOOT_ASSETS_HOME": _HOME, **environment})


def _refusal(**environment: str) -> str:
    with pytest.raises(SettingsError) as refused:
        _read(**environment)
    message = str(refused.value)
    assert "\n" not in message
    assert not refused.value.transient
    return message


# Defaults


def test_an_empty_environment_means_the_defaults_of_the_contract() -> None:
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
    names = ("CHATWOOT_VIEWS_SCHEMA", "REPORTING_TIMEZONE", "PARTITIONS_START_DATE", "EXTRACTS_URL", *_URL_VARIABLES)
    assert _read(**dict.fromkeys(names, "")) == _read()
    assert all(database_url(name, {name: ""}) is None for name in _URL_VARIABLES)
    assert all(database_url(name, {}) is None for name in _URL_VARIABLES)


def test_settings_hold_no_url_of_a_database() -> None:
    urls = dict.fromkeys(_URL_VARIABLES, "postgresql://reader:open-sesame@db/chatwoot")
    settings = _read(**urls)
    assert settings.chatwoot_url_is_set
    assert settings.analytics_url_is_set
    assert "sesame" not in repr(settings)


# URLs of databases


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader:secret@db.example.com:5432/chatwoot",
        "postgres://reader@db.example.com/chatwoot",
        "postgresql:///chatwoot",
        "postgresql://[::1]:5432/chatwoot",
        "postgresql://reader@/chatwoot?host=%2Fvar%2Frun%2Fpostgresql",
        "postgresql://reader:p%40ss%2Fw%3Ard@db/chatwoot?sslmode=require&connect_timeout=3",
        "postgresql://primary:5432,replica:5433/chatwoot?target_session_attrs=prefer-standby",
        "postgresql://primary,replica:5433/chatwoot",
        "postgresql://db:/chatwoot",
    ],
)
@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_every_form_of_libpq_url_is_accepted_as_it_is(variable: str, url: str) -> None:
    assert database_url(variable, {variable: url}) == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://reader@db/chatwoot", "mysql://"),
        ("db.example.com/chatwoot", "…"),
        ("host=db dbname=chatwoot", "…"),
        ("postgresql+psycopg2://db/chatwoot", "postgresql+psycopg2://db"),
        ("postgresql://reader:secret@db.example.com", "postgresql://"),
        ("postgresql://db/chatwoot?no_such_parameter=1", "postgresql://db"),
        ("postgresql://db:0/chatwoot", "0"),
        ("postgresql://db:65536/chatwoot", "65536"),
        ("postgresql://reader:secret@db:five/chatwoot", "port"),
    ],
)
@pytest.mark.parametrize("variable", _URL_VARIABLES)
def test_a_url_that_is_not_postgresqls_is_refused_with_what_is_accepted(variable: str, url: str, shown: str) -> None:
    with pytest.raises(SettingsError) as refused:
        validated_url(variable, url)
    message = str(refused.value)
    assert message.startswith(variable)
    assert shown in message
    assert "accepts postgresql://user:password@host:5432/database" in message
    assert "secret" not in message


# The fixed text of every message; a password that is part of it proves nothing by being there.
_FIXED = (
    "is not a PostgreSQL URL cannot be read as a URL encode special characters of the password as %XX has the port"
    " names no database accepts postgresql://user:password@host:5432/database"
)
_PASSWORDS = st.text(
    st.sampled_from("abcXYZ0189@:/?#[]%&=+ !$'\"\\()*,;~^|{}<>`ção²")
    | st.characters(codec="utf-8", exclude_characters="\0"),
    min_size=8,
    max_size=24,
).filter(lambda password: password not in _FIXED)
_FORMS = (
    "postgresql://reader:{}@db.example.com:5432/chatwoot",
    "postgresql://reader:{}@db.example.com:port/chatwoot",
    "postgresql://reader:{}@db.example.com:99999/chatwoot",
    "postgresql://reader:{}@db.example.com",
    "postgresql://reader:{}@[::1/chatwoot",
    "postgresql://reader:{}%zz@db.example.com/chatwoot",
    "postgresql://reader:{}",
    "postgresql://reader:{}/chatwoot",
    "postgresql:/reader:{}@db.example.com/chatwoot",
    "postgresql//reader:{}@db.example.com/chatwoot",
    "mysql://reader:{}@db.example.com/chatwoot",
    "reader:{}@db.example.com/chatwoot",
    "host=db.example.com user=reader password={} dbname=chatwoot",
    "postgresql://db.example.com:port/chatwoot?user=reader&password={}",
    "postgresql://db.example.com/chatwoot?no_such_parameter=1&password={}",
)


def _message(url: str) -> str:
    try:
        validated_url(CHATWOOT_DATABASE_URL, url)
    except SettingsError as error:
        return str(error)
    return ""


@given(st.sampled_from(_FORMS), _PASSWORDS)
@example("postgresql://reader:{}@db.example.com/chatwoot", "hunter22/secret")
@example("postgresql://reader:{}/chatwoot", "hunter22secret")
@example("postgresql://reader:{}", "hunter22secret%")
@example("postgresql://reader:{}", "@0000000")
@example("host=db user=reader password={} dbname=chatwoot", "hunter22://secret")
def test_no_password_is_ever_shown_whatever_characters_it_has_and_wherever_it_stands(form: str, password: str) -> None:
    for written in (password, quote(password, safe="")):
        message = _message(form.format(written))
        assert password not in message
        assert written not in message
        # Where an @ ends it, no longer piece of it is shown either, whatever cuts it in pieces.
        pieces = (
            []
            if "@db" not in form
            else [piece for piece in re.split(r"[/@?:]", password) if len(piece) >= 8 and piece not in _FIXED]
        )
        assert not [piece for piece in pieces if piece in message]


@given(_PASSWORDS)
def test_an_encoded_password_is_accepted_whatever_characters_it_has(password: str) -> None:
    url = f"postgresql://reader:{quote(password, safe='')}@db.example.com:5432/chatwoot"
    assert validated_url(CHATWOOT_DATABASE_URL, url) == url


def test_a_password_with_a_bare_at_sign_is_refused_since_the_host_would_take_part_of_it() -> None:
    with pytest.raises(SettingsError, match="%40") as refused:
        validated_url(CHATWOOT_DATABASE_URL, "postgresql://reader:open@sesame@db.example.com/chatwoot")
    assert "sesame" not in str(refused.value)


def test_a_password_with_a_bare_slash_is_refused_since_the_database_would_take_part_of_it() -> None:
    with pytest.raises(SettingsError, match="%40") as refused:
        validated_url(CHATWOOT_DATABASE_URL, "postgresql://reader:5432/sesame@db.example.com/chatwoot")
    assert "sesame" not in str(refused.value)


# The views' schema


@pytest.mark.parametrize("schema", ["chatwoot_analytics", "análise", 'quoted " name', "x" * 63, "publico", "é" * 31])
def test_a_schema_of_the_views_own_is_accepted(schema: str) -> None:
    assert _read(CHATWOOT_VIEWS_SCHEMA=schema).views_schema == schema


@pytest.mark.parametrize("schema", ["public", "PUBLIC", "information_schema", "pg_catalog", "PG_temp", "é" * 32])
def test_a_schema_that_is_chatwoots_or_postgresqls_or_too_long_is_refused(schema: str) -> None:
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
def test_what_is_no_iana_zone_is_refused(name: str) -> None:
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
def test_what_is_no_date_is_refused(value: str) -> None:
    message = _refusal(PARTITIONS_START_DATE=value)
    assert message.startswith(f"PARTITIONS_START_DATE is {value!r}")
    assert "YYYY-MM-DD" in message
    with pytest.raises(SettingsError, match=r"^--from is"):
        parse_date("--from", value)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_partition_may_be_today_in_the_reporting_time_zone_and_no_later(zone: str) -> None:
    here = today(zoneinfo.ZoneInfo(zone))
    assert _read(REPORTING_TIMEZONE=zone, PARTITIONS_START_DATE=here.isoformat()).partitions_start_date == here
    tomorrow = (here + datetime.timedelta(days=1)).isoformat()
    assert tomorrow in _refusal(REPORTING_TIMEZONE=zone, PARTITIONS_START_DATE=tomorrow)


@pytest.mark.parametrize("date", ["0001-01-01", "0999-12-31", "1000-01-01"])
def test_a_first_partition_that_is_accepted_can_be_used(date: str) -> None:
    environment = {"PARTITIONS_START_DATE": date, "REPORTING_TIMEZONE": "Asia/Kolkata"}
    try:
        settings = _read(**environment)
    except SettingsError as refused:
        assert date in str(refused)  # noqa: PT017 - either answer is right
        return
    assert day(settings.partitions_start_date, settings.reporting_timezone).key == date
    assert daily_partitions_definition(settings).get_first_partition_key() == date


@pytest.mark.parametrize("name", ["FRESHNESS_WARN_HOURS", "FRESHNESS_FAIL_HOURS"])
@pytest.mark.parametrize("value", ["0", "-1", "two", "1h", "1e3", "99999"])
def test_hours_that_are_none_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is '{value}'; accepted is a number of hours above 0"):
        Settings.from_environment({name: value})


def test_a_warning_comes_before_a_failure() -> None:
    with pytest.raises(SettingsError, match="FRESHNESS_WARN_HOURS is more than FRESHNESS_FAIL_HOURS"):
        Settings.from_environment({"FRESHNESS_WARN_HOURS": "30"})
    settings = Settings.from_environment({"FRESHNESS_WARN_HOURS": "0.5", "FRESHNESS_FAIL_HOURS": "1"})
    assert settings.freshness_warn.total_seconds() == 1800
    assert settings.freshness_fail.total_seconds() == 3600
