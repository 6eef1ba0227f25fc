"""The setting HOLIDAYS: what it accepts, which dates follow from it, and how a wrong value is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.holiday_calendar import HolidayCalendar, HolidayRule, parse_holidays
from chatwoot_assets.settings import Settings
from chatwoot_assets.settings_files import exported_settings

CHRISTMAS_EVE = datetime.date(2025, 12, 24)
TOML = """
[holidays]
country = "BR"
subdivision = "SP"
dates = [2025-12-24, "01-25"]

[holidays.inboxes.12]
country = "PT"
dates = ["06-13"]

[holidays.inboxes.14]
country = "none"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of a working directory that has nothing else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHATWOOT_ASSETS_HOME", str(tmp_path))
    return tmp_path / "chatwoot_assets.toml"


def test_holidays_of_a_file_mean_the_same_in_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().holidays == HolidayCalendar()
    file.write_text(TOML)
    expected = HolidayCalendar(
        HolidayRule("BR", "SP", frozenset({CHRISTMAS_EVE}), frozenset({(1, 25)})),
        {
            12: HolidayRule("PT", None, frozenset({CHRISTMAS_EVE}), frozenset({(1, 25), (6, 13)})),
            14: HolidayRule(None, None, frozenset({CHRISTMAS_EVE}), frozenset({(1, 25)})),
        },
    )
    assert Settings.load().holidays == expected
    text = exported_settings()["HOLIDAYS"]
    file.unlink()
    monkeypatch.setenv("HOLIDAYS", text)
    assert Settings.load().holidays == expected


def test_inbox_without_an_entry_has_the_common_holidays() -> None:
    calendar = parse_holidays('{"country": "BR", "inboxes": {"12": {"country": "none"}}}')
    assert (calendar.get_rule(11).country, calendar.get_rule(12).country) == ("BR", None)


def test_dates_are_public_holidays_and_those_that_are_named() -> None:
    rule = HolidayRule("BR", "SP", frozenset({CHRISTMAS_EVE, datetime.date(2026, 2, 17)}), frozenset({(1, 25)}))
    found = [f"{date:%m-%d}" for date in sorted(rule.find_dates(2025, 2025))]
    assert found == [
        "01-01", "01-25", "04-18", "04-21", "05-01", "07-09", "09-07", "10-12", "11-02", "11-15", "11-20", "12-24",
        "12-25",
    ]  # fmt: skip


def test_29_february_is_a_holiday_of_leap_years_only() -> None:
    rule = HolidayRule(yearly=frozenset({(2, 29)}))
    assert rule.find_dates(2021, 2025) == {datetime.date(2024, 2, 29)}


def test_definition_changes_with_every_setting_and_is_empty_for_none() -> None:
    texts = [
        '{"country": "BR"}',
        '{"country": "BR", "subdivision": "SP"}',
        '{"country": "BR", "dates": ["2025-12-24"]}',
        '{"country": "BR", "dates": ["12-24"]}',
        '{"country": "BR", "inboxes": {"12": {"dates": ["2025-12-24"]}}}',
        '{"country": "BR", "inboxes": {"13": {"dates": ["2025-12-24"]}}}',
        '{"country": "BR", "inboxes": {"13": {"country": "none"}}}',
    ]
    assert len({parse_holidays(text).definition for text in texts}) == len(texts)
    assert HolidayCalendar().definition == ""


@pytest.mark.parametrize(
    ("toml", "refusal"),
    [
        ('country = "XX"', 'has country = "XX"; accepted is an ISO 3166 code, such as "BR", or "none"'),
        ("country = 55", "has country = 55; accepted is an ISO 3166 code"),
        ('subdivision = "SP"', "has subdivision without a country; accepted is both, or neither"),
        ('country = "PT"\nsubdivision = "SP"', 'has subdivision = "SP"; accepted for PT are 01, 02'),
        ('nation = "BR"', "has the unknown key nation; accepted are country, subdivision, dates, inboxes"),
        ("dates = 2025-12-24", 'has dates = "2025-12-24"; accepted is a list of dates, such as ["2025-12-24"]'),
        ('dates = ["2025-02-29"]', 'has dates = "2025-02-29"; accepted is a list of dates'),
        ('dates = ["02-30"]', 'has dates = "02-30"; accepted is a list of dates'),
        ("dates = [12]", "has dates = 12; accepted is a list of dates"),
        ("inboxes = 12", "has inboxes = 12; accepted is a table"),
        ("inboxes.12 = 1", "has inboxes.12 = 1; accepted is a table"),
        ("inboxes.sales.dates = []", 'has inboxes.sales = "sales"; accepted is the id of an inbox, such as 12'),
        ('inboxes.12.state = "SP"', "has the unknown key inboxes.12.state; accepted are country, subdivision, dates"),
        ('inboxes.12.country = "Brasil"', 'has inboxes.12.country = "Brasil"; accepted is an ISO 3166 code'),
    ],
)
def test_wrong_value_is_refused_with_its_file_and_key(file: Path, toml: str, refusal: str) -> None:
    file.write_text(f"[holidays]\n{toml}\n")
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert str(refused.value).startswith(f"HOLIDAYS in {file} {refusal}")
    assert "\n" not in str(refused.value)


def test_value_that_is_no_table_is_refused() -> None:
    with pytest.raises(
        SettingsError, match=r"^HOLIDAYS is 'BR'; accepted are a table in chatwoot_assets.toml and JSON"
    ):
        Settings.from_values({"HOLIDAYS": "BR"})
