"""What belongs to this project on a Dagster instance, whose storage other projects may share."""

from __future__ import annotations

from dataclasses import dataclass

import dagster as dg


@dataclass(frozen=True)
class OwnDefinitions:
    """This project's assets, jobs and checks.

    Attributes:
        asset_keys: The keys of the assets, and of those that only have checks.
        job_names: The names of the jobs.
        check_keys: The keys of the checks.
    """

    asset_keys: frozenset[dg.AssetKey]
    job_names: frozenset[str]
    check_keys: frozenset[dg.AssetCheckKey]

    @classmethod
    def of(cls, definitions: dg.Definitions) -> OwnDefinitions:
        """Return what the definitions hold."""
        assets = [asset for asset in definitions.assets or () if isinstance(asset, dg.AssetsDefinition)]
        check_keys = frozenset(key for checks in definitions.asset_checks or () for key in checks.check_keys)
        asset_keys = {key for asset in assets for key in asset.keys} | {key.asset_key for key in check_keys}
        return cls(frozenset(asset_keys), frozenset(job.name for job in definitions.jobs or ()), check_keys)

    def include(self, run: dg.DagsterRun) -> bool:
        """Return whether a run is one of this project's jobs, or materialized or checked its assets from the UI."""
        checked = {key.asset_key for key in run.asset_check_selection or ()}
        selected = {*(run.asset_selection or ()), *checked}
        return run.job_name in self.job_names or (bool(selected) and selected <= self.asset_keys)
