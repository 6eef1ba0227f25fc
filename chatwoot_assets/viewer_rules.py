"""The setting VIEWERS: which accounts and teams people see who log in to the dashboard, and whether they see contents.

How people log in is decided by OIDC_METADATA_URL and the other variables of the login. PostgreSQL applies the rules, by
`sql/dashboard/viewers.sql`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chatwoot_assets.settings_tables import Table, check_keys, get_table, parse_id, parse_table, refuse

ALL = "all"
_EXAMPLE = '{"emails": {"ana@example.com": {"accounts": [1]}}}'
_ACCOUNTS_ACCEPTED = 'are lists of ids of accounts, such as [1, 2], and "all"'
_TEAMS_ACCEPTED = "are lists of ids of teams, such as [3, 4]; without the key, all teams are shown"


@dataclass(frozen=True)
class Access:
    """What one viewer may see.

    Attributes:
        accounts: The ids of the accounts; None for all.
        has_contents: Whether names of contacts and contents of messages are shown.
        teams: The ids of the teams whose conversations are shown; None for all, and for those without a team.
    """

    accounts: tuple[int, ...] | None = None
    has_contents: bool = True
    teams: tuple[int, ...] | None = None

    @property
    def accounts_text(self) -> str:
        """The accounts as the policies of `sql/dashboard/viewers.sql` read them."""
        return _list(self.accounts)

    @property
    def teams_text(self) -> str:
        """The teams, likewise."""
        return _list(self.teams)

    @property
    def has_everything(self) -> bool:
        """Whether it is limited neither to accounts nor to teams."""
        return self.accounts is None and self.teams is None


def _list(ids: tuple[int, ...] | None) -> str:
    return ALL if ids is None else ",".join(map(str, ids))


@dataclass(frozen=True)
class ViewerRules:
    """Who sees what.

    Attributes:
        emails: The access of single people, by their e-mail in lower case.
        groups: The access of groups, in order of precedence.
        groups_claim: The claim of the identity provider that lists a person's groups.
    """

    emails: Mapping[str, Access] = field(default_factory=dict)
    groups: Mapping[str, Access] = field(default_factory=dict)
    groups_claim: str = "groups"

    def find(self, email: str | None, groups: Iterable[str]) -> Access | None:
        """Return a person's access: by e-mail, otherwise by the first group in the rules; None for no access."""
        if email and (access := self.emails.get(email.lower())):
            return access
        member_of = set(groups)
        return next((access for group, access in self.groups.items() if group in member_of), None)


@functools.lru_cache(maxsize=16)
def parse_viewer_rules(text: str) -> ViewerRules:
    """Return the rules that the setting's text holds, a JSON object.

    Raises:
        ValueError: It is not accepted. The message completes a sentence that begins with the setting's name.
    """
    table = parse_table(text, _EXAMPLE)
    check_keys(table, ("emails", "groups", "groups_claim"))
    claim = table.get("groups_claim", ViewerRules.groups_claim)
    if not isinstance(claim, str) or not claim:
        raise refuse("groups_claim", claim, "is the name of a claim, such as groups")
    emails = _parse_all(table, "emails")
    for email in emails:
        if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
            raise ValueError(f"has the key emails.{email}; accepted is an e-mail address, such as ana@example.com")
    lowered = {email.lower(): access for email, access in emails.items()}
    if len(lowered) < len(emails):
        raise ValueError("names an address in emails twice, in upper and in lower case; keep one")
    return ViewerRules(lowered, _parse_all(table, "groups"), claim)


def _parse_all(table: Table, name: str) -> dict[str, Access]:
    members = get_table(table, name)
    return {key: _parse_access(get_table(members, key, f"{name}."), f"{name}.{key}.") for key in members}


def _parse_access(table: Table, prefix: str) -> Access:
    check_keys(table, ("accounts", "teams", "contents"), prefix)
    accounts = table.get("accounts")
    if accounts != ALL and not (isinstance(accounts, list) and accounts):
        raise refuse(f"{prefix}accounts", accounts, _ACCOUNTS_ACCEPTED)
    contents = table.get("contents", True)
    if not isinstance(contents, bool):
        raise refuse(f"{prefix}contents", contents, "are true and false")
    teams = table.get("teams")
    if "teams" in table and not (isinstance(teams, list) and teams):
        raise refuse(f"{prefix}teams", teams, _TEAMS_ACCEPTED)
    return Access(
        None if accounts == ALL else _parse_ids(f"{prefix}accounts", accounts, "an account"),
        contents,
        _parse_ids(f"{prefix}teams", teams, "a team") if teams else None,
    )


def _parse_ids(key: str, values: list[object], what: str) -> tuple[int, ...]:
    return tuple(sorted({parse_id(key, value, what) for value in values}))
