"""Loaded days, and copies of them that a test may damage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.defs.checks.quality_results import DAY, NEXT_DAY, SECRETS
from chatwoot_assets_tests.project import Project


@pytest.fixture(scope="session")
def two_days(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two days of three conversations each, loaded: 1 to 3, and 11 to 13."""
    project = Project.create(postgres.new_database(), postgres.new_database(), tmp_path_factory.mktemp("checks"))
    with project.writing() as writer:
        writer.contact(7, SECRETS[0], phone_number=SECRETS[1])
        for first, date in ((1, DAY), (11, NEXT_DAY)):
            at = f"{date} 15:00:00"
            for id_ in range(first, first + 3):
                writer.conversation(at, id=id_, contact_id=7, first_reply_created_at=f"{date} 15:01:00")
                writer.message(id_, at, SECRETS[2], id=id_)
                writer.rating(id_, at, 4, id=id_, feedback_message=SECRETS[2])
    project.load(DAY, NEXT_DAY)
    return project


@pytest.fixture
def copied(two_days: Project, postgres: Postgres) -> Iterator[Project]:
    """A copy of the loaded target, for damage; the source and the extracts are shared."""
    with postgres.copied(two_days.target_url) as url:
        yield replace(two_days, target_url=url)


@pytest.fixture
def with_extracts(copied: Project, tmp_path: Path) -> Project:
    """The same with a copy of the extracts, which may be damaged or replaced."""
    shutil.copytree(copied.settings.extracts_url, tmp_path / "extracts")
    return replace(copied, settings=replace(copied.settings, extracts_url=str(tmp_path / "extracts")))
