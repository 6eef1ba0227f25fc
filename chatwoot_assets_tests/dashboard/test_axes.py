"""The labels of the charts' time axes: days of several years do not look alike."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatwoot_assets.dashboard.formats import LANGUAGES
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors

_YEAR = "split(datum.value, '-')[0]"


def _time_labels(dashboard: Dashboard, page: str, language: str, url: dict[str, str]) -> list[str]:
    """Return the label expression of each axis of days, weeks or months of a page."""
    app = dashboard.open(page, language, **url)
    assert_no_errors(app)
    labels: list[str] = []

    def collect(node: Any) -> None:  # noqa: ANN401  # a part of a specification
        if isinstance(node, dict):
            if node.get("field") == "start" and "axis" in node:
                labels.append(node["axis"]["labelExpr"])
            collect(list(node.values()))
        elif isinstance(node, list):
            for child in node:
                collect(child)

    for chart in app.get("vega_lite_chart"):
        collect(json.loads(chart.proto.spec))
    return labels


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["overview", "data_health"])
def test_axis_names_the_year_where_its_days_are_of_several(dashboard: Dashboard, page: str, language: str) -> None:
    weeks = _time_labels(dashboard, page, language, {"from": "2024-12-20", "to": "2025-03-31"})
    assert weeks
    assert all(label.endswith(_YEAR) for label in weeks)
    days = _time_labels(dashboard, page, language, PERIOD)
    assert days
    assert not any(_YEAR in label for label in days)
