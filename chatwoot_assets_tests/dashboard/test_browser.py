"""The dashboard in a browser, from the command on: every page, the filters, the languages, a conversation.

It needs a chromium; where there is none it is skipped, but in CI that is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, TimeoutError, sync_playwright

from chatwoot_assets.dashboard.filters import PARAMETERS
from chatwoot_assets_tests.dashboard.opening import FIRST, PAGES, PERIOD, Row
from chatwoot_assets_tests.dashboard.serving import Served, served
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.waiting import HANG_SECONDS, wait_until

pytestmark = pytest.mark.slow

# Nothing of its own over the network, and no sandbox, which root has not.
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_TITLES = {
    "overview": ("Visão geral", "Overview"),
    "conversations": ("Conversas", "Conversations"),
    "agents": ("Agentes e equipes", "Agents and teams"),
    "channels": ("Canais e etiquetas", "Channels and labels"),
    "satisfaction": ("Satisfação", "Satisfaction"),
    "when": ("Quando", "When"),
    "health": ("Saúde dos dados", "Data health"),
}
# How long until a click is tried again.
_TRY_AGAIN_MS = 5_000
_ALLOWED = {*PARAMETERS, "lang", "conversation", "page", "waiting"}


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no chromium; .ci/run installs it where it may")
        pytest.skip("there is no chromium; on Debian: apt-get install chromium")
    return found


@pytest.fixture
def dashboard(sampled: Project, tmp_path: Path) -> Iterator[Served]:
    with served(
        tmp_path,
        ANALYTICS_DATABASE_URL=sampled.target_url,
        REPORTING_TIMEZONE="America/Sao_Paulo",
        PARTITIONS_START_DATE=FIRST.isoformat(),
        CHATWOOT_URL="https://chat.example.com",
    ) as found:
        yield found


class Viewer:
    """Somebody with a browser, who notices what goes wrong and what is asked of other servers."""

    def __init__(self, page: Page, address: str, pictures: Path) -> None:
        self.page = page
        self._pictures = pictures
        self.addresses: list[str] = []
        self.asked_elsewhere: list[str] = []
        page.on("framenavigated", lambda frame: self.addresses.append(frame.url))
        page.on("request", lambda request: self._note(request.url, address))

    def _note(self, url: str, address: str) -> None:
        if url.startswith("http") and not url.startswith(address):
            self.asked_elsewhere.append(url)

    def settle(self) -> None:
        """Wait until the page is drawn, and see that it is well."""
        _wait_until_drawn(self.page)
        self.addresses.append(self.page.url)
        for trouble in ("stException", "stAlertContentError"):
            assert self.page.get_by_test_id(trouble).count() == 0, self.page.inner_text("body")

    def heading(self) -> str:
        return self.page.locator("h2").first.inner_text().strip()

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self._pictures / f"{name}.png")


def test_a_viewer_goes_through_the_whole_dashboard(
    dashboard: Served, chromium: str, rows: list[Row], tmp_path: Path
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS, timeout=1_000 * HANG_SECONDS)
        size = {"width": 1440, "height": 900}
        context = browser.new_context(viewport=size, locale="pt-BR", timezone_id="Asia/Tokyo")
        context.set_default_timeout(1_000 * HANG_SECONDS)
        viewer = Viewer(context.new_page(), dashboard.address, tmp_path)
        _opens_every_page(viewer, dashboard.address)
        _filters(viewer)
        _reads_per_conversation(viewer)
        _switches_the_language_and_goes_on(viewer)
        browser.close()
    assert viewer.asked_elsewhere == []
    _assert_impersonal(viewer.addresses, rows)
    assert len(list(tmp_path.glob("*.png"))) == len(PAGES) + 3
    code, out, err = dashboard.stop()
    assert (code, err) == (0, "")
    assert "Traceback" not in out


def _opens_every_page(viewer: Viewer, address: str) -> None:
    viewer.page.goto(f"{address}/?from={PERIOD['from']}&to={PERIOD['to']}")
    viewer.page.get_by_test_id("stMetric").first.wait_for()
    for name in PAGES:
        viewer.page.get_by_role("link", name=_TITLES[name][0], exact=True).click()
        viewer.page.locator("h2", has_text=_TITLES[name][0]).wait_for()
        viewer.settle()
        assert viewer.heading() == _TITLES[name][0]
        assert viewer.page.locator("canvas, svg.marks").count() > 0
        assert f"from={PERIOD['from']}" in viewer.page.url
        viewer.picture(name)


def _wait_until_drawn(page: Page) -> None:
    page.wait_for_timeout(250)  # a run of the page's script takes a moment to begin
    page.locator("[data-test-script-state='notRunning']").wait_for()


def _filters(viewer: Viewer) -> None:
    page = viewer.page
    page.get_by_role("link", name="Conversas", exact=True).click()
    page.get_by_text("as mais novas primeiro").wait_for()
    viewer.settle()
    whole = _total(page)
    switch = page.get_by_text("Só as que esperam resposta")
    _until(page, "waiting=1", switch.click)
    page.get_by_text("a espera mais longa primeiro").wait_for()
    viewer.picture("waiting")
    _until(page, "^(?!.*waiting)", switch.click)
    page.get_by_text("as mais novas primeiro").wait_for()
    _until(page, "status=resolved", lambda: _choose(page, "Status", "Resolvida"))
    viewer.settle()
    assert 0 < _total(page) < whole


def _until(page: Page, address: str, act: Callable[[], None]) -> None:
    """Do something until the address has a part: while a page is still being drawn, a click may be lost."""

    def has_come() -> bool:
        try:
            act()
            page.wait_for_url(re.compile(address), timeout=_TRY_AGAIN_MS)
        except TimeoutError:
            # It may only be slow: to act again would undo what was done.
            _wait_until_drawn(page)
        return re.search(address, page.url) is not None

    wait_until(has_come)


def _choose(page: Page, label: str, option: str) -> None:
    """Choose from a list."""
    page.keyboard.press("Escape")
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name=label)
    box.click()
    box.fill(option)  # a long list shows its first options only
    page.get_by_role("option").filter(has_text=option).click(timeout=_TRY_AGAIN_MS)
    page.keyboard.press("Escape")


def _open_second(page: Page) -> None:
    """Click on the contact in the list's second row."""
    box = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 230, box["y"] + 35 * 2 + 17)


def _total(page: Page) -> int:
    found = re.search(r"de ([\d.]+) conversas", page.get_by_text("as mais novas primeiro").inner_text())
    assert found is not None
    return int(found[1].replace(".", ""))


def _reads_per_conversation(viewer: Viewer) -> None:
    page = viewer.page
    _until(page, "conversation=", lambda: _open_second(page))
    page.locator(".cw-message").first.wait_for()
    viewer.settle()
    viewer.picture("conversation")
    link = page.get_by_role("link", name="Abrir no Chatwoot").get_attribute("href")
    assert link is not None
    assert re.fullmatch(r"https://chat\.example\.com/app/accounts/\d+/conversations/\d+", link)
    page.reload()
    page.locator(".cw-message").first.wait_for()
    page.get_by_role("button", name="Voltar à lista").click()
    page.get_by_text("as mais novas primeiro").wait_for()
    viewer.settle()
    _until(page, "page=2", lambda: page.get_by_role("button", name="Próxima").click())
    viewer.settle()


def _switches_the_language_and_goes_on(viewer: Viewer) -> None:
    page = viewer.page
    _until(page, "lang=en", lambda: page.get_by_text("EN", exact=True).click())
    viewer.settle()
    assert viewer.heading() == "Conversations"
    assert "status=resolved" in page.url
    page.get_by_role("link", name="Overview", exact=True).click()
    page.locator("h2", has_text="Overview").wait_for()
    viewer.settle()
    assert {"status=resolved", "lang=en"} <= set(urlsplit(page.url).query.split("&"))
    _until(page, "label=vip", lambda: _choose(page, "Labels", "vip"))
    viewer.settle()
    page.get_by_text("The backlog is not kept").wait_for()
    _until(page, "clock=business", page.get_by_text("Opening hours only").click)
    viewer.settle()
    _until(page, "period=7d", lambda: page.get_by_role("button", name="Clear filters").click())
    viewer.settle()
    viewer.picture("cleared")


def _assert_impersonal(addresses: list[str], rows: list[Row]) -> None:
    names = {part.lower() for row in rows for part in (row["contact_name"] or "").split() if len(part) > 3}
    assert len(set(addresses)) > len(PAGES)
    for address in set(addresses) - {"about:blank"}:
        parts = urlsplit(address)
        assert set(parse_qs(parts.query)) <= _ALLOWED
        assert not [name for name in names if name in f"{parts.path}?{parts.query}".lower()]
