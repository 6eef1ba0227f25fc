"""What is chosen survives the way into a URL and back, and no URL can do any harm."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.dashboard.filters import (
    BUSINESS,
    ONE_DAY,
    PARAMETERS,
    PRESETS,
    STATUSES,
    Filters,
    Period,
    from_url,
    preset_period,
)

_DAYS = st.dates(datetime.date(1970, 1, 1), datetime.date(2060, 1, 1))
_PERIODS = st.tuples(_DAYS, st.integers(0, 3_000)).map(lambda pair: Period(pair[0], pair[0] + pair[1] * ONE_DAY))


def _ids(most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(0, most), unique=True, max_size=5).map(tuple)


# Of what Chatwoot's labels are made: letters of any language, digits, - and _.
_LETTERS = st.characters(categories=["L", "Nd"], include_characters="-_")
_CHOICES = st.fixed_dictionaries(
    {
        "accounts": _ids(2**31 - 1),
        "inboxes": _ids(2**31 - 1),
        "teams": _ids(2**63 - 1),
        "agents": _ids(2**31 - 1),
        "labels": st.lists(st.text(_LETTERS, min_size=1, max_size=20), unique=True, max_size=5).map(tuple),
        "statuses": st.lists(st.sampled_from(STATUSES), unique=True).map(tuple),
    }
)
_FILTERS = st.one_of(
    st.builds(
        lambda preset, lists: Filters(preset=preset, in_business=True, **lists), st.sampled_from(PRESETS), _CHOICES
    ),
    st.builds(lambda own, lists: Filters(preset=None, own=own, **lists), _PERIODS, _CHOICES),
)


@given(_FILTERS)
def test_what_is_chosen_comes_back_from_its_url(filters: Filters) -> None:
    assert from_url(filters.to_url()) == (filters, [])


@given(_FILTERS)
def test_a_url_holds_ids_dates_labels_and_words_of_ours_only(filters: Filters) -> None:
    for name, value in filters.to_url().items():
        assert name in PARAMETERS
        known = (*PRESETS, *STATUSES, BUSINESS, *filters.labels)
        assert all(part in known or part.replace("-", "").isdigit() for part in value.split(","))


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=30)))
def test_whatever_a_url_holds_is_read_or_left_out_and_named(url: dict[str, str]) -> None:
    filters, ignored = from_url(url)
    assert set(ignored) <= set(url)
    assert from_url(filters.to_url()) == (filters, [])
    assert filters.period(datetime.date(2025, 3, 31)).previous.days > 0


@pytest.mark.parametrize(
    ("url", "ignored"),
    [
        ({"inbox": "1;DROP TABLE conversas_analytics"}, ["inbox"]),
        ({"inbox": "1,x"}, ["inbox"]),
        ({"agent": "-1"}, ["agent"]),
        ({"agent": str(2**31)}, ["agent"]),
        ({"team": str(2**63)}, ["team"]),
        ({"account": ",".join(map(str, range(201)))}, ["account"]),
        ({"status": "open,closed"}, ["status"]),
        ({"label": "x" * 256}, ["label"]),
        ({"label": "vip,"}, ["label"]),
        ({"label": "v\nip"}, ["label"]),
        ({"clock": "calendar"}, ["clock"]),
        ({"period": "100d"}, ["period"]),
        ({"from": "2025-03-01"}, ["from"]),
        ({"from": "2025-03-02", "to": "2025-03-01"}, ["from", "to"]),
        ({"from": "2025-02-30", "to": "2025-03-01"}, ["from", "to"]),
        ({"from": "0001-01-01", "to": "9999-12-31"}, ["from", "to"]),
        ({"utm_source": "mail"}, []),
    ],
)
def test_what_cannot_be_meant_is_left_out(url: dict[str, str], ignored: list[str]) -> None:
    assert from_url(url) == (Filters(), ignored)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("today", "2025-03-31", "2025-03-31"),
        ("7d", "2025-03-25", "2025-03-31"),
        ("30d", "2025-03-02", "2025-03-31"),
        ("90d", "2025-01-01", "2025-03-31"),
        ("month", "2025-03-01", "2025-03-31"),
        ("last_month", "2025-02-01", "2025-02-28"),
        ("year", "2025-01-01", "2025-03-31"),
    ],
)
def test_a_preset_means_days_up_to_today(preset: str, first: str, last: str) -> None:
    period = preset_period(preset, datetime.date(2025, 3, 31))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@given(_PERIODS)
def test_the_period_before_is_as_long_and_ends_the_day_before(period: Period) -> None:
    assert period.previous.days == period.days == len(period.dates())
    assert period.previous.last + ONE_DAY == period.first


def test_an_id_or_a_label_that_is_not_known_is_left_out_and_named() -> None:
    filters = Filters(inboxes=(1, 99), teams=(5,), labels=("vip", "Maria da Silva"))
    known = {"inboxes": frozenset({1}), "teams": frozenset({5}), "labels": frozenset({"vip"})}
    assert filters.only(known) == (Filters(inboxes=(1,), teams=(5,), labels=("vip",)), ["inbox", "label"])
