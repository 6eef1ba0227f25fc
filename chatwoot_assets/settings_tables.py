"""Read settings that are tables: in `chatwoot_assets.toml` such as `[holidays]`, in the environment as JSON.

A refusal is a ValueError that completes a sentence beginning with the setting's name, such as HOLIDAYS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

Table = Mapping[str, Any]


def parse_table(text: str, example: str) -> Table:
    """Return the table that a setting's text holds.

    Args:
        text: A JSON object.
        example: A short one, for the refusal of anything else.
    """
    try:
        table = json.loads(text)
    except ValueError:
        table = None
    if not isinstance(table, dict):
        raise ValueError(
            f"is {text!r}; accepted are a table in chatwoot_assets.toml and JSON in the environment, such as {example}"
        )
    return table


def refuse(key: str, value: object, accepted: str) -> ValueError:
    """Return the refusal of a key's value; `accepted` begins with a verb."""
    return ValueError(f"has {key} = {json.dumps(value, ensure_ascii=False)}; accepted {accepted}")


def check_keys(table: Table, accepted: Collection[str], prefix: str = "") -> None:
    """Refuse a key that is not one of `accepted`.

    Args:
        table: The table.
        accepted: The names of its keys.
        prefix: What precedes a key in a refusal, such as "inboxes.12.".
    """
    for key in table:
        if key not in accepted:
            raise ValueError(f"has the unknown key {prefix}{key}; accepted are {', '.join(accepted)}")


def get_table(table: Table, key: str, prefix: str = "") -> Table:
    """Return a table in a table; an empty one if it is not there."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise refuse(prefix + key, value, "is a table")
    return value


def get_list(table: Table, key: str, accepted: str, prefix: str = "") -> list[Any]:
    """Return a list in a table; an empty one if it is not there."""
    value = table.get(key, [])
    if not isinstance(value, list):
        raise refuse(prefix + key, value, accepted)
    return value


def parse_id(key: str, value: object, of: str) -> int:
    """Return an id in Chatwoot.

    Args:
        key: The key that holds it, for the refusal.
        value: A number, or a text of digits.
        of: What has such ids, such as "an inbox".
    """
    if isinstance(value, bool) or not re.fullmatch(r"[1-9][0-9]{0,17}", str(value)):
        raise refuse(key, value, f"is the id of {of}, such as 12")
    return int(str(value))
