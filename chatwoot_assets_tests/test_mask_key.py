"""The key of the pseudonyms: where it comes from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from chatwoot_assets_tests.command_line import Workspace
from chatwoot_assets_tests.conftest import Postgres

KEY = "fedcba9876543210" * 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"MASK": "names"}, "MASK is set, and neither MASK_KEY nor MASK_KEY_FILE is"),
        ({"MASK": "names", "MASK_KEY": "short"}, "MASK_KEY has 5 characters"),
        ({"MASK": "names", "MASK_KEY": KEY + "\n"}, "MASK_KEY ends in a newline"),
        ({"MASK": "phones", "MASK_KEY": KEY}, "MASK is 'phones'; accepted are names, contacts and contents"),
        ({"MASK": "names", "MASK_KEY": KEY, "MASK_KEY_FILE": "/key"}, "only one of them may be set"),
        ({"MASK": "names", "MASK_KEY_FILE": "/nowhere/key"}, "MASK_KEY_FILE is '/nowhere/key', which cannot be read"),
    ],
)
def test_mask_without_a_good_key_is_refused(
    postgres: Postgres, tmp_path: Path, changes: dict[str, str], message: str
) -> None:
    workspace = Workspace(tmp_path, postgres.new_database(), postgres.new_database(), postgres.new_database())
    line = workspace.refusal("doctor", code=2, **changes)
    assert message in line
    assert KEY not in line


def test_key_comes_from_a_file(postgres: Postgres, tmp_path: Path) -> None:
    workspace = Workspace.create(postgres, tmp_path, views=False)
    path = tmp_path / "key"
    path.write_text(KEY + "\n", encoding="utf-8")
    workspace.output("views", "create", MASK="contacts", MASK_KEY_FILE=str(path))
    printed = workspace.output("views", "print", MASK="contacts", MASK_KEY=KEY)
    assert KEY not in printed
    with psycopg.connect(workspace.source_url) as connection:
        row = connection.execute("SELECT name, phone_number FROM chatwoot_analytics.vw_contacts").fetchone()
    assert row == (None, None)
