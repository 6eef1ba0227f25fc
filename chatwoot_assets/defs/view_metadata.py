"""The columns of Chatwoot's tables and of the views on them, as Dagster's UI shows them: names, meanings and lineage.

They are known without a database, so that they are shown although `chatwoot-assets views create` or a DBA, and not
Dagster, created the views.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import dagster as dg

from chatwoot_assets.columns import Column
from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.extract.columns import DATASET_COLUMNS
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.source.view_columns import VIEW_COLUMN_NAMES
from chatwoot_assets.source.views import View
from chatwoot_assets.warehouse.columns import CONVERSAS_ANALYTICS

# The declared columns that explain those of the same names in a view, by the beginning of its name. A name such as id
# or created_at means something else in each of them. Columns that no declaration explains have no description.
_DATASETS_OF_VIEWS = {
    "vw_messages_compiled": Dataset.CONVERSATIONS,
    "vw_message_stats": Dataset.CONVERSATIONS,
    "vw_messages_": Dataset.MESSAGES,
    "vw_csat_base": Dataset.CONVERSATIONS,
    "vw_csat_": Dataset.CSAT,
    "vw_reporting_events_": Dataset.EVENTS,
    "vw_conversations_": Dataset.CONVERSATIONS,
    "vw_conversation_": Dataset.CONVERSATIONS,
}
_NOT_OF_THE_CONVERSATION = ("vw_conversation_slas",)

_DATASETS_OF_TABLES = {
    "conversations": Dataset.CONVERSATIONS,
    "messages": Dataset.MESSAGES,
    "csat_survey_responses": Dataset.CSAT,
    "reporting_events": Dataset.EVENTS,
}
# The columns of tables that the datasets have under another name. Chatwoot stores codes.
_NAMES_IN_DATASETS = {
    ("conversations", "status"): "status_code",
    ("conversations", "priority"): "priority_code",
    ("messages", "message_type"): "message_type_code",
    ("messages", "content_type"): "content_type_code",
    ("csat_survey_responses", "created_at"): "rated_at",
}

# Columns that mean the same in every view and table that has them.
_COMMON = {
    "account_id": "The account.",
    "conversation_id": "The conversation.",
    "conversation_created_at": "When the conversation was created, by which days are read.",
    "inbox_id": "The inbox.",
    "message_compiled": "The conversation's messages as a JSON array, ordered by created_at, id.",
    "row_version": "Changes whenever PostgreSQL writes the row.",
}

# Views that others join for a value. Their keys are compared and not taken over.
_JOINED_VIEWS = ("vw_allowed_attributes", "vw_imported_conversations", "vw_captain_outcomes", "vw_inboxes")
_KEYS = ("id", "account_id", "conversation_id")


def table_column_schema(table: str, columns: Iterable[str]) -> dg.TableSchema:
    """Return columns of a table of Chatwoot's, without their types, which differ between its releases."""
    meanings = _meanings(_DATASETS_OF_TABLES.get(table))
    return dg.TableSchema(
        [dg.TableColumn(name, "", meanings.get(_NAMES_IN_DATASETS.get((table, name), name))) for name in columns]
    )


def view_column_schema(view: View, types: Mapping[str, str] | None = None) -> dg.TableSchema:
    """Return a view's columns.

    Args:
        view: The view.
        types: The type of each column of the deployed view, in order, if they are known.
    """
    dataset = None
    if view.name not in _NOT_OF_THE_CONVERSATION:
        dataset = next((each for start, each in _DATASETS_OF_VIEWS.items() if view.name.startswith(start)), None)
    meanings = _meanings(dataset)
    columns = types or dict.fromkeys(VIEW_COLUMN_NAMES[view.name], "")
    return dg.TableSchema([dg.TableColumn(name, type_, meanings.get(name)) for name, type_ in columns.items()])


def view_column_lineage(view: View, prefix: KeyPrefix) -> dg.TableColumnLineage:
    """Return the columns that a view takes over, under their names, from the views that it reads.

    Args:
        view: The view.
        prefix: Precedes the name in every asset key.
    """
    deps = {}
    for column in VIEW_COLUMN_NAMES[view.name]:
        upstream = [
            name
            for name in view.views
            if column in VIEW_COLUMN_NAMES[name] and not (column in _KEYS and name in _JOINED_VIEWS)
        ]
        if upstream:
            # Others that have it are joined by it.
            deps[column] = [dg.TableColumnDep(asset_key(prefix, upstream[0]), column)]
    return dg.TableColumnLineage(deps)


def _meanings(dataset: Dataset | None) -> dict[str, str]:
    """Return what the columns of a dataset's views and tables mean."""
    if dataset is None:
        return _COMMON
    columns: list[Column] = list(DATASET_COLUMNS[dataset])
    if dataset is Dataset.CONVERSATIONS:
        columns += CONVERSAS_ANALYTICS.values()
    return _COMMON | {column.name: column.description for column in columns}
