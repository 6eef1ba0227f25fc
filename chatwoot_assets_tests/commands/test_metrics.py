"""Prometheus's own parser reads the figures, which are those of the warehouse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from chatwoot_assets.change_detection.full_comparison import compare_all
from chatwoot_assets.commands.metrics import WarehouseCollector
from chatwoot_assets.postgres import Warehouse
from chatwoot_assets_tests.conftest import DAYS_AGO
from chatwoot_assets_tests.project import Project


def _figures(warehouse: Warehouse) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(WarehouseCollector(warehouse))
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_figures_are_those_of_the_warehouse(recent: Project) -> None:
    list(compare_all(recent.settings, recent.resources["chatwoot"], recent.resources["warehouse"]))
    figures = _figures(recent.resources["warehouse"])
    assert figures["chatwoot_assets_up"] == 1
    assert figures["chatwoot_assets_conversations"] == DAYS_AGO
    assert figures["chatwoot_assets_loaded_days"] == DAYS_AGO + 1
    assert figures["chatwoot_assets_differing_days"] == 0
    assert figures["chatwoot_assets_lag_seconds"] >= 0
    examples = Path(__file__).parents[2] / "deploy" / "monitoring"
    for name in ("prometheus-rules.yaml", "grafana-dashboard.json"):
        used = set(re.findall(r"chatwoot_assets_[a-z_]+", (examples / name).read_text(encoding="utf-8")))
        assert used - {"chatwoot_assets"} <= figures.keys(), name
    assert (
        figures["chatwoot_assets_compared_timestamp_seconds"] >= figures["chatwoot_assets_watermark_timestamp_seconds"]
    )


def test_warehouse_that_is_down_is_a_figure() -> None:
    assert _figures(Warehouse(url="postgresql://127.0.0.1:1/x")) == {"chatwoot_assets_up": 0}


def test_examples_for_monitoring_are_well_formed() -> None:
    examples = Path(__file__).parents[2] / "deploy" / "monitoring"
    rules = yaml.safe_load((examples / "prometheus-rules.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert all({"alert", "expr", "labels", "annotations"} <= rule.keys() for rule in rules)
    panels = json.loads((examples / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]
    places = [tuple(panel["gridPos"].values()) for panel in panels]
    assert len(set(places)) == len(places) == 11
