"""The tables in docs/tables.md, generated from the declarations of columns and views.

`python -m chatwoot_assets_tests.tables_page` (`make tables`) writes them; a test compares. They stand between
`<!-- columns: TABLE … -->`, or `<!-- views -->`, and `<!-- end -->`; the text around them is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from chatwoot_assets.columns import Column, Columns
from chatwoot_assets.metrics.columns import TABLES
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets.warehouse.campaign_columns import CAMPAIGN_DELIVERIES, CAMPAIGNS
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS, DAILY_SUMMARY, MESSAGES

PAGE = Path(__file__).parent.parent / "docs" / "tables.md"

_TABLES: dict[str, Columns] = {
    "conversas_analytics": CONVERSAS_ANALYTICS,
    "messages": MESSAGES,
    "daily_summary": DAILY_SUMMARY,
    "campaigns": CAMPAIGNS,
    "campaign_deliveries": CAMPAIGN_DELIVERIES,
    **TABLES,
}
_BLOCK = re.compile(r"(<!-- (columns: (?P<names>[a-z_ ]+)|views) -->\n).*?(<!-- end -->)", re.DOTALL)


def generate(text: str) -> str:
    """Return the page with its tables as they are declared now.

    Raises:
        ValueError: A table has no block of its own, or more than one.
    """
    blocks = list(_BLOCK.finditer(text))
    names = [name for block in blocks if block["names"] for name in block["names"].split()]
    if sorted(names) != sorted(_TABLES) or len(blocks) - sum(bool(block["names"]) for block in blocks) != 1:
        raise ValueError(f"the page has blocks for {names} and must have one for each of {list(_TABLES)}, and views")
    return _BLOCK.sub(lambda block: block[1] + _lines(block["names"]) + block[4], text)


def _lines(names: str | None) -> str:
    return "\n".join(_views() if names is None else _columns([_TABLES[name] for name in names.split()])) + "\n"


def _columns(tables: list[Columns]) -> Iterable[str]:
    yield from ("| column | type | meaning |", "|---|---|---|")
    # Tables that share a block differ in one column, which has the same place in each.
    columns: dict[str, Column] = {}
    for column in chain.from_iterable(zip(*(table.values() for table in tables), strict=True)):
        columns.setdefault(column.name, column)
    for column in columns.values():
        yield f"| `{column.name}` | {column.type} | {column.description} |"
    personal = [f"`{column.name}`" for column in columns.values() if column.personal]
    if personal:
        yield from ("", f"Personal data: {', '.join(personal)}.")


def _views() -> Iterable[str]:
    yield from ("| layer | view | rows |", "|---|---|---|")
    for view in VIEWS:
        yield f"| {view.layer} | [`{view.name}`](../sql/chatwoot/{view.name}.sql) | {view.description} |"


if __name__ == "__main__":
    PAGE.write_text(generate(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
