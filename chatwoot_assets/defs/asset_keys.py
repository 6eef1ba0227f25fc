"""Asset keys: an asset's name, after the prefix that a user's own repository may set for all of them."""

from __future__ import annotations

import dagster as dg

KeyPrefix = tuple[str, ...]


def asset_key(prefix: KeyPrefix, *name: str) -> dg.AssetKey:
    """Return the key of an asset."""
    return dg.AssetKey([*prefix, *name])


def selected_keys(context: dg.AssetExecutionContext) -> dict[str, dg.AssetKey]:
    """Return the keys of the assets that a step is to materialize, by asset name."""
    return {key.path[-1]: key for key in context.selected_asset_keys}
