"""The asset that has the checks against Chatwoot.

When somebody materializes an asset, Dagster runs all of its checks. These checks look at every day and read much of
Chatwoot. Therefore they do not belong to `conversas_analytics`, and run by schedules of their own or by hand.
"""

from __future__ import annotations

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key

SOURCE_COMPARISON = "source_comparison"


def build_source_comparison(prefix: KeyPrefix = ()) -> dg.AssetSpec:
    """Return the asset, which has checks and nothing to materialize."""
    return dg.AssetSpec(
        asset_key(prefix, SOURCE_COMPARISON),
        deps=[asset_key(prefix, "conversas_analytics")],
        description=(
            "Whether the warehouse equals Chatwoot, and up to when that is known. It has nothing to materialize: its"
            " checks are run by `check_freshness_schedule` and `reconcile_schedule`."
        ),
        group_name="warehouse",
        kinds={"postgres"},
        owners=["team:data"],
    )
