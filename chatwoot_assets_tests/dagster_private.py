"""Private names of Dagster that only tests use; no other test module imports one."""

from __future__ import annotations

from dagster._core.definitions.freshness import FreshnessState as FreshnessState
from dagster._core.definitions.freshness import FreshnessStateChange as FreshnessStateChange
from dagster._core.events import AssetMaterializationPlannedData as AssetMaterializationPlannedData
from dagster._core.events import StepMaterializationData as StepMaterializationData
from dagster._core.execution import execute_in_process as execute_in_process
from dagster._core.execution.backfill import BulkActionStatus as BulkActionStatus
from dagster._core.execution.backfill import PartitionBackfill as PartitionBackfill
from dagster._core.execution.context.system import StepExecutionContext as StepExecutionContext
from dagster._core.instance.ref import InstanceRef as InstanceRef
from dagster._utils.schedules import schedule_execution_time_iterator as schedule_execution_time_iterator
