"""Private names of Dagster that only tests use; no other test module imports one."""

from __future__ import annotations

from dagster._core.definitions.freshness import FreshnessState as FreshnessState
from dagster._core.definitions.freshness import FreshnessStateChange as FreshnessStateChange
from dagster._core.definitions.run_request import InstigatorType as InstigatorType
from dagster._core.events import AssetMaterializationPlannedData as AssetMaterializationPlannedData
from dagster._core.events import StepMaterializationData as StepMaterializationData
from dagster._core.execution import execute_in_process as execute_in_process
from dagster._core.execution.backfill import BulkActionStatus as BulkActionStatus
from dagster._core.execution.backfill import PartitionBackfill as PartitionBackfill
from dagster._core.execution.context.system import StepExecutionContext as StepExecutionContext
from dagster._core.instance.ref import InstanceRef as InstanceRef
from dagster._core.remote_origin import ManagedGrpcPythonEnvCodeLocationOrigin, RemoteInstigatorOrigin
from dagster._core.remote_origin import RemoteRepositoryOrigin as _RemoteRepositoryOrigin
from dagster._core.remote_representation.external import RemoteSensor as RemoteSensor
from dagster._core.remote_representation.external_data import SensorSnap as SensorSnap
from dagster._core.remote_representation.handle import RepositoryHandle as RepositoryHandle
from dagster._core.scheduler.instigation import InstigatorState as InstigatorState
from dagster._core.scheduler.instigation import InstigatorStatus as InstigatorStatus
from dagster._core.scheduler.instigation import SensorInstigatorData as SensorInstigatorData
from dagster._core.scheduler.instigation import TickData as TickData
from dagster._core.scheduler.instigation import TickStatus as TickStatus
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._daemon.sensor import is_under_min_interval as is_under_min_interval
from dagster._utils.schedules import schedule_execution_time_iterator as schedule_execution_time_iterator


def instigator_origin(name: str) -> RemoteInstigatorOrigin:
    """Return the origin of a sensor or schedule in some code location."""
    location = ManagedGrpcPythonEnvCodeLocationOrigin(LoadableTargetOrigin(module_name="somewhere"), "somewhere")
    return RemoteInstigatorOrigin(_RemoteRepositoryOrigin(location, "__repository__"), name)
