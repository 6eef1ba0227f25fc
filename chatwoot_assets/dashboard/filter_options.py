"""The options of the filters: accounts, inboxes, agents, teams, labels and attributes, each with a distinct name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatwoot_assets.dashboard.filters import UNASSIGNED, Filters
from chatwoot_assets.dashboard.url_values import split_attribute
from chatwoot_assets.exports.channels import CHANNEL_PREFIX

if TYPE_CHECKING:  # it needs Streamlit, which reports and assistants do without
    from chatwoot_assets.dashboard.queries import Row

# The lists of the filter bar whose options have ids, each with its `kind` in sql/dashboard/filter_options.sql.
KINDS = {"accounts": "account", "inboxes": "inbox", "teams": "team", "agents": "agent"}
_WITH_UNASSIGNED = ("teams", "agents")
# The kinds of rows that say to which accounts something belongs.
_ACCOUNT_KINDS = {"inboxes": "inbox", "teams": "team", "agents": "agent_account", "labels": "label_account"}


@dataclass(frozen=True)
class FilterOptions:
    """What can be selected in the filter bar.

    Attributes:
        names: For each list, the displayed name of each id in alphabetical order, after UNASSIGNED and before ids
            without a name of their own. A label is its
            own id; an attribute's is its text in the filters.
        agent_names: The names of the agents who have one.
        channels: Chatwoot's type of the channel of each inbox, such as WebWidget; "" where it is unknown.
        accounts: The accounts of each inbox, team, agent and label, by list and id. An agent or a label that had
            nothing in the last year has the last one before it.
    """

    names: Mapping[str, dict[Any, str]]
    agent_names: Mapping[int, str]
    channels: Mapping[int, str]
    accounts: Mapping[str, dict[Any, set[int]]]

    @property
    def attributes(self) -> dict[tuple[str, str], list[str]]:
        """The values of each custom attribute by its source (conversation or contact) and key."""
        values: dict[tuple[str, str], list[str]] = {}
        for text in self.names["attributes"]:
            if parts := split_attribute(text):
                values.setdefault(parts[:2], []).append(parts[2])
        return values

    def known_ids(self, filters: Filters) -> dict[str, frozenset[Any]]:
        """Return the ids of each list that filters may have. An attribute may have any value."""
        known = {filter_name: frozenset(names) for filter_name, names in self.names.items()}
        names = self.attributes
        attributes = {text for text in filters.attributes if (parts := split_attribute(text)) and parts[:2] in names}
        return {**known, "attributes": frozenset(attributes)}

    def of_accounts(self, filter_name: str, accounts: Sequence[int], selected: Sequence[object] = ()) -> dict[Any, str]:
        """Return the names of a list's ids that belong to one of some accounts; of all if there are no accounts.

        What belongs to no account that is known stays.

        Args:
            filter_name: The list.
            accounts: The ids of the accounts.
            selected: Ids that stay in any case.
        """
        names, owners = self.names[filter_name], self.accounts.get(filter_name, {})
        if filter_name == "attributes":
            return {**names, **{str(text): self.name(filter_name, text) for text in selected}}
        if not accounts:
            return names
        return {
            id_: name
            for id_, name in names.items()
            if id_ in selected or id_ not in owners or owners[id_] & set(accounts)
        }

    def name(self, filter_name: str, id_: object) -> str:
        """Return the displayed name of an id in a list; None means unassigned."""
        key = UNASSIGNED if id_ is None else id_
        return self.names[filter_name].get(key) or (format_attribute(str(key)) or str(key))


def format_attribute(text: str) -> str | None:
    """Return how an attribute with its value is displayed, such as "Motivo: troca"; None for another text."""
    if (parts := split_attribute(text)) is None:
        return None
    return f"{attribute_name(*parts[:2])}: {parts[2] or '—'}"


def attribute_name(source: str, key: str) -> str:
    """Return how an attribute is displayed; that of a contact with its source, because both may have the same key."""
    name = key.replace("_", " ")
    name = name[:1].upper() + name[1:]
    return f"{name} ({source})" if source == "contact" else name


def build_filter_options(
    rows: list[Row], translate: Callable[..., str], attribute_rows: Sequence[Row] = ()
) -> FilterOptions:
    """Build the options from the rows of the query, with names in the language of `translate`.

    Args:
        rows: The rows of `filter_options`.
        translate: Returns a text in the language of the viewer.
        attribute_rows: The rows of `attribute_options`; none if personal data are not shown.
    """
    names: dict[str, dict[Any, str]] = {}
    for filter_name, kind in KINDS.items():
        options = _rows_of_kind(rows, kind)
        plain = {row["id"]: row["name"] or translate(f"{kind}_without_name", id=row["id"]) for row in options}
        account_names = {
            row["id"]: names["accounts"].get(row["account_id"]) or str(row["account_id"])
            for row in options
            if row["account_id"]
        }
        with_accounts = _disambiguate(plain, account_names)
        unnamed = {row["id"] for row in options if not row["name"]}
        names[filter_name] = _sort_by_name(_disambiguate(with_accounts, {id_: str(id_) for id_ in plain}), unnamed)
        if filter_name in _WITH_UNASSIGNED:
            names[filter_name] = {UNASSIGNED: translate(f"no_{kind}"), **names[filter_name]}
    names["labels"] = _sort_by_name({row["name"]: row["name"] for row in _rows_of_kind(rows, "label")})
    attributes = [f"{row['source']}.{row['key']}={row['value']}" for row in attribute_rows if "=" not in row["key"]]
    names["attributes"] = {text: format_attribute(text) or text for text in attributes}
    agent_names = {row["id"]: row["name"] for row in _rows_of_kind(rows, "agent") if row["name"]}
    channels = {row["id"]: (row["detail"] or "").removeprefix(CHANNEL_PREFIX) for row in _rows_of_kind(rows, "inbox")}
    return FilterOptions(names, agent_names, channels, _find_accounts(rows))


def _find_accounts(rows: list[Row]) -> dict[str, dict[Any, set[int]]]:
    """Return the accounts of each inbox, team, agent and label, where they are known."""
    accounts: dict[str, dict[Any, set[int]]] = {}
    for filter_name, kind in _ACCOUNT_KINDS.items():
        of_list = accounts.setdefault(filter_name, {})
        for row in _rows_of_kind(rows, kind):
            if row["account_id"] is not None:
                of_list.setdefault(row["name"] if filter_name == "labels" else row["id"], set()).add(row["account_id"])
        of_list.pop(UNASSIGNED, None)
    return accounts


def _rows_of_kind(rows: list[Row], kind: str) -> list[Row]:
    return [row for row in rows if row["kind"] == kind]


def _disambiguate(names: dict[int, str], details: dict[int, str]) -> dict[int, str]:
    """Return the names, with the detail in parentheses after each name that several ids share."""
    counts = Counter(names.values())
    return {
        id_: name if counts[name] == 1 or id_ not in details else f"{name} ({details[id_]})"
        for id_, name in names.items()
    }


def _sort_by_name(names: dict[Any, str], unnamed: Collection[Any] = ()) -> dict[Any, str]:
    """Return the names in alphabetical order, after all others those of ids that have none of their own."""
    return dict(sorted(names.items(), key=lambda item: (item[0] in unnamed, item[1].casefold(), item[0])))
