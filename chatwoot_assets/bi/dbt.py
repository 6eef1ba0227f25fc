"""The views of `bi` as dbt's sources, with tests of their keys and references, generated from the declarations."""

from __future__ import annotations

import json
from typing import Any

from chatwoot_assets.bi.views import VIEWS, BiColumn, BiView

# The column that a reference to each view points to.
_KEYS = {view.name: view.key[0] for view in VIEWS}

# The views that deploy/grafana/chatwoot-numbers.json reads.
_IN_GRAFANA = ("dim_date", "dim_agent", "fact_conversation", "fact_wait", "fact_resolution", "fact_backlog")


def sources() -> dict[str, Any]:
    """Return the content of dbt's `sources.yml`."""
    return {
        "version": 2,
        "sources": [
            {
                "name": "chatwoot",
                "schema": "bi",
                "description": "Chatwoot's conversations and metrics, from chatwoot_assets.",
                "tables": [_table(view) for view in VIEWS if not view.personal],
            }
        ],
        "exposures": [
            {
                "name": "chatwoot_numbers_grafana",
                "label": "Grafana: Chatwoot",
                "type": "dashboard",
                "owner": {"name": "Support"},
                "depends_on": [f"source('chatwoot', '{name}')" for name in _IN_GRAFANA],
            }
        ],
    }


def sources_yaml() -> str:
    """Return `sources.yml`. JSON is YAML; strings with colons need quotes in both."""
    return f"# Written by: chatwoot-assets bi dbt\n{json.dumps(sources(), ensure_ascii=False, indent=2)}\n"


def _table(view: BiView) -> dict[str, Any]:
    return {
        "name": view.name,
        "description": view.en,
        "data_tests": _table_tests(view),
        "columns": [
            {"name": column.name, "description": column.en, "data_tests": _tests(view, column)}
            for column in view.columns
        ],
    }


def _table_tests(view: BiView) -> list[Any]:
    """Return the test of a key of several columns: dbt's own `unique` takes an expression in place of a column."""
    if len(view.key) == 1:
        return []
    name = f"unique_{view.name}_key"
    return [{"unique": {"name": name, "arguments": {"column_name": " || '/' || ".join(view.key)}}}]


def _tests(view: BiView, column: BiColumn) -> list[Any]:
    tests: list[Any] = []
    if view.key == (column.name,):
        tests.append("unique")
    if not column.nullable:
        tests.append("not_null")
    if column.references and column.references not in ("dim_contact", "dim_date"):
        arguments = {"to": f"source('chatwoot', '{column.references}')", "field": _KEYS[column.references]}
        tests.append({"relationships": {"arguments": arguments}})
    return tests
