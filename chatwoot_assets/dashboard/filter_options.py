"""What the filters offer: accounts, inboxes, agents, teams and labels, each with a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chatwoot_assets.dashboard.filters import NOBODY
from chatwoot_assets.dashboard.queries import Row

# Of each list of filters the kind of choice, as sql/dashboard/choices.sql names it.
KINDS = {"accounts": "account", "inboxes": "inbox", "teams": "team", "agents": "agent"}
_MAY_BE_NOBODY = ("teams", "agents")


@dataclass(frozen=True)
class FilterOptions:
    """What there is to choose.

    Attributes:
        labels: of each list its ids with what they are called, in the order of that; NOBODY comes first. Chatwoot's
            labels are their own ids.
        names: the names of agents that are known.
        channels: the channel of each inbox, such as Whatsapp; "" where it is not known.
    """

    labels: Mapping[str, dict[Any, str]]
    names: Mapping[int, str]
    channels: Mapping[int, str]

    @property
    def known(self) -> dict[str, frozenset[Any]]:
        """The ids of each list."""
        return {name: frozenset(labels) for name, labels in self.labels.items()}

    def label(self, name: str, id_: int | None) -> str:
        """Return what an id in a list is called, or nobody."""
        key = NOBODY if id_ is None else id_
        return self.labels[name].get(key) or str(key)


def filter_options(rows: list[Row], translate: Callable[..., str]) -> FilterOptions:
    """Return the choices that the query's rows offer, labelled in the language of `translate`."""
    labels: dict[str, dict[Any, str]] = {}
    for name, kind in KINDS.items():
        of_kind = rows_of(rows, kind)
        named = {row["id"]: row["name"] or translate(f"{kind}_without_name", id=row["id"]) for row in of_kind}
        accounts = {
            row["id"]: labels["accounts"].get(row["account_id"]) or str(row["account_id"])
            for row in of_kind
            if row["account_id"]
        }
        labels[name] = _in_order(_told_apart(_told_apart(named, accounts), {id_: str(id_) for id_ in named}))
        if name in _MAY_BE_NOBODY:
            labels[name] = {NOBODY: translate(f"no_{kind}"), **labels[name]}
    labels["labels"] = _in_order({row["name"]: row["name"] for row in rows_of(rows, "label")})
    agents = {row["id"]: row["name"] for row in rows_of(rows, "agent") if row["name"]}
    channels = {row["id"]: (row["detail"] or "").removeprefix("Channel::") for row in rows_of(rows, "inbox")}
    return FilterOptions(labels, agents, channels)


def rows_of(rows: list[Row], kind: str) -> list[Row]:
    """Return the rows of one kind."""
    return [row for row in rows if row["kind"] == kind]


def _told_apart(named: dict[int, str], more: dict[int, str]) -> dict[int, str]:
    """Return the names, with what more there is to tell after those that several have."""
    count = Counter(named.values())
    return {
        id_: name if count[name] == 1 or id_ not in more else f"{name} ({more[id_]})" for id_, name in named.items()
    }


def _in_order(named: dict[Any, str]) -> dict[Any, str]:
    return dict(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))
