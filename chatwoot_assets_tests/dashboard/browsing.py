"""Open the dashboard's pages in Chromium, and wait until they are drawn."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from chatwoot_assets_tests.dashboard.opening import PERIOD
from chatwoot_assets_tests.waiting import HANG_SECONDS

# The browser makes no requests of its own. There is no sandbox, because Chromium has none as root.
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# What pages consist of; without any of these a page is still empty.
_CONTENTS = "canvas, svg.marks, table, .cw-message"


def find_chromium() -> str:
    """Return the path of Chromium. Without it the test is skipped, or fails in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no Chromium; .ci/run installs it if it can")
        pytest.skip("there is no Chromium; on Debian: apt-get install chromium")
    return path


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """Run Chromium until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=_FLAGS,
            ignore_default_args=["--hide-scrollbars"],  # viewers have them
            timeout=1_000 * HANG_SECONDS,
        )
        yield browser
        browser.close()


def new_page(
    browser: Browser,
    width: int = 1440,
    height: int = 900,
    *,
    locale: str = "pt-BR",
    timezone_id: str | None = None,
    color_scheme: Literal["light", "dark"] | None = None,
) -> Page:
    """Return a page of a new viewer, whose window has this size in pixels."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=locale,
        timezone_id=timezone_id,
        color_scheme=color_scheme,
    )
    context.set_default_timeout(1_000 * HANG_SECONDS)
    return context.new_page()


def open_page(page: Page, address: str, name: str, **url: str) -> None:
    """Open a page of the dashboard in the sample's period, and wait until it is drawn."""
    parameters = "&".join(f"{key}={value}" for key, value in {**PERIOD, **url}.items())
    page.goto(f"{address}/{name}?{parameters}")
    page.locator(_CONTENTS).first.wait_for(state="attached")
    wait_until_drawn(page)


def switch_page(page: Page, name: str) -> None:
    """Follow the link in the sidebar to another page, and wait until it is drawn."""
    path = "/" if name == "overview" else f"/{name}"
    link = page.locator(f"[data-testid='stSidebarNavLink'][href$='{path}']")
    link.dispatch_event("click")  # on a phone the sidebar is closed
    page.wait_for_url(lambda url: urlsplit(url).path == path)
    title = link.inner_text().splitlines()[-1]  # after the name of its icon
    page.locator("h2", has_text=title).wait_for()
    page.locator(_CONTENTS).first.wait_for(state="attached")
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    """Wait until the script of the page has ended."""
    page.wait_for_timeout(250)  # it starts a moment after the action
    page.locator("[data-test-script-state='notRunning']").wait_for()


def assert_no_error(page: Page) -> None:
    """Assert that the page shows neither an exception nor an error."""
    for error in ("stException", "stAlertContentError"):
        assert page.get_by_test_id(error).count() == 0, page.inner_text("body")
