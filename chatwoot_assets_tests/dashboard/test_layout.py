"""What fits into a window of 1440 pixels, and on a phone; and what the keyboard reaches. Needs Chromium."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from chatwoot_assets_tests.dashboard.browsing import assert_no_error, new_page, open_page, switch_page, wait_until_drawn
from chatwoot_assets_tests.dashboard.opening import PAGES

pytestmark = pytest.mark.slow

_PHONE = (390, 844)
# How many pixels of a page are hidden to the right of the window.
_HIDDEN_PIXELS = """() => Math.max(...[document.documentElement, document.querySelector('[data-testid="stMain"]')]
.map(element => element.scrollWidth - element.clientWidth))"""
# The visible tables, null for one that is not drawn yet: their columns, how many pixels are hidden to the right and
# below, and the height of a scroll bar.
_TABLES = """() => [...document.querySelectorAll('[data-testid="stDataFrame"]')]
.filter(table => table.checkVisibility()).map(table => {
  const scroller = table.querySelector('.dvn-scroller'), contents = table.querySelector('table');
  return scroller && contents && {
    columns: [...table.querySelectorAll('th')].map(heading => heading.textContent),
    rows: Number(contents.getAttribute('aria-rowcount')) - 1,
    right: scroller.scrollWidth - scroller.clientWidth,
    below: scroller.scrollHeight - scroller.clientHeight,
    bar: scroller.offsetHeight - scroller.clientHeight,
  };
})"""
# The names of legends that are cut by the edge of their chart, and charts that the window cuts.
_CUT_LEGENDS = """() => [...document.querySelectorAll('svg.marks')].filter(chart => chart.checkVisibility())
.flatMap(chart => {
  const edge = chart.getBoundingClientRect();
  const texts = [...chart.querySelectorAll('.role-legend text')];
  const cut = texts.filter(text => {
    const box = text.getBoundingClientRect();
    return box.right > edge.right + 1 || box.left < edge.left - 1 || text.textContent.endsWith('…');
  });
  return cut.map(text => text.textContent).concat(edge.right > window.innerWidth ? ['chart'] : []);
})"""
# The numbers of axes that the edge of their chart cuts.
_CUT_NUMBERS = """() => [...document.querySelectorAll('svg.marks')].filter(chart => chart.checkVisibility())
.flatMap(chart => [...chart.querySelectorAll('.role-axis-label text')]
  .filter(text => Number(getComputedStyle(text).opacity) > 0)
  .filter(text => text.getBoundingClientRect().right > chart.getBoundingClientRect().right)
  .map(text => text.textContent))"""
# Whether a mark has a label of this pattern.
_HAS_MARK = """pattern => [...document.querySelectorAll('svg.marks [aria-label]')]
.some(mark => new RegExp(pattern, 'u').test(mark.ariaLabel))"""
# How high the legend and the plot of each chart with a legend are.
_LEGENDS_AND_PLOTS = """() => [...document.querySelectorAll('svg.marks')]
.filter(chart => chart.querySelector('.role-legend')).map(chart => {
  const height = selector => chart.querySelector(selector).getBoundingClientRect().height;
  return [height('.role-legend'), height('.root > g > .background')];
})"""
# The cards of each group: where each begins, how high it is, and whether its value is cut.
_CARDS = """() => [...document.querySelectorAll('[class*="st-key-cards-"]')].map(group =>
[...group.querySelectorAll('[class*="st-key-card-"]')].map(card => {
  const box = card.getBoundingClientRect(), value = card.querySelector('[data-testid="stMetricValue"] p');
  return [Math.round(box.top), Math.round(box.height), value.scrollWidth > value.clientWidth];
}))"""
# Whether the last card of a line ends elsewhere than the page's other contents, by more than a pixel.
_ENDS_OF_CARDS = """() => [...document.querySelectorAll('[class*="st-key-cards-"]')].map(group => {
  const ends = [...group.querySelectorAll('[class*="st-key-card-"]')].map(card => card.getBoundingClientRect().right);
  return Math.round(group.getBoundingClientRect().right - Math.max(...ends));
})"""
_ARE_CARDS_DRAWN = """() => [...document.querySelectorAll('[class*="st-key-card-"]')]
.every(card => card.querySelector('[data-testid="stMetricValue"] p'))"""
# What has focus, which is marked as reached.
_FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  element.dataset.reached = 'yes';
  return element.tagName;
}"""
# Whatever can be operated and was not reached: one member is enough where arrow keys lead to the others.
_NOT_REACHED = """() => [...document.querySelectorAll('a[href], button:enabled, input:enabled, [role=tab], summary')]
.filter(element => {
  const group = element.closest('[role=radiogroup], [role=tablist]');
  return element.checkVisibility({visibilityProperty: true}) && !element.dataset.reached
    && !(group && group.querySelector('[data-reached]'))
    && (element.tabIndex >= 0 || group);
}).map(element => element.outerHTML.slice(0, 200))"""


def test_table_shows_its_columns_or_a_scroll_bar(browser: Browser, address: str) -> None:
    page = new_page(browser)
    measured: list[tuple[str, Any]] = []
    for name in PAGES:
        _open(page, address, name)
        assert page.evaluate(_HIDDEN_PIXELS) <= 0, name
        for tab in range(max(page.get_by_role("tab").count(), 1)):
            if page.get_by_role("tab").count():
                page.get_by_role("tab").nth(tab).click()
                wait_until_drawn(page)
            measured += [(name, table) for table in _measure_tables(page)]
    assert len(measured) > 15
    assert [entry for entry in measured if entry[1]["right"] > 0 and not entry[1]["bar"]] == []
    assert [entry for entry in measured if entry[1]["below"] > 0 and entry[1]["rows"] <= 25] == []


def _measure_tables(page: Page) -> list[Any]:
    """Return the visible tables, once they are drawn and have measured their place."""
    tables = page.evaluate(_TABLES)
    for _ in range(50):
        page.wait_for_timeout(300)
        before, tables = tables, page.evaluate(_TABLES)
        if tables == before and None not in tables:
            return list(tables)
    raise AssertionError(f"the tables do not stay as they are: {tables}")


def test_cut_text_shows_whole_while_the_pointer_is_on_it(browser: Browser, address: str) -> None:
    page = new_page(browser, 1440, 1600)
    open_page(page, address, "conversations")
    table = page.get_by_test_id("stDataFrame").first
    cut = page.locator(".cw-list").first.get_attribute("data-cut") or ""
    row = next(
        number
        for number in range(25)
        if any(f'"{text}"' in cut for text in table.locator(f'tr[aria-rowindex="{number + 2}"] td').all_text_contents())
    )
    box = _box(table)
    page.mouse.move(box["x"] + 300, box["y"] + 36 + 35 * row + 17)
    shown = (table.get_attribute("title") or "").splitlines()
    assert shown
    assert all(f'"{text}"' in cut for text in shown)


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768)], ids=str)
def test_cards_of_a_line_are_equally_high_and_none_is_alone(
    browser: Browser, address: str, size: tuple[int, int]
) -> None:
    page = new_page(browser, *size)
    for name in ("overview", "live", "bots", "satisfaction"):
        _open(page, address, name)
        page.wait_for_function(_ARE_CARDS_DRAWN)
        groups = page.evaluate(_CARDS)
        assert groups, name
        for cards in groups:
            lines = Counter(top for top, _, _ in cards)
            assert min(lines.values()) > 1, (name, cards)
            assert len({(top, height) for top, height, _ in cards}) == len(lines), (name, cards)
            assert not any(is_cut for _, _, is_cut in cards), (name, cards)
        assert set(page.evaluate(_ENDS_OF_CARDS)) == {0}, name


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 900), _PHONE], ids=str)
def test_television_cuts_nothing(browser: Browser, address: str, size: tuple[int, int]) -> None:
    page = new_page(browser, *size)
    open_page(page, address, "live", wall="1")
    page.locator("table.cw-wall").nth(1).wait_for()
    page.wait_for_function(_ARE_CARDS_DRAWN)
    assert [card for group in page.evaluate(_CARDS) for card in group if card[2]] == []
    ends = page.locator("table.cw-wall td").evaluate_all("cells => cells.map(c => c.getBoundingClientRect().right)")
    assert max(ends) <= size[0]


def test_plots_are_higher_than_their_legends_on_a_phone(browser: Browser, address: str) -> None:
    page = new_page(browser, *_PHONE)
    for name in ("overview", "bots", "comparison"):
        open_page(page, address, name)
        page.locator("svg.marks .role-legend").first.wait_for()
        heights = page.evaluate(_LEGENDS_AND_PLOTS)
        assert heights, name
        assert [pair for pair in heights if pair[0] >= pair[1]] == [], name


def test_marks_are_described_by_their_tooltips(browser: Browser, address: str) -> None:
    page = new_page(browser)
    for name, mark in (
        ("overview", r"Data: \d\d/03/2025; Resolvidas; Quantidade: \d+"),
        ("agents", r"\w[^;:]+; Quantidade: \d+"),
        ("bots", r"Data: \d\d/03/2025; Atendidas; Conversas: \d+"),
        ("satisfaction", r"5 · ótimo; Avaliações: \d+ \([\d,]+%\)"),
        ("busy_hours", r"Horário: segunda-feira, 08:00.08:59; Conversas: [\d,]+"),
        ("data_health", r"Data: 12/03/2025; Situação: .+"),
    ):
        _open(page, address, name)
        # The charts of a page are drawn one after another.
        page.wait_for_function(_HAS_MARK, arg=f"^{mark}$")
        labels = page.locator("svg.marks [aria-label]").evaluate_all("marks => marks.map(mark => mark.ariaLabel)")
        assert [label for label in labels if "conversations?" in label] == [], name


def test_numbers_of_an_axis_are_not_cut(browser: Browser, address: str) -> None:
    page = new_page(browser)
    for width in (1440, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        for name in ("overview", "agents", "distribution"):
            _open(page, address, name)
            page.locator("svg.marks .role-axis-label text").first.wait_for(state="attached")
            assert page.evaluate(_CUT_NUMBERS) == [], (name, width)


def test_saved_view_looks_like_the_others_on_its_page(browser: Browser, address: str) -> None:
    page = new_page(browser)
    open_page(page, address, "conversations")
    page.locator("[data-testid='stSidebar'] summary").first.click()
    links = page.locator("[data-testid='stSidebar'] [data-testid='stPageLink'] a")
    links.first.wait_for()
    style = "link => getComputedStyle(link).backgroundColor + getComputedStyle(link.querySelector('p')).fontWeight"
    assert len({link.evaluate(style) for link in links.all()}) == 1


def test_phone_shows_every_page_without_sideways_scroll(browser: Browser, address: str) -> None:
    page = new_page(browser, *_PHONE)
    for name in PAGES:
        _open(page, address, name)
        assert page.evaluate(_HIDDEN_PIXELS) <= 0, name
        assert_no_error(page)
        assert page.evaluate(_CUT_LEGENDS) == [], name
        assert page.evaluate(_TABLES) == [], name  # lists replace them
        tops = [card["y"] for card in map(_box, page.locator('[class*="st-key-card-"]').all()[:2])]
        assert len(set(tops)) <= 1, name  # two cards per row
    open_page(page, address, "conversations")
    page.locator(".cw-list a").first.click()
    page.locator(".cw-message").first.wait_for()
    wait_until_drawn(page)
    assert page.evaluate(_HIDDEN_PIXELS) <= 0


def test_keyboard_reaches_everything_and_opens_a_list(browser: Browser, address: str) -> None:
    page = new_page(browser, locale="en-US")
    for name in ("overview", "conversations", "agents"):
        open_page(page, address, name, status="resolved")
        _walk(page)
        assert page.evaluate(_NOT_REACHED) == [], name
        assert "conversation=" not in page.url
    page.get_by_role("tab", name="Agents").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="Teams").get_attribute("aria-selected") == "true"
    wait_until_drawn(page)
    page.locator(".cw-list summary:visible").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/conversations"))
    wait_until_drawn(page)
    chip = page.get_by_role("button", name="Status: Resolved")
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^(?!.*status=)"))


def _open(page: Page, address: str, name: str) -> None:
    """Open a page with everything that it can fold open."""
    if page.url == "about:blank":
        open_page(page, address, name)
    else:
        switch_page(page, name)
    folded = page.locator("[data-testid='stExpander'] details:not([open]) > summary")
    folded.evaluate_all("summaries => summaries.forEach(summary => summary.click())")


def _box(element: Any) -> dict[str, float]:  # noqa: ANN401  # a locator or an element
    box: dict[str, float] = element.bounding_box()
    return box


def _walk(page: Page) -> None:
    """Press Tab until the focus has been everywhere."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUSED) is None:
            return
    pytest.fail("Tab never leaves the page")
