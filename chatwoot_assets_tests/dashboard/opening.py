"""Open a page of the dashboard in a test, and read what it shows."""

from __future__ import annotations

import datetime
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.ipc
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from chatwoot_assets import dashboard
from chatwoot_assets_tests.waiting import HANG_SECONDS

APP = str(Path(dashboard.__file__).with_name("entrypoint") / "app.py")
PAGES = (
    "overview",
    "live",
    "conversations",
    "agents",
    "channels",
    "bots",
    "campaigns",
    "satisfaction",
    "distribution",
    "busy_hours",
    "comparison",
    "data_health",
)
# The tabs of the pages that have some, by how a URL names a row of each.
_TABS = {"agents": ("agent", "team"), "channels": ("inbox", "label", "attribute")}
# The pages whose numbers do not depend on the period.
TIMELESS_PAGES = ("live", "data_health")
PERSONAL_PAGES = ("conversations", "satisfaction")
# The days of the loaded sample. The period is their second half, so that the period before it is loaded, too.
FIRST, LAST = datetime.date(2025, 2, 20), datetime.date(2025, 3, 31)
DAYS = (datetime.date(2025, 3, 12), LAST)
PERIOD = {"from": str(DAYS[0]), "to": str(DAYS[1])}

Row = dict[str, Any]


@dataclass(frozen=True)
class Dashboard:
    """The dashboard in its own environment."""

    monkeypatch: pytest.MonkeyPatch
    url: str
    start: datetime.date = FIRST

    def open(self, page: str = "overview", language: str = "en", /, **url: str) -> AppTest:
        """Return a page as a viewer sees it who follows a link with these URL parameters."""
        self.set(
            ANALYTICS_DATABASE_URL=self.url,
            REPORTING_TIMEZONE="America/Sao_Paulo",
            PARTITIONS_START_DATE=self.start.isoformat(),
        )
        app = AppTest.from_file(APP, default_timeout=HANG_SECONDS)
        app.query_params.update({"lang": language, **url})
        if page != "overview":
            app._page_hash = calc_hash(page)  # the public switch_page() knows only pages that are files
        return app.run()

    def open_tabs(self, page: str, language: str = "en", /, **url: str) -> list[AppTest]:
        """Return a page with each of its tabs open in turn; once if it has none."""
        trends = [{"trend": f"{tab}.-"} for tab in _TABS.get(page, ())]  # of no row
        return [self.open(page, language, **trend, **url) for trend in trends or [{}]]

    def set(self, **environment: str) -> None:
        """Change the environment."""
        for name, value in environment.items():
            self.monkeypatch.setenv(name, value)


def metrics(app: AppTest) -> dict[str, tuple[str, str]]:
    """Return the value and the change of each card, by its label."""
    return {metric.label: (metric.value, metric.delta) for metric in app.metric}


def everything(app: AppTest) -> bytes:
    """Return everything that was sent to the browser, including tables and charts."""
    return b"\n".join(_sent(app._tree))


def _sent(node: Any) -> list[bytes]:  # noqa: ANN401  # a block or an element
    own = [node.proto.SerializeToString()] if getattr(node, "proto", None) is not None else []
    children = getattr(node, "children", {}).values()
    return functools.reduce(lambda sent, child: sent + _sent(child), children, own)


def chart_rows(app: AppTest) -> list[list[Row]]:
    """Return the rows of each chart."""
    return [
        pyarrow.ipc.open_stream(dataset.data.data).read_all().to_pylist()
        for chart in app.get("vega_lite_chart")
        for dataset in chart.proto.datasets
    ]


def time_labels(app: AppTest) -> list[str]:
    """Return the label expression of each axis of days, weeks or months."""
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


def texts(app: AppTest) -> str:
    """Return the texts of a page, without tables and charts."""
    kinds = (app.header, app.subheader, app.markdown, app.caption, app.info, app.warning, app.error, app.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def assert_no_errors(app: AppTest) -> None:
    """Assert that a page shows neither an exception nor an error."""
    assert [element.value for element in app.exception] == []
    assert [element.value for element in app.error] == []


def split_lines(report: str) -> list[list[str]]:
    """Return the cells of the tables in a text; of a link, what it says."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", report)
    return [line.split("|") for line in text.splitlines() if line.startswith("| ")]
