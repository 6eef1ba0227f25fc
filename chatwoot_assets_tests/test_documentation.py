"""The documentation says what the code does, where the two could drift apart."""

from __future__ import annotations

import re
from pathlib import Path

from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, DAILY_SUMMARY

_ROOT = Path(__file__).parent.parent


def test_every_column_is_documented_with_its_type_and_meaning() -> None:
    text = (_ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    tables = (CONVERSAS_ANALYTICS, DAILY_SUMMARY, *TABLES.values())
    for name, (kind, meaning) in (column for columns in tables for column in columns.items()):
        assert f"| `{name}` | {kind} | " in text, name
        assert meaning in text, name
    for view in VIEWS:
        assert f"[`{view.name}`]" in text
        assert view.description in text


def test_every_table_of_the_metrics_is_explained() -> None:
    text = (_ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert [table for table in TABLES if f"`{table}`" not in text] == []


def test_every_environment_variable_that_is_read_is_in_the_readme() -> None:
    readme = (_ROOT / "README.md").read_text(encoding="utf-8")
    source = (_ROOT / "chatwoot_assets" / "settings.py").read_text(encoding="utf-8")
    variables = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source)) - {"DAGSTER_HOME"}
    assert len(variables) >= 8
    assert [name for name in variables if f"`{name}`" not in readme] == []


def test_every_link_in_the_documentation_leads_to_a_file() -> None:
    pages = [_ROOT / "README.md", *(_ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
