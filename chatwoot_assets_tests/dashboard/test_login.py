"""People log in through a real OpenID provider, in browsers of their own, and see their accounts only."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from chatwoot_assets.commands import dashboard as command
from chatwoot_assets.errors import WarehouseError
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, provider
from chatwoot_assets_tests.dashboard.opening import FIRST, PERIOD
from chatwoot_assets_tests.dashboard.serving import served
from chatwoot_assets_tests.dashboard.viewers import LOGIN, VIEWERS, Restricted, restricted
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.servers import free_port
from chatwoot_assets_tests.waiting import HANG_SECONDS

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def warehouse(sampled: Project, psql: Path) -> Iterator[Restricted]:
    clear_caches()  # a database that is in use cannot be copied
    with restricted(sampled.target_url, psql, "login") as warehouse:
        yield warehouse


@pytest.fixture
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no Chromium; .ci/run installs it if it can")
        pytest.skip("there is no Chromium; on Debian: apt-get install chromium")
    return path


@pytest.mark.slow
def test_two_people_log_in_and_see_their_own_accounts(warehouse: Restricted, chromium: str, tmp_path: Path) -> None:
    port = free_port()
    secret = tmp_path / "client_secret"
    secret.write_text(f"{CLIENT_SECRET}\n", encoding="utf-8")
    with provider() as people:
        environment = {
            "ANALYTICS_DATABASE_URL": warehouse.url,
            "REPORTING_TIMEZONE": "America/Sao_Paulo",
            "PARTITIONS_START_DATE": FIRST.isoformat(),
            "CHATWOOT_ASSETS_HOME": str(tmp_path / "home"),
            "DASHBOARD_URL": f"http://127.0.0.1:{port}",
            "OIDC_METADATA_URL": f"{people.address}/.well-known/openid-configuration",
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET_FILE": str(secret),
            "VIEWERS": json.dumps(VIEWERS),
        }
        with served(tmp_path, port, **environment) as dashboard, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS, timeout=1_000 * HANG_SECONDS)
            counts = [_count(warehouse, account) for account in (1, 2)]
            assert counts[0] != counts[1]
            first, second = (
                _log_in(browser, people, dashboard.address, email) for email in ("one@example.com", "two@example.com")
            )
            for _ in range(2):
                for page, count, other in ((first, counts[0], "2"), (second, counts[1], "1")):
                    assert f"{count} conversations, newest first" in _open_list(page, dashboard.address, other)
            stranger = _log_in(browser, people, dashboard.address, "stranger@example.com")
            expect(stranger.get_by_text("nobody has given you access")).to_be_visible()
            first.get_by_role("button", name="Log out").click()
            expect(first.get_by_role("button", name="Log in")).to_be_visible()
            browser.close()
        code, out, err = dashboard.stop()
    assert (code, err) == (0, "")
    assert "example.com" not in out
    for file in (tmp_path / "home" / "dashboard").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def _log_in(browser: Browser, people: Provider, address: str, email: str) -> Page:
    """Return a page of a new browser in which somebody has logged in."""
    context = browser.new_context(locale="en-US")
    context.set_default_timeout(1_000 * HANG_SECONDS)
    page = context.new_page()
    page.set_default_timeout(1_000 * HANG_SECONDS)
    people.person = {"email": email, "email_verified": True}
    page.goto(f"{address}/?lang=en")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()
    return page


def _open_list(page: Page, address: str, other: str) -> str:
    """Return what the list of conversations shows whose address asks for another account's."""
    page.goto(f"{address}/conversations?lang=en&from={PERIOD['from']}&to={PERIOD['to']}&accounts={other}")
    page.get_by_text("newest first").first.wait_for()
    return page.inner_text("body")


def _count(warehouse: Restricted, account: int) -> int:
    """Return how many conversations of an account began in the period."""
    query = f"""
        SELECT count(*)::int FROM conversas_analytics
        WHERE account_id = {account} AND conversation_date BETWEEN '{PERIOD["from"]}' AND '{PERIOD["to"]}'
    """  # noqa: S608 - numbers and dates of the test
    ((count,),) = warehouse.read(query, None, as_owner=True)
    assert isinstance(count, int)
    return count


def test_owners_url_with_a_login_is_refused_at_start(warehouse: Restricted, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**LOGIN, "ANALYTICS_DATABASE_URL": warehouse.owner_url}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WarehouseError, match="can read every account's rows of"):
        command.serve("127.0.0.1", free_port())
