"""Working on several items at once: their order, their errors, and the limit on their number."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait

import pytest

from chatwoot_assets.concurrency import consume_in_background, map_ordered, prefetch
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

    assert list(map_ordered(use, iter([1, 2, 3]), 2)) == [(1, 10), (2, 20), (3, 30)]
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

    assert [result for _, result in map_ordered(use, iter(range(20)), 3)] == list(range(20))
    assert largest <= 3


def test_error_of_a_call_comes_in_order_and_other_calls_finish() -> None:
    finished: list[int] = []

    def use(number: int) -> int:
        if number == 2:
            raise ValueError("broken")
        finished.append(number)
        return number

    upcoming = map_ordered(use, iter([1, 2, 3, 4, 5, 6]), 2)
    assert next(upcoming) == (1, 1)
    with pytest.raises(ValueError, match="broken"):
        next(upcoming)
    assert finished == [1, 3]


def test_items_are_consumed_in_order_while_others_are_produced() -> None:
    first_is_consumed = threading.Event()

    def consume(items: Iterator[int]) -> list[int]:
        received = []
        for item in items:
            received.append(item)
            first_is_consumed.set()
        return received

    with consume_in_background(consume) as (hand_on, consumed):
        hand_on(1)
        assert first_is_consumed.wait(HANG_SECONDS)
        hand_on(2)
        hand_on(3)
    assert consumed.result(0) == [1, 2, 3]


def test_failed_consumer_stops_no_producer_and_is_reported_at_the_end() -> None:
    def consume(items: Iterator[int]) -> None:
        raise ValueError(f"cannot consume {next(items)}")

    with consume_in_background(consume) as (hand_on, consumed):
        hand_on(1)
        wait([consumed], 10)
        hand_on(2)
    with pytest.raises(ValueError, match="cannot consume 1"):
        consumed.result(0)


def test_producer_never_waits_for_the_consumer() -> None:
    all_are_produced = threading.Event()

    def consume(items: Iterator[int]) -> int:
        assert all_are_produced.wait(HANG_SECONDS)
        return sum(items)

    with consume_in_background(consume) as (hand_on, consumed):
        for number in range(1_000):
            hand_on(number)
        all_are_produced.set()
    assert consumed.result(0) == sum(range(1_000))


def test_interrupt_ends_the_consumption_of_the_last_items() -> None:
    finished: list[int] = []

    def consume(items: Iterator[int]) -> None:
        for item in items:
            time.sleep(0.001)
            finished.append(item)
            if len(finished) == 500:
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def interrupted() -> None:
        with consume_in_background(consume) as (hand_on, _):
            for number in range(100_000):
                hand_on(number)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # the parallel test runner ignores it
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    finally:
        signal.signal(signal.SIGINT, before)
    assert 500 <= len(finished) < 100_000


def test_consumer_never_takes_the_items_before_an_error_for_all() -> None:
    summed: list[int] = []

    def consume(items: Iterator[int]) -> None:
        summed.append(sum(items))

    def failing() -> None:
        with consume_in_background(consume) as (hand_on, _):
            hand_on(1)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        failing()
    assert summed == []


def test_consumer_finishes_its_item_and_takes_no_other_after_an_error() -> None:
    started: list[int] = []
    finished: list[int] = []

    def consume(items: Iterator[int]) -> None:
        for item in items:
            started.append(item)
            time.sleep(0.001)
            finished.append(item)

    def interrupted() -> None:
        with consume_in_background(consume) as (hand_on, _):
            for number in range(100_000):
                hand_on(number)
            raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert started == finished
    assert len(finished) < 100_000
    assert threading.active_count() == before
