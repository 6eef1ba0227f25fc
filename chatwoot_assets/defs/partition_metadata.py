"""Metadata of the partitions that a step materializes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from chatwoot_assets import dagster_internals
from chatwoot_assets.defs.asset_keys import selected_keys

# By the asset's name and the day's partition key.
PartitionMetadata = Mapping[tuple[str, str], Mapping[str, Any]]


def add_partition_metadata(context: dg.AssetExecutionContext, metadata: PartitionMetadata) -> None:
    """Attach metadata to the materializations of a step's days.

    Args:
        context: The step's context.
        metadata: For each asset and day of the step, what the UI shows: plain values or `dg.MetadataValue`.
    """
    keys = selected_keys(context)
    dagster_internals.add_partition_metadata(
        context, {(keys[asset], day): values for (asset, day), values in metadata.items()}
    )
