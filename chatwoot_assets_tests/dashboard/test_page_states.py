"""Every page in both languages while the data are stale, and for a viewer who may see neither names nor contents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.i18n import TEXTS, translate
from chatwoot_assets_tests.dashboard.conftest import clear_caches
from chatwoot_assets_tests.dashboard.opening import PAGES, PERIOD, Dashboard, assert_no_errors, everything
from chatwoot_assets_tests.dashboard.viewers import Restricted, as_viewer, restricted
from chatwoot_assets_tests.project import Project

# What a viewer without contents does not have, and one of some accounts.
HIDDEN_PAGES = ("conversations", "data_health")


@pytest.fixture(scope="module")
def warehouse(sampled: Project, psql: Path) -> Iterator[Restricted]:
    clear_caches()  # a database that is in use cannot be copied
    with restricted(sampled.target_url, psql, "page_states") as warehouse:
        with psycopg.connect(warehouse.owner_url) as connection:
            connection.execute("UPDATE partition_state SET snapshot_at = snapshot_at - interval '5 hours'")
        yield warehouse


@pytest.fixture
def stale_dashboard(warehouse: Restricted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """The dashboard without a login on data that are five hours old."""
    yield Dashboard(monkeypatch, warehouse.owner_url)
    clear_caches()


@pytest.fixture(scope="module")
def secrets(warehouse: Restricted) -> set[bytes]:
    """Names of contacts, and what they wrote, of every account."""
    rows = warehouse.read(
        "SELECT contact_name FROM conversas_analytics WHERE length(contact_name) > 8"
        " AND contact_name NOT IN (SELECT assignee_name FROM conversas_analytics WHERE assignee_name IS NOT NULL)"
        " UNION SELECT feedback_message FROM conversas_analytics WHERE length(feedback_message) > 8"
        " UNION SELECT contact_phone FROM conversas_analytics WHERE contact_phone IS NOT NULL",
        None,
        as_owner=True,
    )
    return {str(text).encode() for (text,) in rows}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_says_that_its_data_are_stale(stale_dashboard: Dashboard, page: str, language: Language) -> None:
    app = stale_dashboard.open(page, language, **PERIOD)
    assert_no_errors(app)
    assert app.header[0].value == translate(f"page_{page}", language)
    (warning,) = [element.value for element in app.warning]
    (sentence,) = (texts["notice_never_compared"] for key, texts in TEXTS.items() if key == language)
    beginning, _, end = sentence.partition("{as_of}")
    assert warning.startswith(beginning)
    assert warning.endswith(end)
    assert app.metric or app.dataframe


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_viewer_without_contents_finds_nothing_personal(
    warehouse: Restricted, viewed: Dashboard, secrets: set[bytes], page: str, language: Language
) -> None:
    assert len(secrets) > 100
    as_viewer(viewed, "numbers@example.com")
    ((id_,),) = warehouse.read("SELECT min(id) FROM conversas_analytics WHERE account_id = 1", None, as_owner=True)
    app = viewed.open(page, language, **PERIOD, conversation=str(id_))
    assert_no_errors(app)
    shown = "overview" if page in HIDDEN_PAGES else page
    assert [header.value for header in app.header] == [translate(f"page_{shown}", language)]
    sent = everything(app)
    assert [text for text in secrets if text in sent] == []
    assert b"Traceback" not in sent
    assert app.metric or app.dataframe or app.get("vega_lite_chart")
