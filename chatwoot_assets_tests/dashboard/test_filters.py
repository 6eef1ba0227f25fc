"""Filters survive the way into a URL and back, and no URL can do any harm."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwoot_assets.dashboard.filter_options import FilterOptions, build_filter_options
from chatwoot_assets.dashboard.filter_urls import ON, PARAMETERS, format_url, parse_url
from chatwoot_assets.dashboard.filters import (
    COMPARISONS,
    LIST_PARAMETERS,
    ONE_DAY,
    PRESETS,
    STATUSES,
    UNKNOWN_ID,
    Filters,
    Period,
    preset_period,
    query_parameters,
    unknown_value,
)
from chatwoot_assets.dashboard.url_values import expand, shrink

_DAYS = st.dates(datetime.date(1970, 1, 1), datetime.date(2060, 1, 1))
_PERIODS = st.tuples(_DAYS, st.integers(0, 3_000)).map(lambda pair: Period(pair[0], pair[0] + pair[1] * ONE_DAY))


def _ids(most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(0, most), unique=True, max_size=5).map(tuple)


# The characters of Chatwoot's labels: letters of any language, digits, - and _.
_LETTERS = st.characters(categories=["L", "Nd"], include_characters="-_")
_LISTS = st.fixed_dictionaries(
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
        lambda preset, comparison, lists: Filters(preset=preset, business_hours=True, comparison=comparison, **lists),
        st.sampled_from(PRESETS),
        st.sampled_from(COMPARISONS),
        _LISTS,
    ),
    st.builds(lambda custom, lists: Filters(preset=None, custom=custom, **lists), _PERIODS, _LISTS),
)


@given(_FILTERS)
def test_filters_come_back_from_their_url(filters: Filters) -> None:
    assert parse_url(format_url(filters)) == (filters, [])


@given(_FILTERS)
def test_url_holds_only_ids_dates_labels_and_own_words(filters: Filters) -> None:
    for name, value in format_url(filters).items():
        assert name in PARAMETERS
        known = (*PRESETS, *STATUSES, *COMPARISONS, ON, *filters.labels)
        assert all(part in known or part.replace("-", "").isdigit() for part in value.split(","))


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=30)))
def test_every_parameter_of_a_url_is_parsed_or_reported(url: dict[str, str]) -> None:
    filters, ignored = parse_url(url)
    assert set(ignored) <= set(url)
    assert parse_url(format_url(filters)) == (filters, [LIST_PARAMETERS[name] for name in filters.unknown_lists])
    assert filters.period(datetime.date(2025, 3, 31)).previous.days > 0


@pytest.mark.parametrize(
    ("url", "ignored"),
    [
        ({"inbox": "1;DROP TABLE conversas_analytics"}, ["inbox"]),
        ({"inbox": "1,x"}, ["inbox"]),
        ({"agent": "-1"}, ["agent"]),
        ({"agent": str(2**31)}, ["agent"]),
        ({"team": str(2**63)}, ["team"]),
        ({"account": "1-20000"}, ["account"]),
        ({"account": "7-3"}, ["account"]),
        ({"account": "1-"}, ["account"]),
        ({"status": "open,closed"}, ["status"]),
        ({"label": "x" * 256}, ["label"]),
        ({"label": "vip,"}, ["label"]),
        ({"label": "v\nip"}, ["label"]),
        ({"business_hours": "yes"}, ["business_hours"]),
        ({"period": "100d"}, ["period"]),
        ({"from": "2025-03-01"}, ["from"]),
        ({"from": "2025-03-02", "to": "2025-03-01"}, ["from", "to"]),
        ({"from": "2025-02-30", "to": "2025-03-01"}, ["from", "to"]),
        ({"from": "0001-01-01", "to": "9999-12-31"}, ["from", "to"]),
        ({"utm_source": "mail"}, []),
    ],
)
def test_invalid_parameter_is_reported_and_never_shows_more(url: dict[str, str], ignored: list[str]) -> None:
    filters, reported = parse_url(url)
    assert reported == ignored
    lists = {parameter: name for name, parameter in LIST_PARAMETERS.items()}
    unknown = [lists[name] for name in ignored if name in lists]
    assert filters.unknown_lists == unknown
    expected: dict[str, Any] = {name: (unknown_value(name),) for name in unknown}
    assert filters == Filters(**expected)
    accounts = query_parameters(filters, filters.period(datetime.date(2025, 3, 31)))["accounts"]
    assert accounts == ([UNKNOWN_ID] if unknown else [])


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("today", "2025-03-31", "2025-03-31"),
        ("7d", "2025-03-25", "2025-03-31"),
        ("30d", "2025-03-02", "2025-03-31"),
        ("90d", "2025-01-01", "2025-03-31"),
        ("yesterday", "2025-03-30", "2025-03-30"),
        ("week", "2025-03-31", "2025-03-31"),
        ("last_week", "2025-03-24", "2025-03-30"),
        ("12m", "2024-04-01", "2025-03-31"),
        ("all", "2023-05-06", "2025-03-31"),
        ("month", "2025-03-01", "2025-03-31"),
        ("last_month", "2025-02-01", "2025-02-28"),
        ("year", "2025-01-01", "2025-03-31"),
    ],
)
def test_preset_has_days_up_to_today(preset: str, first: str, last: str) -> None:
    period = preset_period(preset, datetime.date(2025, 3, 31), datetime.date(2023, 5, 6))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@given(_PERIODS)
def test_previous_period_is_as_long_and_ends_the_day_before(period: Period) -> None:
    assert period.previous.days == period.days == len(period.dates())
    assert period.previous.last + ONE_DAY == period.first


@pytest.mark.parametrize("ids", [range(1, 301), range(1, 3_000, 7), [*range(5, 200), 250, 251, 900]], ids=str)
def test_many_ids_stay_selected_by_a_url(ids: Sequence[int]) -> None:
    filters = Filters(agents=tuple(ids))
    url = format_url(filters)
    assert parse_url(url) == (filters, [])
    assert len(url["agent"]) < 2_500
    assert format_url(Filters(agents=tuple(range(1, 301))))["agent"] == "1-300"


@pytest.mark.parametrize("values", [{"labels": 500}, {"attributes": 300}, {"agents": 300, "labels": 500}], ids=str)
def test_hundreds_of_words_fit_into_a_url(values: dict[str, int]) -> None:
    texts = {"agents": "{}", "labels": "{}_reclamação", "attributes": "conversation.motivo=Loja {}, São Paulo"}
    lists: dict[str, Any] = {
        name: tuple(texts[name].format(7 * number * number % 100_003) for number in range(1, count + 1))
        for name, count in values.items()
    }
    if "agents" in lists:
        lists["agents"] = tuple(sorted(map(int, lists["agents"])))
    filters = Filters(**lists)
    url = format_url(filters)
    assert parse_url(url) == (filters, [])
    assert len(urlencode(url)) < 8_000


@given(st.text(max_size=2_000))
def test_every_text_comes_back_from_its_short_form(text: str) -> None:
    assert expand(shrink(text)) == text
    assert len(shrink(text)) <= max(500, 3 * len(text.encode()))


@pytest.mark.parametrize("value", ["~", "~x", "~§", "~AAAA", shrink("7," * 900)[:-9]], ids=str)
def test_damaged_short_form_selects_nothing(value: str) -> None:
    filters, ignored = parse_url({"agent": value})
    assert (filters.unknown_lists, ignored) == (["agents"], ["agent"])


def test_short_form_of_too_much_is_refused() -> None:
    assert expand(shrink("7" * 1_000_000)) is not None
    assert expand(shrink("7" * 1_000_001)) is None


@given(_PERIODS)
def test_days_of_a_unit_are_those_that_start_with_it(period: Period) -> None:
    today = period.last - 3 * ONE_DAY
    days: dict[datetime.date, list[datetime.date]] = {}
    for date in period.dates():
        if date <= today:
            days.setdefault(period.start_of(date), []).append(date)
    assert all(period.days_from(start, today).dates() == dates for start, dates in days.items())


@given(_PERIODS)
def test_same_weeks_last_year_have_the_same_weekdays(period: Period) -> None:
    earlier = period.compared("year")
    assert (period.first - earlier.first).days == (period.last - earlier.last).days == 364
    assert earlier.first.weekday() == period.first.weekday()
    assert period.compared("previous") == period.previous


def test_only_a_period_that_ends_today_is_compared_up_to_now() -> None:
    now = datetime.datetime(2025, 3, 31, 10, 15, tzinfo=datetime.timezone.utc)
    period = Period(now.date() - 6 * ONE_DAY, now.date())
    assert period.compared_until("year", now.date(), now) == now - 364 * ONE_DAY
    assert period.compared_until("previous", now.date(), now) == now - 7 * ONE_DAY
    assert period.compared_until("year", now.date() + ONE_DAY, now) is None
    assert period.compared_until("year", now.date(), None) is None


def test_unknown_id_or_label_is_dropped_and_reported() -> None:
    filters = Filters(inboxes=(1, 99), teams=(5,), labels=("vip", "Maria da Silva"))
    known: dict[str, frozenset[int] | frozenset[str]] = {
        "inboxes": frozenset({1}),
        "teams": frozenset({5}),
        "labels": frozenset({"vip"}),
    }
    assert filters.drop_unknown(known) == (Filters(inboxes=(1,), teams=(5,), labels=("vip",)), ["inbox", "label"])


def test_list_of_unknown_ids_only_selects_nothing() -> None:
    filters = Filters(agents=(7, 8), labels=("gone",), attributes=("conversation.gone=1",), statuses=("open",))
    nothing = dict.fromkeys(("agents", "labels", "attributes"), frozenset[str]())
    dropped, ignored = filters.drop_unknown(nothing)
    assert (dropped.unknown_lists, ignored) == (["agents", "labels", "attributes"], [])
    assert dropped.drop_unknown(nothing) == (dropped, [])
    assert parse_url(format_url(dropped))[0] == dropped
    # A known value that is selected in addition replaces what is not known.
    known = replace(dropped, agents=(*dropped.agents, 3)).drop_unknown({"agents": frozenset({3})})[0]
    assert (known.agents, known.unknown_lists) == ((3,), ["labels", "attributes"])


def _option(kind: str, id_: int | None, name: str | None, account: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "id": id_, "name": name, "detail": None, "account_id": account}


_OPTIONS = [
    _option("account", 1, "Loja"), _option("account", 2, "Fábrica"),
    _option("inbox", 10, "Vendas", 1), _option("inbox", 20, "Suporte", 2), _option("team", 5, "Norte", 2),
    *(_option("agent", id_, name) for id_, name in ((7, "Zeca"), (8, None), (9, "ana"), (11, "Bia"))),
    *(_option("agent_account", id_, None, account) for id_, account in ((7, 1), (7, 2), (8, 2), (9, 2), (0, 1))),
    _option("label", None, "vip"), _option("label", None, "troca"),
    _option("label_account", None, "vip", 1), _option("label_account", None, "troca", 2),
]  # fmt: skip


def _build() -> FilterOptions:
    return build_filter_options(_OPTIONS, lambda key, **values: f"{key} {values.get('id', '')}".strip())


def test_account_narrows_inboxes_teams_agents_and_labels() -> None:
    options = _build()
    assert [*options.of_accounts("inboxes", [1])] == [10]
    assert [*options.of_accounts("teams", [1])] == [0]
    # Nothing of the last year is known of agent 11.
    assert [*options.of_accounts("agents", [1])] == [0, 11, 7]
    assert [*options.of_accounts("agents", [1], selected=[9])] == [0, 9, 11, 7]
    assert [*options.of_accounts("labels", [2])] == ["troca"]
    assert [*options.of_accounts("labels", [1, 2])] == ["troca", "vip"]


def test_agents_without_a_name_come_last() -> None:
    assert [*_build().names["agents"].values()] == ["no_agent", "ana", "Bia", "Zeca", "agent_without_name 8"]
