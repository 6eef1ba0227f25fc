"""Working one step ahead: order, errors, and never more than one step."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from chatwoot_assets.ahead import one_ahead


def test_items_come_in_order_and_all() -> None:
    assert list(one_ahead(iter(range(1, 50)))) == list(range(1, 50))
    assert list(one_ahead(iter([]))) == []


def test_the_next_item_is_made_while_the_last_is_used_and_no_further_one() -> None:
    made: list[int] = []
    second = threading.Event()

    def items() -> Iterator[int]:
        for number in (1, 2, 3):
            made.append(number)
            if number == 2:
                second.set()
            yield number

    using = one_ahead(items())
    assert next(using) == 1
    assert second.wait(10)
    assert made == [1, 2]
    assert list(using) == [2, 3]


def test_an_error_is_raised_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    using = one_ahead(items())
    assert next(using) == 1
    with pytest.raises(ValueError, match="broken"):
        next(using)


def test_no_thread_is_left_by_who_stops_early() -> None:
    before = threading.active_count()
    using = one_ahead(iter(range(1, 50)))
    next(using)
    using.close()  # type: ignore[attr-defined]  # a generator
    assert threading.active_count() == before
