"""Values are written as each language writes them, and can be read back."""

from __future__ import annotations

import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.dashboard import formats
from chatwoot_assets.dashboard.formats import LANGUAGES, UNKNOWN, Language

_LANGUAGES = st.sampled_from(LANGUAGES)
_NUMBERS = st.floats(-1e12, 1e12)


def _parse(text: str, language: Language) -> float:
    grouping, point = (".", ",") if language == "pt" else (",", ".")
    return float(text.replace(grouping, "").replace(point, "."))


@given(_NUMBERS, st.integers(0, 3), _LANGUAGES)
def test_number_reads_back_to_its_last_shown_digit(value: float, decimals: int, language: Language) -> None:
    text = formats.format_number(value, language, decimals)
    assert abs(_parse(text, language) - value) <= 0.5 * 10**-decimals + abs(value) * 1e-12
    assert text not in ("-0", "-0,0", "-0.0")


@given(_NUMBERS, _NUMBERS, _LANGUAGES)
def test_change_has_the_sign_of_the_difference(current: float, previous: float, language: Language) -> None:
    text = formats.format_points(current, previous, language)
    assert text is not None
    if abs(current - previous) > 0.001:
        assert text[0] == ("+" if current > previous else "-")


@given(st.floats(-1e9, 1e9))
def test_duration_has_two_units_and_is_rounded_by_the_smaller(seconds: float) -> None:
    text = formats.format_duration(seconds)
    lengths = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
    parts = text.removeprefix("-").split()
    assert len(parts) in (2, 4)
    shown = sum(int(count) * lengths[unit] for count, unit in zip(parts[::2], parts[1::2], strict=True))
    smaller = {"d": 3_600, "h": 60}.get(parts[1], 1)
    assert 0 <= round(abs(seconds)) - shown < smaller
    assert text.startswith("-") == (seconds <= -0.5)


@given(st.dates(), _LANGUAGES)
def test_date_reads_back(value: datetime.date, language: Language) -> None:
    text = formats.format_date(value, language)
    if language == "pt":
        day, month, year = text.split("/")
        text = f"{year}-{month}-{day}"
    assert datetime.date.fromisoformat(text) == value


@pytest.mark.parametrize(
    ("value", "pt", "en"),
    [(1234.5, "1.234,5", "1,234.5"), (-0.04, "0,0", "0.0"), (None, UNKNOWN, UNKNOWN), (float("nan"), UNKNOWN, UNKNOWN)],
)
def test_numbers_are_written_as_their_language_does(value: float | None, pt: str, en: str) -> None:
    assert (formats.format_number(value, "pt", 1), formats.format_number(value, "en", 1)) == (pt, en)


def test_dates_times_and_shares_are_written_as_their_language_does() -> None:
    instant = datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.timezone.utc)
    zone = zoneinfo.ZoneInfo("America/Sao_Paulo")
    assert formats.format_instant(instant, zone, "pt") == "31/12/2025 20:30"
    assert formats.format_instant(instant, zone, "en") == "2025-12-31 20:30"
    assert formats.format_percent(0.4567, "pt") == "45,7%"
    assert formats.format_change(110, 100, "pt") == "+10,0%"
    assert formats.format_change(1, 0, "en") is None
    assert formats.format_points(0.5, 0.6, "pt") == "-10,0 p.p."
    assert [formats.format_duration(seconds) for seconds in (None, 0, 59.6, 3_661, 90_000, -60)] == [
        UNKNOWN, "0 s", "1 min", "1 h 01 min", "1 d 01 h", "-1 min",
    ]  # fmt: skip
