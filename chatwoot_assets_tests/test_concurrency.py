"""Working on several items at once: their order, their errors, and the limit on their number."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator

import pytest

from chatwoot_assets.concurrency import map_ordered, prefetch, produce_in_background
from chatwoot_assets_tests.waiting import HANG_SECONDS


def test_all_items_come_in_order() -> None:
    assert list(prefetch(iter(range(1, 50)))) == list(range(1, 50))
    assert list(prefetch(iter([]))) == []


def test_only_the_next_item_is_made_while_one_is_used() -> None:
    made: list[int] = []
    second = threading.Event()

    def items() -> Iterator[int]:
        for number in (1, 2, 3):
            made.append(number)
            if number == 2:
                second.set()
            yield number

    upcoming = prefetch(items())
    assert next(upcoming) == 1
    assert second.wait(HANG_SECONDS)
    assert made == [1, 2]
    assert list(upcoming) == [2, 3]


def test_error_is_raised_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    upcoming = prefetch(items())
    assert next(upcoming) == 1
    with pytest.raises(ValueError, match="broken"):
        next(upcoming)


def test_consumer_that_stops_early_leaves_no_thread() -> None:
    before = threading.active_count()
    upcoming = prefetch(iter(range(1, 50)))
    next(upcoming)
    upcoming.close()
    assert threading.active_count() == before


def test_mapped_items_come_in_order_if_a_later_one_is_ready_first() -> None:
    later = threading.Event()

    def use(number: int) -> int:
        if number == 1:
            assert later.wait(HANG_SECONDS)
        if number == 2:
            later.set()
        return number * 10

    assert list(map_ordered(use, iter([1, 2, 3]), 2)) == [10, 20, 30]
    assert list(map_ordered(use, iter([]), 2)) == []


def test_number_of_concurrent_calls_is_limited() -> None:
    lock, running, largest = threading.Lock(), 0, 0

    def use(number: int) -> int:
        nonlocal running, largest
        with lock:
            running += 1
            largest = max(largest, running)
        threading.Event().wait(0.01)
        with lock:
            running -= 1
        return number

    assert list(map_ordered(use, iter(range(20)), 3)) == list(range(20))
    assert largest <= 3


def test_error_of_a_call_comes_in_order_and_other_calls_finish() -> None:
    finished: list[int] = []

    def use(number: int) -> int:
        if number == 2:
            raise ValueError("broken")
        finished.append(number)
        return number

    upcoming = map_ordered(use, iter([1, 2, 3, 4, 5, 6]), 2)
    assert next(upcoming) == 1
    with pytest.raises(ValueError, match="broken"):
        next(upcoming)
    assert finished == [1, 3]


def test_items_before_one_that_cannot_be_made_are_mapped_first() -> None:
    def items() -> Iterator[int]:
        yield from (1, 2, 3)
        raise ValueError("broken")

    upcoming = map_ordered(lambda number: number * 10, items(), 2)
    assert [next(upcoming) for _ in range(3)] == [10, 20, 30]
    with pytest.raises(ValueError, match="broken"):
        next(upcoming)


def test_items_come_in_order_while_others_are_made() -> None:
    first_is_used = threading.Event()

    def items() -> Generator[int, None, None]:
        yield 1
        assert first_is_used.wait(HANG_SECONDS)
        yield from (2, 3)

    received = []
    with produce_in_background(items()) as produced:
        for item in produced:
            received.append(item)
            first_is_used.set()
    assert received == [1, 2, 3]


def test_making_never_waits_for_the_use() -> None:
    all_are_made = threading.Event()

    def items() -> Generator[int, None, None]:
        yield from range(1_000)
        all_are_made.set()

    with produce_in_background(items()) as produced:
        assert all_are_made.wait(HANG_SECONDS)
        assert sum(produced) == sum(range(1_000))


def test_error_of_making_comes_after_the_items_made_before() -> None:
    def items() -> Generator[int, None, None]:
        yield 1
        raise ValueError("broken")

    with produce_in_background(items()) as produced:
        assert next(produced) == 1
        with pytest.raises(ValueError, match="broken"):
            next(produced)


def test_block_that_ends_early_ends_the_making_and_its_thread() -> None:
    made: list[int] = []
    is_closed = threading.Event()

    def items() -> Generator[int, None, None]:
        try:
            for number in range(100_000):
                time.sleep(0.001)
                made.append(number)
                yield number
        finally:
            is_closed.set()

    def interrupted() -> None:
        with produce_in_background(items()) as produced:
            next(produced)
            raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert is_closed.is_set()
    assert 0 < len(made) < 100_000
    assert threading.active_count() == before
