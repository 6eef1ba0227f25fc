"""The remote views as Dagster assets: one each, deployed by its own SQL.

Their data version is the hash of that SQL, so that deploying the same again leaves everything
downstream fresh.
"""

import dagster as dg

from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.tables import REQUIRED_COLUMNS, check_tables
from chatwoot_assets.source.views import VIEWS, View, create_views, view_columns

GROUP = "source"
SOURCE_POOL = "chatwoot_database"


def build_view_assets(settings: Settings) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Return Chatwoot's tables, as external assets, and the views on them."""
    tables = [
        dg.AssetSpec(
            dg.AssetKey(["chatwoot", table]),
            description="A table of Chatwoot's own; it is read, never written.",
            group_name="chatwoot",
            kinds={"postgres", "table"},
        )
        for table in REQUIRED_COLUMNS
    ]
    return [*tables, *(_view_asset(view, settings) for view in VIEWS)]


def _view_asset(view: View, settings: Settings) -> dg.AssetsDefinition:
    schema, timezone = settings.views_schema, settings.reporting_timezone.key
    statement = view.statement(schema, timezone).as_string().strip()
    version = view.version(schema, timezone)

    @dg.asset(
        name=view.name,
        deps=[*view.views, *(dg.AssetKey(["chatwoot", table]) for table in view.tables)],
        description=(
            f"{view.description} A view in Chatwoot's database, layer {view.layer}.\n\n```sql\n{statement}\n```"
        ),
        group_name=GROUP,
        kinds={"postgres", "sql"},
        owners=["team:data"],
        tags={"layer": str(view.layer)},
        code_version=version,
        pool=SOURCE_POOL,
        metadata={"dagster/table_name": f"{schema}.{view.name}"},
    )
    def _deploy(chatwoot: dg.ResourceParam[ChatwootDatabase]) -> dg.MaterializeResult[None]:
        with as_dagster_failure(), chatwoot.transaction() as connection:
            check_tables(connection)
            create_views(connection, schema, timezone, view.name)
            columns = view_columns(connection, schema, view.name)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(version),
            metadata={
                "schema": schema,
                "reporting_timezone": timezone,
                "dagster/column_schema": dg.TableSchema([dg.TableColumn(name, kind) for name, kind in columns]),
            },
        )

    return _deploy
