"""Column lineage names columns that exist, and materializing an asset runs only the checks on its rows."""

from __future__ import annotations

import datetime

import dagster as dg
import pytest

from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.checks.quality import build_quality_checks
from chatwoot_assets.defs.jobs import DEPLOY_VIEWS
from chatwoot_assets.extract.dataset import Dataset
from chatwoot_assets.source.deployment import view_columns
from chatwoot_assets.source.views import VIEWS
from chatwoot_assets_tests.project import QUIET, Project

DAY = datetime.date(2025, 3, 10)


def _upstream_columns(lineage: object) -> set[tuple[str, str]]:
    assert isinstance(lineage, dg.TableColumnLineage)
    deps = [dep for column in lineage.deps_by_column.values() for dep in column]
    return {(dep.asset_key.to_user_string(), dep.column_name) for dep in deps}


def _view_columns(project: Project) -> set[tuple[str, str]]:
    with project.source() as connection:
        return {
            (view.name, column)
            for view in VIEWS
            for column, _ in view_columns(connection, "chatwoot_analytics", view.name)
        }


def test_extracts_take_their_columns_from_existing_ones_of_views(project: Project) -> None:
    specs = {spec.key.to_user_string(): spec for spec in build_defs(project.settings).resolve_all_asset_specs()}
    existing = _view_columns(project)
    for dataset in Dataset:
        lineage = specs[dataset.value].metadata["dagster/column_lineage"]
        assert _upstream_columns(lineage) <= existing


def test_views_have_their_columns_and_lineage_before_dagster_deploys_them(project: Project) -> None:
    specs = {spec.key.to_user_string(): spec for spec in build_defs(project.settings).resolve_all_asset_specs()}
    existing = _view_columns(project)
    for view in VIEWS:
        with project.source() as connection:
            names = [name for name, _ in view_columns(connection, "chatwoot_analytics", view.name)]
        metadata = specs[view.name].metadata
        assert [column.name for column in metadata["dagster/column_schema"].columns] == names
        lineage = metadata["dagster/column_lineage"]
        assert set(lineage.deps_by_column) <= set(names)
        assert _upstream_columns(lineage) <= existing


def test_columns_are_explained_by_what_a_row_of_theirs_is(project: Project) -> None:
    specs = {spec.key.to_user_string(): spec for spec in build_defs(project.settings).resolve_all_asset_specs()}
    schemas = {name: spec.metadata.get("dagster/column_schema") for name, spec in specs.items()}
    meaning = {
        name: {column.name: column.description for column in schema.columns}
        for name, schema in schemas.items()
        if schema
    }
    lineage = specs["vw_conversations_joined"].metadata["dagster/column_lineage"].deps_by_column
    assert [name for name, text in meaning["vw_conversations_analytics"].items() if not text] == []
    assert [name for name, text in meaning["vw_messages_marked"].items() if not text] == []
    # A team's id is not that of a conversation.
    assert meaning["vw_teams"]["id"] is None
    assert "message" in str(meaning["vw_messages_own"]["id"])
    assert "code" in str(meaning["chatwoot/conversations"]["status"])
    assert meaning["chatwoot/messages"]["content"]
    assert [dep.asset_key.to_user_string() for dep in lineage["id"]] == ["vw_conversations_own"]
    assert [dep.asset_key.to_user_string() for dep in lineage["working_hours"]] == ["vw_inboxes"]


def test_deployed_views_have_column_descriptions_and_lineage(project: Project) -> None:
    job = build_defs(project.settings).resolve_job_def(DEPLOY_VIEWS)
    with dg.DagsterInstance.ephemeral() as instance:
        job.execute_in_process(resources=project.resources, run_config=QUIET, instance=instance)
        event = instance.get_latest_materialization_event(dg.AssetKey("vw_conversations_analytics"))
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    schema, lineage = (metadata[f"dagster/column_{name}"].value for name in ("schema", "lineage"))
    assert isinstance(schema, dg.TableSchema)
    assert [column.name for column in schema.columns if not column.description] == []
    assert _upstream_columns(lineage) <= _view_columns(project)


@pytest.mark.parametrize("selection", ["conversas_analytics", "messages"])
def test_materializing_a_table_in_the_ui_runs_the_quality_checks_of_its_day(project: Project, selection: str) -> None:
    with project.writing() as writer:
        writer.conversation("2025-03-10 12:00")
        writer.conversation("2025-03-11 12:00", id=7)
    project.load(DAY, datetime.date(2025, 3, 11))
    with project.target() as connection:
        connection.execute("UPDATE conversas_analytics SET t_messages = 9 WHERE id = 7")
    key = dg.AssetKey(selection)
    job = build_defs(project.settings).resolve_implicit_global_asset_job_def().get_subset(asset_selection={key})
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            resources=project.resources, run_config=QUIET, instance=instance, partition_key=str(DAY)
        )
    evaluations = list(result.get_asset_check_evaluations())
    specs = [spec for check in build_quality_checks(project.settings) for spec in check.check_specs]
    assert {evaluation.check_name for evaluation in evaluations} == {
        spec.name for spec in specs if spec.asset_key == key
    }
    # The other day's damage is not looked at.
    assert [evaluation.check_name for evaluation in evaluations if not evaluation.passed] == []
