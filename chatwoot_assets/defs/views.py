"""The views in Chatwoot's database as Dagster assets, one per view.

A view's data version is the hash of its SQL, so deploying the same view again leaves everything downstream fresh.
"""

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.tables import REQUIRED_COLUMNS, check_tables
from chatwoot_assets.source.views import VIEWS, View, create_views, view_columns

SOURCE_POOL = "chatwoot_database"

_TABLES = "chatwoot"


def build_view_assets(settings: Settings, prefix: KeyPrefix = ()) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Return Chatwoot's tables, as external assets, and the views on them."""
    tables = [
        dg.AssetSpec(
            asset_key(prefix, _TABLES, table),
            description="A table of Chatwoot's, which is read and never written.",
            group_name="chatwoot",
            kinds={"postgres", "table"},
        )
        for table in REQUIRED_COLUMNS
    ]
    return [*tables, *(_view_asset(view, settings, prefix) for view in VIEWS)]


def _view_asset(view: View, settings: Settings, prefix: KeyPrefix) -> dg.AssetsDefinition:
    schema, timezone = settings.views_schema, settings.reporting_timezone.key
    statement = view.statement(schema, timezone).as_string().strip()
    version = view.version(schema, timezone)

    @dg.asset(
        key=asset_key(prefix, view.name),
        deps=[
            *(asset_key(prefix, upstream) for upstream in view.views),
            *(asset_key(prefix, _TABLES, table) for table in view.tables),
        ],
        description=(
            f"{view.description} A view in Chatwoot's database, layer {view.layer}.\n\n```sql\n{statement}\n```"
        ),
        group_name="source",
        kinds={"postgres", "sql"},
        owners=["team:data"],
        tags={"layer": str(view.layer)},
        code_version=version,
        pool=SOURCE_POOL,
        metadata={"dagster/table_name": f"{schema}.{view.name}"},
    )
    def _view(chatwoot: dg.ResourceParam[ChatwootDatabase]) -> dg.MaterializeResult[None]:
        with as_dagster_failure(), chatwoot.transaction() as connection:
            check_tables(connection)
            create_views(connection, schema, timezone, view.name)
            columns = view_columns(connection, schema, view.name)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(version),
            metadata={
                "schema": schema,
                "reporting_timezone": timezone,
                "dagster/column_schema": dg.TableSchema([dg.TableColumn(name, type_) for name, type_ in columns]),
            },
        )

    return _view
