"""The dashboard's pages in Chromium: the first load, and the switch to each page.

A page is drawn when its script has ended, nothing on it is outdated or still to come, and it has a chart, a table or a
message. The first load is of a new browser with an empty cache. The switch to a page is measured with nothing in the
server's cache of rows, which every round's own period achieves, and once more with all rows there.
"""

from __future__ import annotations

import datetime
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.data import HOME, LAST_DAY, ZONE, Bench
from benchmarks.loading import loaded_target
from chatwoot_assets_tests.dashboard.browsing import find_chromium, launched, new_page
from chatwoot_assets_tests.dashboard.opening import PAGES
from chatwoot_assets_tests.dashboard.serving import served

_ROUNDS = 3
_DAYS = (30, 365)
_DRAWN = """() =>
    document.querySelector("[data-test-script-state='notRunning']")
    && !document.querySelector("[data-stale='true'], [data-testid='stSkeleton'], [data-testid='stSpinner']")
    && document.querySelector("canvas, svg.marks, table, .cw-message")
"""
Times = dict[str, list[float]]


def run(bench: Bench) -> dict[str, object]:
    """Measure on the loaded sample."""
    return measure(loaded_target(bench), bench)


def measure(url: str, bench: Bench) -> dict[str, object]:
    """Measure on a warehouse with a sample; return the medians of all rounds.

    Args:
        url: The URL of the warehouse.
        bench: The bench of the sample.
    """
    first_loads: list[dict[str, Any]] = []
    switches: list[dict[str, Any]] = []
    for days in _DAYS:
        size = f"{bench.requested:,}, {days} days"
        loads: list[tuple[float, float, int]] = []
        cold, warm = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
        with (
            tempfile.TemporaryDirectory(dir=HOME) as home,
            launched(find_chromium()) as browser,
            served(
                Path(home),
                ANALYTICS_DATABASE_URL=url,
                REPORTING_TIMEZONE=ZONE.key,
                PARTITIONS_START_DATE=bench.first_day.isoformat(),
            ) as server,
        ):
            for number in range(_ROUNDS + 1):
                print(f"{size}: round {number} of {_ROUNDS}", file=sys.stderr, flush=True)
                load = _measure_round(browser, server.address, _period(days, number), cold, warm)
                loads.append(load)
        # The first round also compresses files and imports modules.
        cards, last, transferred = (statistics.median(values) for values in zip(*loads[1:], strict=True))
        first_loads.append(
            {"conversations": size, "first card, s": round(cards, 2), "last element, s": round(last, 2),
             "transferred, MB": round(transferred / 1e6, 2), "load of the machine": round(os.getloadavg()[0], 1)}
        )  # fmt: skip
        switches += [
            {"conversations": size, "page": name, "rows from the warehouse, s": round(statistics.median(cold[name]), 2),
             "rows from the cache, s": round(statistics.median(warm[name]), 2)}
            for name in PAGES
        ]  # fmt: skip
    return {"the first page in a new browser": first_loads, "switch to a page": switches}


def _period(days: int, number: int) -> str:
    """Return the URL parameters of a period, another one in each round."""
    last = LAST_DAY - datetime.timedelta(days=number)
    return f"from={last - datetime.timedelta(days=days - 1)}&to={last}"


def _measure_round(browser: Browser, address: str, period: str, cold: Times, warm: Times) -> tuple[float, float, int]:
    """Open the overview and every page twice.

    Returns:
        The seconds until the first card and until everything is drawn, and the bytes that the first page took.
    """
    page = new_page(browser, locale="en-US")
    sizes: list[int] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.on("Network.webSocketFrameReceived", lambda event: sizes.append(_frame_bytes(event["response"])))
    started = time.perf_counter()
    page.goto(f"{address}/?{period}")
    page.get_by_test_id("stMetric").first.wait_for()
    first_card = time.perf_counter() - started
    _wait_until_drawn(page)
    last_element = time.perf_counter() - started
    transferred = int(sum(sizes))
    for times in (cold, warm):
        for name in (*PAGES[1:], PAGES[0]):
            times[name].append(_switch(page, name))
    page.context.close()
    return first_card, last_element, transferred


def _frame_bytes(frame: dict[str, Any]) -> int:
    """Return the size of a binary frame of a WebSocket, whose payload is in base64 here."""
    return len(frame["payloadData"]) * 3 // 4


def _switch(page: Page, name: str) -> float:
    """Follow the link to a page in the sidebar; return the seconds until the page is drawn."""
    path = "/" if name == "overview" else f"/{name}"
    link = page.locator(f"[data-testid='stSidebarNavLink'][href$='{path}']")
    title = link.inner_text().splitlines()[-1]  # after the name of its icon
    started = time.perf_counter()
    link.dispatch_event("click")
    page.locator("h2", has_text=title).wait_for()
    _wait_until_drawn(page)
    return time.perf_counter() - started


def _wait_until_drawn(page: Page) -> None:
    page.wait_for_function(_DRAWN, polling=20)
