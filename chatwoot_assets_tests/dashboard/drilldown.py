"""Where the numbers of a page lead: the lists behind cards and cells, and how many rows each has."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import psycopg
from streamlit.testing.v1 import AppTest

from chatwoot_assets.dashboard.filter_urls import parse_url
from chatwoot_assets.dashboard.filters import query_parameters
from chatwoot_assets.dashboard.list_filters import parse_list_url
from chatwoot_assets.dashboard.tables import CellList, Column
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets_tests.dashboard.opening import Row

FILTERS = [
    {},
    {"inbox": "1,2", "label": "vip,urgente"},
    {"agent": "2,3,0"},
    {"attribute": "conversation.motivo=troca"},
]
# Each table that a page draws: its name, rows and columns, and the function that gives the list of a cell.
ShownTables = list[tuple[str, list[Row], list[Column], CellList]]
TODAY = datetime.date(2026, 1, 1)


@dataclass
class Lists:
    """Counts the rows of lists by their address, as the page does."""

    connection: psycopg.Connection[Row]
    totals: dict[str, int] = field(default_factory=dict)

    def total(self, url: str) -> int:
        if url not in self.totals:
            query = dict(parse_qsl(urlsplit(url).query, strict_parsing=True))
            filters, ignored = parse_url(query)
            conditions, ignored_too = parse_list_url(query)
            assert ignored + ignored_too == []
            conditions_of_list = conditions.query_parameters(zone="America/Sao_Paulo")
            parameters = query_parameters(filters, filters.period(TODAY)) | conditions_of_list
            (row,) = self.connection.execute(compose(sql_path("dashboard", "list_count.sql"), **parameters)).fetchall()
            self.totals[url] = row["total"]
        return self.totals[url]


def card_links(app: AppTest) -> dict[str, str]:
    """Return the address of the list of each card, by the card's label."""
    prefix = "Show the conversations: "
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    return {label.removeprefix(prefix): f"?{query}" for label, query in links.items() if label.startswith(prefix)}


# What has no list: differences, names of what is counted in the other cells, and the messages of a day's conversations,
# which have dates of their own.
WITHOUT_LIST = (
    "apart", "account", "channel", "counted_by", "weekday", "hour", "bot_messages", "captain_replies", "messages",
    "condition", "snapshot_at", "loaded_at",
)  # fmt: skip


def walk_tables(
    lists: Lists,
    shown: ShownTables,
    expected: Callable[[Row, str], float | None],
    without_list: tuple[str, ...] = WITHOUT_LIST,
    shares: Sequence[str] = (),
) -> int:
    """Assert that each cell has a list, with as many rows as it counts; return the number of cells.

    The list of a duration, or of one of the `shares`, has a row at least.
    """
    cells = 0
    for name, rows, columns, find in shown:
        for row in rows:
            for column in columns:
                parameters = find(row, column.key)
                if parameters is None:
                    is_counted = row[column.key] and row.get("conversations", 1)
                    assert not is_counted or column.key in without_list, (name, row, column.key)
                    continue
                total = lists.total("?" + "&".join(f"{key}={value}" for key, value in parameters.items()))
                place = (name, row.get("name", row.get("starts_on")), column.key)
                if column.format == "duration" or column.key in shares:
                    assert total > 0, place
                else:
                    assert total == expected(row, column.key), place
                cells += 1
    return cells
