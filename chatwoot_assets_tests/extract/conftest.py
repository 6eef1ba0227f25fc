"""Conversations in up-to-date files for the tests of merging."""

from __future__ import annotations

import pytest

from chatwoot_assets_tests.extract.merging import CONVERSATIONS_PER_DAY, KEYS, refresh_files
from chatwoot_assets_tests.project import Project


@pytest.fixture
def stored(project: Project) -> Project:
    """A project with eight conversations per day, which have rows of every kind, in up-to-date files."""
    with project.writing() as writer:
        writer.contact(2, "Bia")
        writer.inbox(11, "Vendas")
        for id_, name in enumerate(("vip", "novo"), start=1):
            writer.tag(id_, name)
        for key in KEYS:
            for number in range(CONVERSATIONS_PER_DAY):
                first = number == 0
                id_ = writer.conversation(f"{key} 1{number}:00", contact_id=2 - first, inbox_id=11 - first)
                for minute in range(number):
                    writer.message(id_, f"{key} 1{number}:0{minute}", f"mensagem {minute}")
                if number % 2:
                    writer.label(id_, 1)
                    writer.rating(id_, f"{key} 20:00", number % 5 + 1)
                    writer.event(id_, f"{key} 20:00", "conversation_resolved", 60.0 * number)
    refresh_files(project)
    return project
