"""A comparison of rows finds what differs, and nothing else."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from chatwoot_assets_tests.comparison import differences


def test_differences_name_the_key_the_column_and_both_values() -> None:
    assert differences({1: {"a": 1, "b": [{"c": "x"}]}}, {1: {"a": True, "b": [{"c": "y"}]}, 2: {}}) == [
        "2: not expected",
        "1.a: expected 1, got True",
        "1.b[0].c: expected 'x', got 'y'",
    ]
    assert differences({3: {"a": 1}}, {}) == ["3: missing"]
    assert differences({3: {"a": None}}, {3: {}}) == ["3.a: no such column"]
    assert differences({3: {"a": []}}, {3: {"a": [1]}}) == ["3.a: expected 0 elements, got 1"]


def test_microsecond_is_a_difference_but_rounding_type_and_zone_are_not() -> None:
    twice = datetime(2018, 2, 17, 23, 30, fold=1, tzinfo=ZoneInfo("America/Sao_Paulo"))
    in_utc = datetime(2018, 2, 18, 2, 30, tzinfo=timezone.utc)
    expected = {1: {"at": in_utc, "mean": 0.1 + 0.2, "count": 3}}
    assert differences(expected, {1: {"at": twice, "mean": Decimal("0.3"), "count": Decimal(3)}}) == []
    assert differences({1: {"a": 86_400.0}}, {1: {"a": 86_400.000001}}) != []
    assert differences({1: {"a": in_utc}}, {1: {"a": in_utc.replace(tzinfo=None)}}) != []
