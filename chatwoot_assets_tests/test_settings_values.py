"""The text of settings: numbers of hours, addresses, and characters that are hard to see."""

from __future__ import annotations

import datetime

import pytest

from chatwoot_assets.settings_values import describe_flaw, format_hours
from chatwoot_assets_tests.settings_reading import read_settings, refusal


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


def test_an_address_loses_the_slash_at_its_end() -> None:
    assert read_settings(CHATWOOT_URL="https://chat.example.com/").chatwoot_url == "https://chat.example.com"


def test_an_address_without_its_scheme_is_quoted_as_it_is() -> None:
    message = refusal(CHATWOOT_URL="chat.example.com")
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
    message = refusal(CHATWOOT_URL=value)
    assert message.startswith("CHATWOOT_URL is ")
    assert "sesame" not in message


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
        message = refusal(**{name: flawed})
        assert message.startswith(f"{name} is ")
        assert f", which {flaw}; accepted " in message
