"""The dimensions by which conversations are grouped: agents, teams, inboxes, labels and custom attributes."""

from __future__ import annotations

from dataclasses import dataclass

from chatwoot_assets.dashboard.page_context import PageContext

Key = int | str  # an id, or a label


@dataclass(frozen=True)
class Grouping:
    """What conversations are grouped by.

    Attributes:
        filter_name: The list of the filter bar with the same ids, such as agents.
        dimension: The name of the dimension in the queries.
        daily_table: The aggregated table with one row per day and group.
        group_column: The column of that table that identifies the group.
        is_disjoint: Whether every conversation is in exactly one group.
        attribute: The source and the key of the custom attribute that it groups by; None for none.
    """

    filter_name: str
    dimension: str
    daily_table: str
    group_column: str
    is_disjoint: bool = True
    attribute: tuple[str, str] | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """The variables of the queries besides the dimension."""
        return dict(zip(("attribute_source", "attribute_key"), self.attribute or (), strict=False))

    @property
    def has_account(self) -> bool:
        """Whether each group belongs to one account."""
        return self.filter_name in ("inboxes", "teams")

    def account(self, page: PageContext, key: Key) -> str | None:
        """Return the name of the account that a group belongs to, or None if it is not known or of no single one."""
        accounts = page.options.accounts.get(self.filter_name, {}).get(key, ()) if self.has_account else ()
        return ", ".join(sorted(page.options.name("accounts", account) for account in accounts)) or None

    def name(self, page: PageContext, key: Key) -> str:
        """Return the displayed name of a group."""
        if isinstance(key, int):
            return page.options.name(self.filter_name, key)
        return key or page.translate("no_value" if self.attribute else "no_label")


AGENTS = Grouping("agents", "agent", "daily_by_agent", "agent_id")
TEAMS = Grouping("teams", "team", "daily_by_team", "team_id")
INBOXES = Grouping("inboxes", "inbox", "daily_by_inbox", "inbox_id")
LABELS = Grouping("labels", "label", "daily_by_label", "label", is_disjoint=False)


def by_attribute(source: str, key: str) -> Grouping:
    """Return the grouping by the values of a custom attribute. There are no sums of its messages."""
    return Grouping("attributes", "attribute", "", "", attribute=(source, key))
