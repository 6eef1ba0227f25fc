"""Every page by axe-core's rules, in both themes. Needs Chromium, as test_browser.py does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from chatwoot_assets_tests.dashboard.browsing import new_page, open_page, switch_page
from chatwoot_assets_tests.dashboard.opening import PAGES, Row

pytestmark = pytest.mark.slow

_HINDERING = ("serious", "critical")
Finding = tuple[str, str, str, str]


@pytest.mark.parametrize(("theme", "locale"), [("light", "pt-BR"), ("dark", "en-US")])
def test_pages_have_no_serious_finding_of_axe(
    browser: Browser, address: str, rows: list[Row], theme: Literal["light", "dark"], locale: str
) -> None:
    page = new_page(browser, locale=locale, color_scheme=theme)
    findings = _check_pages(page, address, PAGES)
    open_page(page, address, "conversations", conversation=str(rows[0]["id"]))
    findings += _check(page, "conversation")
    open_page(page, address, "live", wall="1")
    findings += _check(page, "wall")
    assert findings == []


def test_phone_has_no_serious_finding_of_axe(browser: Browser, address: str) -> None:
    page = new_page(browser, 390, 844, locale="pt-BR")
    findings = _check_pages(page, address, PAGES)
    open_page(page, address, "live", wall="1")
    assert findings + _check(page, "wall") == []


def _check_pages(page: Page, address: str, names: Sequence[str]) -> list[Finding]:
    open_page(page, address, names[0])
    findings = _check(page, names[0])
    for name in names[1:]:
        switch_page(page, name)
        findings += _check(page, name)
    return findings


def _check(page: Page, name: str) -> list[Finding]:
    """Return the name of the page with the rule, the selector and the HTML of each thing that hinders people."""
    assert page.get_by_role("dialog").count() == 0  # axe would look at the dialog only
    found = Axe().run(page).response
    assert len(found["passes"]) > 10
    return [
        (name, violation["id"], str(node["target"]), node["html"][:200])
        for violation in found["violations"]
        if violation["impact"] in _HINDERING
        for node in violation["nodes"]
    ]
