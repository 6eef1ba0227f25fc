"""What only some releases of Chatwoot have: the tables and columns that an optional view needs.

Columns decide, not a version number; see `tables.py`. A view in VIEW_NEEDS is created where all its columns exist, and
appears when a later Chatwoot brings them. Without rows, a view may be created anyway: see `View.substitute`.
"""

from __future__ import annotations

from collections.abc import Iterable

# The columns that each optional view needs, by table.
VIEW_NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    # Both are in all releases since 3.4; restored or reduced databases may lack them.
    "vw_attribute_definitions": {
        "custom_attribute_definitions": (
            "account_id", "attribute_key", "attribute_display_name", "attribute_display_type", "attribute_model",
            "attribute_values",
        )
    },
    "vw_inbox_bots": {"agent_bot_inboxes": ("inbox_id", "status", "created_at"), "inboxes": ("id", "created_at")},
}  # fmt: skip

# The tables and columns to look for before views are created or compared.
OPTIONAL_TABLES = sorted({table for needs in VIEW_NEEDS.values() for table in needs})
OPTIONAL_COLUMNS = sorted({name for needs in VIEW_NEEDS.values() for names in needs.values() for name in names})


def missing_views(existing: Iterable[tuple[str, str]]) -> set[str]:
    """Return the optional views that a database cannot have.

    Args:
        existing: The tables and columns that it has, at least those of OPTIONAL_TABLES.
    """
    columns = set(existing)
    return {
        view
        for view, needs in VIEW_NEEDS.items()
        if any((table, column) not in columns for table, names in needs.items() for column in names)
    }
