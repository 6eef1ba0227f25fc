"""The dashboard in a browser: every page, the filters, the languages, a conversation, lists of numbers, downloads.

What fits on a phone is in test_layout.py. The tests need Chromium. Without it they are skipped, or fail in CI.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError

from chatwoot_assets.dashboard.filter_urls import PARAMETERS
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.dashboard.list_filters import LIST_FILTER_PARAMETERS
from chatwoot_assets_tests.dashboard.browsing import assert_no_error, new_page, open_page, switch_page, wait_until_drawn
from chatwoot_assets_tests.dashboard.opening import FIRST, PAGES, PERIOD, Row
from chatwoot_assets_tests.dashboard.serving import Served, served
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.waiting import wait_until

pytestmark = pytest.mark.slow

_TITLES = {
    "overview": ("Visão geral", "Overview"),
    "live": ("Ao vivo", "Live"),
    "conversations": ("Conversas", "Conversations"),
    "agents": ("Agentes e equipes", "Agents and teams"),
    "channels": ("Canais e etiquetas", "Channels and labels"),
    "bots": ("Robôs", "Bots"),
    "campaigns": ("Campanhas", "Campaigns"),
    "satisfaction": ("Satisfação", "Satisfaction"),
    "distribution": ("Distribuição", "Distribution"),
    "busy_hours": ("Horários de pico", "Busiest hours"),
    "comparison": ("Comparação com o Chatwoot", "Compared with Chatwoot"),
    "data_health": ("Saúde dos dados", "Data health"),
}
# What the page says above its list.
_NEWEST = re.compile("conversas, as mais novas primeiro")
_LONGEST_WAITS = re.compile("conversas, de qualquer data, a espera mais longa primeiro")
_SHOWN_OF_TOTAL = re.compile(r"^[\d.]+ a [\d.]+ de ([\d.]+) ")
_NAME = translate("column_name", "pt")
# Each column of the table of agents that is clicked, with the pixel of its middle and the column that counts its list.
_AGENTS_CELLS = {_NAME: (66, "Novas"), "Abertas agora": (415, "Abertas agora")}
# How long to wait for the effect of a click before clicking again.
_RETRY_MS = 5_000
_ALLOWED = {*PARAMETERS, *LIST_FILTER_PARAMETERS.values(), "lang", "conversation", "page", "wall", "trend"}


@pytest.fixture
def dashboard(sampled: Project, tmp_path: Path) -> Iterator[Served]:
    with served(
        tmp_path,
        ANALYTICS_DATABASE_URL=sampled.target_url,
        REPORTING_TIMEZONE="America/Sao_Paulo",
        PARTITIONS_START_DATE=FIRST.isoformat(),
        CHATWOOT_URL="https://chat.example.com",
    ) as dashboard:
        yield dashboard


class Viewer:
    """A viewer with a browser, who notices errors and requests to other servers."""

    def __init__(self, page: Page, address: str, pictures: Path) -> None:
        self.page = page
        self._pictures = pictures
        self.addresses: list[str] = []
        self.foreign_requests: list[str] = []
        page.on("framenavigated", lambda frame: self.addresses.append(frame.url))
        page.on("request", lambda request: self._note_request(request.url, address))

    def _note_request(self, url: str, address: str) -> None:
        if url.startswith("http") and not url.startswith(address):
            self.foreign_requests.append(url)

    def settle(self) -> None:
        """Wait until the page is drawn, and check that it shows no error."""
        wait_until_drawn(self.page)
        self.addresses.append(self.page.url)
        assert_no_error(self.page)

    def heading(self) -> str:
        return self.page.locator("h2").first.inner_text().strip()

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self._pictures / f"{name}.png")


def test_viewer_can_use_the_whole_dashboard(
    dashboard: Served, browser: Browser, rows: list[Row], tmp_path: Path
) -> None:
    page = new_page(browser, locale="pt-BR", timezone_id="Asia/Tokyo")
    viewer = Viewer(page, dashboard.address, tmp_path)
    _open_every_page(viewer, dashboard.address)
    _follow_a_card(viewer)
    _use_filters(viewer)
    _read_conversation(viewer)
    _switch_language(viewer)
    page.close()
    assert viewer.foreign_requests == []
    _assert_no_names_in_urls(viewer.addresses, rows)
    assert len(list(tmp_path.glob("*.png"))) == len(PAGES) + 3
    code, out, err = dashboard.stop()
    assert (code, err) == (0, "")
    assert "Traceback" not in out


def test_every_kind_of_mark_leads_to_as_many_conversations(browser: Browser, address: str) -> None:
    page = new_page(browser)
    open_page(page, address, "overview")
    card = page.locator(".st-key-card-card_resolved")
    value = card.get_by_test_id("stMetricValue").inner_text()
    _assert_leads_to(page, lambda: card.click(position={"x": 60, "y": 60}, timeout=_RETRY_MS), _parse(value))
    for kind in ("bar", "circle"):
        switch_page(page, "overview")
        _follow_mark(page, kind, "Quantidade")
    for column, (x, counting) in _AGENTS_CELLS.items():
        open_page(page, address, "agents")
        _follow_cell(page, x, column, counting)
    # In one week an average is a count.
    open_page(page, address, "busy_hours", **{"from": "2025-03-17", "to": "2025-03-23"})
    _follow_mark(page, "rect mark", "Conversas")


def test_downloads_have_every_row_of_what_is_shown(browser: Browser, address: str, tmp_path: Path) -> None:
    page = new_page(browser)
    open_page(page, address, "conversations", status="resolved")
    conversations = _download(page, tmp_path)
    assert len(conversations) == _listed(page) > 25
    assert conversations["Id da conversa"].is_unique().all()
    open_page(page, address, "conversations", of="resolutions")
    assert len(_download(page, tmp_path)) == _listed(page) > 25
    switch_page(page, "agents")
    agents = _download(page, tmp_path)
    assert agents[_NAME].to_list() == _column(page, _NAME)
    assert len(agents) > 10


@pytest.mark.parametrize(("language", "heading"), [("pt", "Página não encontrada"), ("en", "Page not found")])
def test_missing_page_is_named_in_both_languages(browser: Browser, address: str, language: str, heading: str) -> None:
    page = new_page(browser)
    page.goto(f"{address}/nothing_here?lang={language}")
    page.locator("h2", has_text=heading).wait_for()
    wait_until_drawn(page)
    assert_no_error(page)
    page.locator(f'html[lang="{ {"pt": "pt-BR", "en": "en"}[language] }"]').wait_for(state="attached")
    for sentence in ("Não há página neste endereço.", "There is no page at this address."):
        assert page.get_by_text(sentence).is_visible()


def _assert_leads_to(page: Page, click: Callable[[], None], count: int) -> None:
    _until(page, "/conversations", click)
    page.get_by_test_id("stMarkdownContainer").filter(has_text=_SHOWN_OF_TOTAL).wait_for()
    wait_until_drawn(page)
    assert_no_error(page)
    assert _listed(page) == count, page.url


def _listed(page: Page) -> int:
    """Return how many rows the list says it has."""
    match = _SHOWN_OF_TOTAL.match(
        page.get_by_test_id("stMarkdownContainer").filter(has_text=_SHOWN_OF_TOTAL).inner_text()
    )
    assert match is not None
    return _parse(match[1])


def _parse(number: str) -> int:
    return int(number.replace(".", ""))


def _follow_mark(page: Page, kind: str, field: str) -> None:
    """Follow the first mark of a kind that counts several, whose description says how many."""
    marks = page.locator(f"svg.marks [aria-roledescription='{kind}'][aria-label*='{field}: ']")
    marks.first.wait_for()
    counts = [re.search(rf"\b{field}: (\d+)\b", mark.get_attribute("aria-label") or "") for mark in marks.all()]
    number, count = next((number, int(match[1])) for number, match in enumerate(counts) if match and int(match[1]) > 1)
    _assert_leads_to(page, lambda: marks.nth(number).click(timeout=_RETRY_MS), count)


def _follow_cell(page: Page, x: int, column: str, counting: str) -> None:
    """Click a cell in the first row of an agent who has several of what it counts."""
    table = _table(page)
    values = [int(value) if value.isdigit() else 0 for value in _column(page, counting)]
    row = next(row for row, value in enumerate(values) if row and value > 1)  # after the total
    assert table.locator("th").all_text_contents().index(column) >= 0
    table.locator("canvas").first.scroll_into_view_if_needed()
    _assert_leads_to(page, lambda: _click_in(table, x, 36 + 35 * row + 17), values[row])


def _click_in(table: Locator, x: int, y: int) -> None:
    table.click(position={"x": x, "y": y}, timeout=_RETRY_MS)


def _table(page: Page) -> Locator:
    table = page.get_by_test_id("stDataFrame").first
    table.locator("td").first.wait_for(state="attached")
    return table


def _column(page: Page, heading: str) -> list[str]:
    """Return the cells of a column of the page's first table."""
    table = _table(page)
    number = table.locator("th").all_text_contents().index(heading)
    return table.locator(f"td[aria-colindex='{number + 1}']").all_text_contents()


def _download(page: Page, directory: Path) -> pl.DataFrame:
    """Click the first button of a download, and return the rows of the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Baixar CSV").first.click()
    path = directory / download.value.suggested_filename
    download.value.save_as(path)
    return pl.read_csv(path, separator=";", infer_schema=False)


def _open_every_page(viewer: Viewer, address: str) -> None:
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


def _follow_a_card(viewer: Viewer) -> None:
    """Follow the link that covers a card, and remove what it selects by its chip."""
    page = viewer.page
    page.get_by_role("link", name="Visão geral", exact=True).click()
    card = page.locator(".st-key-card-card_resolved")
    card.wait_for()
    viewer.settle()
    _until(page, "of=resolutions", lambda: card.click(position={"x": 60, "y": 60}, timeout=_RETRY_MS))
    page.get_by_text(re.compile("resoluções, as mais novas primeiro")).wait_for()
    viewer.settle()
    assert page.locator("html").get_attribute("lang") == "pt-BR"
    chip = page.get_by_role("button", name="Resoluções")
    _until(page, "^(?!.*of=)", lambda: chip.click(timeout=_RETRY_MS))
    page.get_by_text(_NEWEST).wait_for()
    page.goto(page.url.replace("/conversations?", "/nothing_here?"))
    page.get_by_text("There is no page at this address.").wait_for()
    viewer.settle()
    page.get_by_role("link", name="Conversas", exact=True).click()
    page.get_by_text(_NEWEST).wait_for()


def _use_filters(viewer: Viewer) -> None:
    page = viewer.page
    page.get_by_role("link", name="Conversas", exact=True).click()
    page.get_by_text(_NEWEST).wait_for()
    viewer.settle()
    total = _total(page)
    switch = page.get_by_text("Só conversas que esperam resposta")
    _until(page, "waiting=1", switch.click)
    page.get_by_text(_LONGEST_WAITS).wait_for()
    viewer.picture("waiting")
    _until(page, "^(?!.*waiting)", switch.click)
    page.get_by_text(_NEWEST).wait_for()
    _until(page, "status=resolved", lambda: _select(page, "Status", "Resolvida"))
    viewer.settle()
    assert 0 < _total(page) < total


def _until(page: Page, address: str, act: Callable[[], None]) -> None:
    """Repeat an action until the address matches: a click while a page is being drawn may get lost."""

    def matches() -> bool:
        try:
            act()
            page.wait_for_url(re.compile(address), timeout=_RETRY_MS)
        except TimeoutError:
            # Perhaps the page is only slow. Repeating the action now would undo it.
            wait_until_drawn(page)
        return re.search(address, page.url) is not None

    wait_until(matches)


def _select(page: Page, label: str, option: str) -> None:
    """Select an option of a list in the sidebar."""
    page.keyboard.press("Escape")
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name=label)
    box.click()
    box.fill(option)  # a long list shows only its first options
    page.get_by_role("option").filter(has_text=option).click(timeout=_RETRY_MS)
    page.keyboard.press("Escape")


def _open_second(page: Page) -> None:
    """Click the contact in the second row of the list."""
    box = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 230, box["y"] + 35 * 2 + 17)


def _total(page: Page) -> int:
    match = re.search(r"de ([\d.]+) conversas", page.get_by_text(_NEWEST).inner_text())
    assert match is not None
    return int(match[1].replace(".", ""))


def _read_conversation(viewer: Viewer) -> None:
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
    page.get_by_text(_NEWEST).wait_for()
    viewer.settle()
    _until(page, "page=2", lambda: page.get_by_role("button", name="Próxima").click())
    viewer.settle()


def _switch_language(viewer: Viewer) -> None:
    page = viewer.page
    _until(page, "lang=en", lambda: page.get_by_text("EN", exact=True).click())
    viewer.settle()
    assert viewer.heading() == "Conversations"
    assert page.locator("html").get_attribute("lang") == "en"
    assert "status=resolved" in page.url
    page.get_by_role("link", name="Overview", exact=True).click()
    page.locator("h2", has_text="Overview").wait_for()
    viewer.settle()
    assert {"status=resolved", "lang=en"} <= set(urlsplit(page.url).query.split("&"))
    _until(page, "label=vip", lambda: _select(page, "Labels", "vip"))
    viewer.settle()
    page.get_by_text("The backlog cannot be split").wait_for()
    _until(page, "business_hours=1", page.get_by_text("Business hours only").click)
    viewer.settle()
    _until(page, "period=7d", lambda: page.get_by_role("button", name="Clear filters").click())
    viewer.settle()
    viewer.picture("cleared")


def _assert_no_names_in_urls(addresses: list[str], rows: list[Row]) -> None:
    names = {part.lower() for row in rows for part in (row["contact_name"] or "").split() if len(part) > 3}
    assert len(set(addresses)) > len(PAGES)
    for address in set(addresses) - {"about:blank"}:
        parts = urlsplit(address)
        assert set(parse_qs(parts.query)) <= _ALLOWED
        assert not [name for name in names if name in f"{parts.path}?{parts.query}".lower()]
