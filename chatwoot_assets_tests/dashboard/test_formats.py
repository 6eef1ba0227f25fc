"""Values are written as people of a language write them, and can be read back by them."""

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


def _read(text: str, language: Language) -> float:
    grouping, point = (".", ",") if language == "pt" else (",", ".")
    return float(text.replace(grouping, "").replace(point, "."))


@given(_NUMBERS, st.integers(0, 3), _LANGUAGES)
def test_a_number_reads_back_to_its_last_shown_digit(value: float, decimals: int, language: Language) -> None:
    text = formats.number(value, language, decimals)
    assert abs(_read(text, language) - value) <= 0.5 * 10**-decimals + abs(value) * 1e-12
    assert text not in ("-0", "-0,0", "-0.0")


@given(_NUMBERS, _NUMBERS, _LANGUAGES)
def test_a_change_has_the_sign_of_the_difference(now: float, before: float, language: Language) -> None:
    text = formats.points(now, before, language)
    assert text is not None
    if abs(now - before) > 0.001:
        assert text[0] == ("+" if now > before else "-")


@given(st.floats(-1e9, 1e9))
def test_a_duration_is_never_longer_than_two_units_and_rounded_down_at_most_by_the_smaller(seconds: float) -> None:
    text = formats.duration(seconds)
    lengths = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
    words = text.removeprefix("-").split()
    assert len(words) in (2, 4)
    shown = sum(int(count) * lengths[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    smaller = {"d": 3_600, "h": 60}.get(words[1], 1)
    assert 0 <= round(abs(seconds)) - shown < smaller
    assert text.startswith("-") == (seconds <= -0.5)


@given(st.dates(), _LANGUAGES)
def test_a_date_reads_back(value: datetime.date, language: Language) -> None:
    text = formats.date(value, language)
    if language == "pt":
        day, month, year = text.split("/")
        text = f"{year}-{month}-{day}"
    assert datetime.date.fromisoformat(text) == value


@pytest.mark.parametrize(
    ("value", "pt", "en"),
    [(1234.5, "1.234,5", "1,234.5"), (-0.04, "0,0", "0.0"), (None, UNKNOWN, UNKNOWN), (float("nan"), UNKNOWN, UNKNOWN)],
)
def test_numbers_are_in_the_form_of_their_language(value: float | None, pt: str, en: str) -> None:
    assert (formats.number(value, "pt", 1), formats.number(value, "en", 1)) == (pt, en)


def test_dates_times_and_shares_are_in_the_form_of_their_language() -> None:
    at = datetime.datetime(2025, 12, 31, 23, 30, tzinfo=datetime.timezone.utc)
    zone = zoneinfo.ZoneInfo("America/Sao_Paulo")
    assert formats.instant(at, zone, "pt") == "31/12/2025 20:30"
    assert formats.instant(at, zone, "en") == "2025-12-31 20:30"
    assert formats.percent(0.4567, "pt") == "45,7%"
    assert formats.change(110, 100, "pt") == "+10,0%"
    assert formats.change(1, 0, "en") is None
    assert formats.points(0.5, 0.6, "pt") == "-10,0 p.p."
    assert [formats.duration(seconds) for seconds in (None, 0, 59.6, 3_661, 90_000, -60)] == [
        UNKNOWN, "0 s", "1 min", "1 h 01 min", "1 d 01 h", "-1 min",
    ]  # fmt: skip
