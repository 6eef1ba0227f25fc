"""Compare expected rows with actual ones, and describe the differences for the reader of a failure.

Test data are made up, so that values may be shown.
"""

from __future__ import annotations

import math
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

# A microsecond in ten days is a difference; the rounding of a sum of doubles is not.
_RELATIVE_TOLERANCE = 1e-12
_ABSOLUTE_TOLERANCE = 1e-9
_LONGEST_SHOWN = 160


def close(expected: float, actual: float | Decimal) -> bool:
    """Return whether two numbers are equal except for the rounding of double precision."""
    return math.isclose(expected, float(actual), rel_tol=_RELATIVE_TOLERANCE, abs_tol=_ABSOLUTE_TOLERANCE)


def differences(expected: Mapping[Any, Mapping[str, Any]], actual: Mapping[Any, Mapping[str, Any]]) -> list[str]:
    """Return one line per difference, with its key, its column and both values.

    Columns that only the actual rows have are ignored. Types count: 1 is not true, a datetime is not a date, a naive
    datetime is not an aware one. But whole numbers may be Decimal.
    """
    lines = [f"{key!r}: missing" for key in expected if key not in actual]
    lines += [f"{key!r}: not expected" for key in actual if key not in expected]
    for key, row in expected.items():
        for column, value in row.items() if key in actual else ():
            path = f"{key!r}.{column}"
            if column in actual[key]:
                lines += _value_differences(path, value, actual[key][column])
            else:
                lines.append(f"{path}: no such column")
    return lines


def _value_differences(path: str, expected: object, actual: object) -> list[str]:
    if isinstance(expected, list) and isinstance(actual, list):
        return _list_differences(path, expected, actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _object_differences(path, expected, actual)
    if _same(expected, actual):
        return []
    if isinstance(expected, str) and isinstance(actual, str):
        return [f"{path}: {_texts(expected, actual)}"]
    return [f"{path}: expected {_shown(expected)}, got {_shown(actual)}"]


def _list_differences(path: str, expected: list[Any], actual: list[Any]) -> list[str]:
    lines = [f"{path}: expected {len(expected)} elements, got {len(actual)}"] if len(expected) != len(actual) else []
    for index, (one, other) in enumerate(zip(expected, actual, strict=False)):
        lines += _value_differences(f"{path}[{index}]", one, other)
    return lines


def _object_differences(path: str, expected: dict[Hashable, object], actual: dict[Hashable, object]) -> list[str]:
    lines = [f"{path}.{key}: missing" for key in expected if key not in actual]
    lines += [f"{path}.{key}: not expected" for key in actual if key not in expected]
    for key in expected:
        if key in actual:
            lines += _value_differences(f"{path}.{key}", expected[key], actual[key])
    return lines


def _same(expected: object, actual: object) -> bool:
    if isinstance(expected, datetime) and isinstance(actual, datetime):
        return _in_utc(expected) == _in_utc(actual)
    if isinstance(expected, float) and isinstance(actual, (float, Decimal)):
        return close(expected, actual)
    if type(expected) is int and isinstance(actual, Decimal):
        return expected == actual
    return type(expected) is type(actual) and expected == actual


def _in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC: Python never considers a repeated hour equal to one in another zone."""
    return moment if moment.tzinfo is None else moment.astimezone(timezone.utc)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}… ({len(text)} characters)"


def _texts(expected: str, actual: str) -> str:
    """Describe two texts, from shortly before they differ."""
    pairs = enumerate(zip(expected, actual, strict=False))
    first = next((index for index, (one, other) in pairs if one != other), min(len(expected), len(actual)))
    start = max(0, first - 20)
    where = f" (from character {start} of {len(expected)} and {len(actual)})" if start else ""
    return f"expected {_shown(expected[start:])}, got {_shown(actual[start:])}{where}"
