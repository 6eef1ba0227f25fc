"""MASK: the numbers stay, and nothing that is masked leaves Chatwoot's database."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg import sql

from chatwoot_assets.activity_sentences import ACTORS, AGENT_NAMES, CHANGES, OTHERS, TEAM_NAMES
from chatwoot_assets.errors import SourceError
from chatwoot_assets.masking import CONTACTS, CONTENTS, GROUPS, NAMES, Mask, kept_words
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets.warehouse.sampled_rows import compare_sampled_rows
from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.adversarial_texts import TEXTS
from chatwoot_assets_tests.adversarial_times import AdversarialDays
from chatwoot_assets_tests.command_line import DAY
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.local_views import view_differences
from chatwoot_assets_tests.project import Project
from chatwoot_assets_tests.soak.automation import compare_everything
from chatwoot_assets_tests.source_writer import SourceWriter

KEY = "0123456789abcdef" * 2
MASKED = {"contact_name", "contact_email", "contact_phone", "client_phone", "assignee_name", "feedback_message"}
_SENTENCES = (
    "Assigned to ana by daniel", "Assigned to daniel by Zé", "Assigned to sales by Zé", "Assigned to Bia by Zé",
    "ana self-assigned this conversation", "Conversation was marked resolved by Bia",
    "Conversation was resolved by Caio", "System reopened the conversation due to a new incoming message.",
    "Atribuído a sales por Bia", "Conversa foi marcada como resolvida por Bia", "Caio wrote anything", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def source(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, AdversarialDays]:
    """The adversarial rows, with conversations whose history is in their activity messages."""
    project = Project.create(
        postgres.new_database(), postgres.new_database(), tmp_path_factory.mktemp("plain"), timezone="UTC"
    )
    with project.source() as connection:
        days = insert_adversarial_rows(connection)
        writer = SourceWriter(connection)
        for id_, name in ((900, "ana"), (901, "daniel"), (902, "sales")):
            writer.user(id_, name)
        connection.execute(
            "INSERT INTO account_users (account_id, user_id, created_at, updated_at)"
            " VALUES (1, 900, now(), now()), (1, 902, now(), now())"
        )
        for number in range(len(_SENTENCES)):
            id_ = writer.conversation(f"{DAY} 12:00", id=50_000 + number, assignee_id=901, team_id=number % 2)
            for second, sentence in enumerate([*_SENTENCES[number:], *_SENTENCES[:number]]):
                columns = {"message_type": 2, "sender_type": None, "id": 60_000 + 100 * number + second}
                writer.message(id_, f"{DAY} 12:00:{second:02}", sentence, **columns)
    return project, days


def _load(project: Project, days: AdversarialDays) -> Project:
    for day in days.utc:
        assert project.load(day).success
    return project


@pytest.fixture(scope="module")
def plain(source: tuple[Project, AdversarialDays]) -> Project:
    return _load(*source)


def _masked(source: Project, target_url: str, directory: Path, groups: tuple[str, ...], *, inline: bool) -> Project:
    settings = replace(
        source.settings,
        extracts_url=str(directory / "extracts"),
        home=directory,
        mask=Mask(groups, KEY),
        has_inline_views=inline,
        views_schema="nowhere" if inline else f"masked_{len(groups)}",
    )
    project = Project(source.source_url, target_url, settings)
    if not inline:
        project.create_views()
    return project


@pytest.fixture(scope="module", params=[(GROUPS, False), ((CONTENTS,), True)], ids=["all deployed", "contents inline"])
def masked(
    request: pytest.FixtureRequest,
    source: tuple[Project, AdversarialDays],
    postgres: Postgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    groups, inline = request.param
    directory = tmp_path_factory.mktemp("masked")
    return _load(_masked(source[0], postgres.new_database(), directory, groups, inline=inline), source[1])


def _rows(project: Project, table: str, without: set[str]) -> list[str]:
    """Return the rows of a table as text, in order, without some columns."""
    query = sql.SQL("SELECT (to_jsonb(t) - %s::text[])::text FROM {} AS t ORDER BY 1").format(sql.Identifier(table))
    with project.target() as connection:
        return [row for (row,) in connection.execute(query, [sorted(without)])]


@pytest.mark.parametrize("table", [*TABLES, "daily_summary", "conversas_analytics", "messages"])
def test_all_numbers_are_equal_with_and_without_a_mask(plain: Project, masked: Project, table: str) -> None:
    without = {"extracted_at", "content", *MASKED}
    rows = _rows(plain, table, without)
    assert rows or table in (
        "targets",
        "conversation_slas",
        "calls",
    )  # no targets are set, no SLAs applied, no calls made
    assert _rows(masked, table, without) == rows


def test_masked_days_equal_chatwoot(masked: Project) -> None:
    days = [masked.day(date) for date in {row["conversation_date"] for row in masked.conversations().values()}]
    assert not {date for first, last in compare_everything(masked) for date in (first, last)} & {d.date for d in days}
    with masked.target() as connection, snapshot(masked.resources["chatwoot"]) as taken:
        comparison = compare_sampled_rows(connection, taken, masked.settings.views_schema, days)
    assert comparison.rows > 50
    assert comparison.columns == set()
    if not masked.settings.has_inline_views:
        assert view_differences(masked) == []


def test_python_makes_the_pseudonyms_that_the_views_make(source: tuple[Project, AdversarialDays]) -> None:
    project = replace(source[0], settings=replace(source[0].settings, views_schema="words", mask=Mask(GROUPS, KEY)))
    project.create_views()
    with project.source() as connection:
        rows = connection.execute(
            "SELECT u.name, v.name FROM users AS u JOIN words.vw_users AS v ON u.id = v.id"
        ).fetchall()
    assert len(rows) > len(TEXTS)
    assert dict(rows) == {name: project.settings.mask.words(name) for name, _ in rows}
    assert all(project.settings.mask.covers(masked) for _, masked in rows)


def test_equal_phones_stay_equal_and_other_keys_make_other_pseudonyms(project: Project) -> None:
    with project.writing() as writer:
        for id_, account in ((5, 1), (6, 2), (7, 2)):
            phone = "+5511999990000" if id_ < 7 else None
            writer.contact(id_, "Bia", phone_number=phone, email=f"{id_}@example.com", account_id=account)
    seen = []
    for key in (KEY, KEY[::-1], "x" * 100):
        changed = replace(project, settings=replace(project.settings, mask=Mask((CONTACTS,), key)))
        changed.create_views()
        with changed.source() as connection:
            rows = connection.execute(
                "SELECT name, phone_number, email FROM chatwoot_analytics.vw_contacts WHERE id > 4 ORDER BY id"
            ).fetchall()
        names, phones, emails = zip(*rows, strict=True)
        assert names == (None, None, None)
        assert phones[0] == phones[1] != phones[2] is None
        assert len(set(emails)) == 3
        seen.append(phones[0])
    assert len(set(seen)) == 3
    assert all(re.fullmatch("masked-[0-9a-f]{20}", phone) for phone in seen)


def test_fixed_words_of_all_sentences_are_kept() -> None:
    patterns = [pattern for _, pattern in (*CHANGES, *ACTORS)] + [*OTHERS, *AGENT_NAMES, *TEAM_NAMES]
    expanded = " ".join(re.sub(r"\(\?:|[()^$.*?|]", " ", pattern) for pattern in patterns)
    words = {word for word in expanded.split() if re.fullmatch(r"[\w-]{3,}", word)}
    parts = {"onversa", "onversación", "elo"}
    assert {word for word in words - parts if not any(kept.startswith(word) for kept in kept_words())} == set()


def test_views_that_mask_otherwise_are_refused(project: Project) -> None:
    with project.source() as connection:
        create_views(
            connection, ViewOptions("chatwoot_analytics", "America/Sao_Paulo", mask=Mask((NAMES, CONTENTS), KEY))
        )
        # As views that were made in psql, which have no version.
        for (name,) in connection.execute(
            "SELECT viewname FROM pg_views WHERE schemaname = 'chatwoot_analytics'"
        ).fetchall():
            connection.execute(sql.SQL("COMMENT ON VIEW {} IS NULL").format(sql.Identifier("chatwoot_analytics", name)))
    with (
        snapshot(project.resources["chatwoot"]) as taken,
        pytest.raises(SourceError, match="mask names,contents, and MASK is not set"),
    ):
        check_views(taken, ViewOptions("chatwoot_analytics", "America/Sao_Paulo"))
