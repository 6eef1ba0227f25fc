"""The labels of the charts' time axes: days of several years do not look alike."""

from __future__ import annotations

import pytest

from chatwoot_assets.dashboard.formats import LANGUAGES
from chatwoot_assets_tests.dashboard.opening import PERIOD, Dashboard, assert_no_errors, time_labels

_YEAR = "split(datum.value, '-')[0]"


def _time_labels(dashboard: Dashboard, page: str, language: str, url: dict[str, str]) -> list[str]:
    app = dashboard.open(page, language, **url)
    assert_no_errors(app)
    return time_labels(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["overview", "data_health"])
def test_axis_names_the_year_where_its_days_are_of_several(dashboard: Dashboard, page: str, language: str) -> None:
    weeks = _time_labels(dashboard, page, language, {"from": "2024-12-20", "to": "2025-03-31"})
    assert weeks
    assert all(label.endswith(_YEAR) for label in weeks)
    days = _time_labels(dashboard, page, language, PERIOD)
    assert days
    assert not any(_YEAR in label for label in days)
