"""The page's language is declared, and one thing is never written as several."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from chatwoot_assets.dashboard.formats import LANGUAGES, Language
from chatwoot_assets.dashboard.i18n import translate
from chatwoot_assets.dashboard.list_filters import SUBJECTS
from chatwoot_assets_tests.dashboard.opening import PAGES, PERIOD, Dashboard, Row, assert_no_errors, everything, texts
from chatwoot_assets_tests.dashboard.reference import Tables


@pytest.mark.parametrize(("language", "declared"), [("pt", "pt-BR"), ("en", "en")])
@pytest.mark.parametrize("page", ["overview", "live", "nowhere"])
def test_page_declares_its_language(dashboard: Dashboard, page: str, language: Language, declared: str) -> None:
    sent = everything(dashboard.open(page, language, **PERIOD))
    assert f"document.documentElement.lang = '{declared}'".encode() in sent


def test_text_with_an_amount_of_one_differs_from_that_of_many() -> None:
    for language in LANGUAGES:
        for subject in SUBJECTS:
            assert translate(f"one_{subject}", language) != translate(f"many_{subject}", language)


@pytest.mark.parametrize(
    ("days", "key", "values"),
    [
        (("2025-02-19", "2025-02-19"), "notice_missing_only_day", {}),
        (("2025-02-19", "2025-02-21"), "notice_missing_day", {"count": 1, "total": 3}),
        (("2025-02-18", "2025-02-21"), "notice_missing_days", {"count": 2, "total": 4}),
    ],
    ids=["only", "one", "two"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_days_are_counted_in_singular_and_plural(
    dashboard: Dashboard, language: Language, days: tuple[str, str], key: str, values: Row
) -> None:
    app = dashboard.open("overview", language, **dict(zip(("from", "to"), days, strict=True)))
    assert_no_errors(app)
    first, last = ("20/02/2025", "31/03/2025") if language == "pt" else ("2025-02-20", "2025-03-31")
    assert translate(key, language, first=first, last=last, **values) in texts(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_columns_of_a_table_have_different_headings(dashboard: Dashboard, page: str, language: Language) -> None:
    app = dashboard.open(page, language, **PERIOD)
    for table in app.dataframe:
        headings = [column["label"] for column in json.loads(table.proto.columns).values() if column.get("label")]
        assert sorted({*headings}) == sorted(headings)


def test_widget_without_a_choice_says_so_in_the_viewers_language(dashboard: Dashboard) -> None:
    app = dashboard.open("conversations", "pt", **PERIOD)
    empty = [*app.multiselect, *(widget for widget in app.selectbox if widget.value is None)]
    assert len(empty) > 8
    placeholders = {widget.label: widget.proto.placeholder for widget in empty}
    assert {*placeholders.values()} <= {"Todos", "Todas", "Qualquer duração"}
    assert placeholders["Contas"] == placeholders["Nota"] == "Todas"
    assert placeholders["Agentes"] == "Todos"


@pytest.mark.parametrize("language", LANGUAGES)
def test_list_of_one_conversation_is_in_singular(dashboard: Dashboard, tables: Tables, language: Language) -> None:
    keys = ("conversation_date", "inbox_id", "status")
    counts = Counter(tuple(row[key] for key in keys) for row in tables.conversations)
    date, inbox, status = next(values for values, count in counts.items() if count == 1)
    url = {"from": str(date), "to": str(date), "inbox": str(inbox), "status": status}
    app = dashboard.open("conversations", language, **url)
    assert_no_errors(app)
    assert translate("list_one", language, subject=translate("one_conversations", language)) in texts(app)


@pytest.mark.parametrize(("language", "website", "mail"), [("pt", "Site", "E-mail"), ("en", "Website", "Email")])
@pytest.mark.parametrize("page", ["channels", "distribution", "conversations"])
def test_channels_have_the_names_of_chatwoots_interface(
    dashboard: Dashboard, page: str, language: Language, website: str, mail: str
) -> None:
    app = dashboard.open(page, language, **PERIOD, channel="WebWidget,Email,Api")
    assert_no_errors(app)
    sent = everything(app).decode(errors="replace")
    assert [name for name in (website, mail, "API", "Twilio") if name not in sent] == []
    assert [kind for kind in ("WebWidget", "TwilioSms", "Channel::", "Api") if kind in sent] == []
    if page == "conversations":
        chip = next(button.label for button in app.button if button.key == "chip_channels")
        assert chip.endswith(f": {website}, {mail}, API")
