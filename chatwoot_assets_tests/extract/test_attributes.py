"""Attributes on their way to the warehouse: a change of one, and of the setting, is seen as a change of the rows."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatwoot_assets.warehouse.quality import failing_rows
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.project import Project

DAY = datetime.date(2025, 3, 10)
NOON = "2025-03-10 12:00:00"


@pytest.fixture
def loaded(postgres: Postgres, tmp_path: Path) -> Project:
    """A loaded day whose first conversation has a reason, and whose contact has a plan."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path)
    with project.writing() as writer:
        writer.attribute("motivo", 6, attribute_values='["troca", "compra"]')
        writer.attribute("valor", 1)
        writer.contact(2, "Caio", custom_attributes='{"plano": "ouro"}')
        writer.conversation(NOON, id=1, custom_attributes='{"motivo": "troca", "valor": "10 reais", "cpf": "1"}')
        writer.conversation(NOON, id=2, contact_id=2)
        writer.conversation(NOON, id=3, contact_id=None)
    project.load(DAY)
    return project


def _attributes(project: Project) -> dict[int, tuple[Any, Any]]:
    rows = project.conversations()
    return {id_: (row["custom_attributes"], row["contact_attributes"]) for id_, row in rows.items()}


def test_loaded_attributes_are_typed_and_a_check_counts_the_others(loaded: Project) -> None:
    assert _attributes(loaded) == {1: ({"motivo": "troca", "valor": None}, {}), 2: ({}, {}), 3: ({}, {})}
    with loaded.target() as connection:
        assert failing_rows(connection, "attributes_fit_their_types", None) == {DAY: 1}


def test_changed_attribute_and_changed_definition_are_loaded(loaded: Project) -> None:
    with loaded.source() as connection:
        connection.execute('UPDATE conversations SET custom_attributes = \'{"motivo": "compra"}\' WHERE id = 1')
    loaded.load(DAY)
    assert _attributes(loaded)[1] == ({"motivo": "compra"}, {})
    with loaded.source() as connection:
        connection.execute("UPDATE custom_attribute_definitions SET attribute_values = '[]'")
    loaded.load(DAY)
    assert _attributes(loaded)[1] == ({"motivo": None}, {})


def test_changed_setting_is_loaded_for_the_conversations_that_it_changes(loaded: Project) -> None:
    changed = replace(loaded, settings=replace(loaded.settings, custom_attributes="contact.plano"))
    changed.create_views()
    before = {id_: row["extracted_at"] for id_, row in loaded.conversations().items()}
    changed.load(DAY)
    assert _attributes(changed) == {1: ({}, {}), 2: ({}, {"plano": "ouro"}), 3: ({}, {})}
    after = {id_: row["extracted_at"] for id_, row in changed.conversations().items()}
    assert after[1] > before[1]
