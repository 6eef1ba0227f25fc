"""What counts for no agent in the table of agents, split into bots, automation, the channel's own app, and nobody."""

from __future__ import annotations

from chatwoot_assets.dashboard.filters import UNASSIGNED
from chatwoot_assets.dashboard.list_filters import NOBODY
from chatwoot_assets.dashboard.page_context import PageContext
from chatwoot_assets.dashboard.queries import Row

_OF_REPLIES = ("first_response_median", "response_median", "response_p90")
_INDENT = "\u2003"  # an em space: tables leave ordinary ones out


def split_nobody(page: PageContext, groups: list[Row]) -> list[Row]:
    """Return the groups by agent, with the row of nobody followed by the rows of who that was.

    What cannot be split is None in these rows. Only the channel's own app has replies without an agent.
    """
    split = {row["who"]: row for row in page.rows("nobody")}
    rows: list[Row] = []
    for group in groups:
        rows.append(group)
        if group["key"] == UNASSIGNED:
            rows += [
                {
                    **dict.fromkeys(group),
                    **({key: group[key] for key in _OF_REPLIES} if who == "app" else {}),
                    **{key: split[who][key] or None for key in ("conversations", "resolved", "replies")},
                    "key": UNASSIGNED,
                    "who": who,
                    "name": f"{_INDENT}{page.translate(f'nobody_{who}')}",
                }
                for who in NOBODY
                if who in split
            ]
    return rows
