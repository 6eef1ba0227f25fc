"""The views in Chatwoot's database as Dagster assets, one per view.

A view's data version is the hash of its SQL, so deploying the same view again leaves everything downstream fresh.
"""

from dataclasses import replace

import dagster as dg

from chatwoot_assets.defs.asset_keys import KeyPrefix, asset_key
from chatwoot_assets.defs.processes import record_process
from chatwoot_assets.defs.retries import as_dagster_failure
from chatwoot_assets.defs.view_metadata import table_column_schema, view_column_lineage, view_column_schema
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.settings import Settings
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.deployment import view_columns
from chatwoot_assets.source.releases import VIEW_NEEDS
from chatwoot_assets.source.tables import REQUIRED_COLUMNS, check_tables
from chatwoot_assets.source.views import VIEWS, View

SOURCE_POOL = "chatwoot_database"

_TABLES = "chatwoot"


_TABLE_DESCRIPTIONS = {
    "conversations": "One row per conversation.",
    "conversation_participants": "One row per user who takes part in a conversation.",
    "messages": "One row per message, private note or activity.",
    "csat_survey_responses": "One row per response to a satisfaction survey.",
    "contacts": "One row per contact, with name, e-mail address and phone number.",
    "inboxes": "One row per inbox, with its channel and time zone.",
    "users": "One row per agent. Only id and name are read: the table also holds secrets.",
    "accounts": "One row per account.",
    "teams": "One row per team.",
    "tags": "One row per label's name.",
    "taggings": "One row per label of a conversation or a contact.",
    "working_hours": "One row per inbox and weekday.",
    "account_users": "One row per user of an account.",
    "custom_attribute_definitions": "One row per definition of a custom attribute. Some databases do not have it.",
    "data_import_mappings": "One row per record that an import of Chatwoot's wrote. Chatwoot has it since 4.16.",
    "applied_slas": "One row per SLA policy of a conversation. Chatwoot has it since 3.8.",
    "sla_policies": "One row per SLA policy.",
    "sla_events": "One row per miss of an SLA.",
    "conversation_outcomes": "One row per engagement of Captain. Chatwoot has it since 4.17.",
    "calls": "One row per call. Chatwoot has it since 4.13. Transcripts are not read.",
    "agent_bot_inboxes": "One row per inbox that has a bot. Some databases do not have it.",
    "integrations_hooks": "One row per integration. Only inboxes with Dialogflow are read, without settings or tokens.",
    "captain_inboxes": "One row per inbox that Captain serves. Chatwoot has it since 4.0.",
    "campaigns": "One row per campaign. Texts and audiences are not read.",
    "campaign_recipients": "One row per contact to whom a campaign is sent. Chatwoot has it since 4.17.",
    "reporting_events": "One row per event that Chatwoot records for its own reports.",
}


def build_view_assets(settings: Settings, prefix: KeyPrefix = ()) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Return Chatwoot's tables, as external assets, and the views on them."""
    tables = [
        dg.AssetSpec(
            asset_key(prefix, _TABLES, table),
            description=f"{_TABLE_DESCRIPTIONS[table]} A table of Chatwoot's, which is read and never written.",
            group_name="chatwoot",
            kinds={"postgres", "table"},
            metadata={
                "dagster/table_name": f"public.{table}",
                # The columns that the views read.
                "dagster/column_schema": table_column_schema(table, columns),
            },
        )
        for table, columns in (_optional_tables() | REQUIRED_COLUMNS).items()
    ]
    return [*tables, *(_view_asset(view, settings, prefix) for view in VIEWS)]


def _optional_tables() -> dict[str, tuple[str, ...]]:
    return {table: columns for needs in VIEW_NEEDS.values() for table, columns in needs.items()}


def _view_asset(view: View, settings: Settings, prefix: KeyPrefix) -> dg.AssetsDefinition:
    options = settings.view_options
    schema = options.schema
    # Without the key, because Dagster shows it.
    statement = view.statement(replace(options, mask=options.mask.without_key())).as_string().strip()
    version = view.version(options)

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
        metadata={
            "dagster/table_name": f"{schema}.{view.name}",
            "dagster/column_schema": view_column_schema(view),
            "dagster/column_lineage": view_column_lineage(view, prefix),
        },
    )
    def _view(
        context: dg.AssetExecutionContext, chatwoot: dg.ResourceParam[ChatwootDatabase]
    ) -> dg.MaterializeResult[None]:
        record_process(context)
        if settings.has_inline_views:
            context.log.info("CHATWOOT_VIEWS is inline: nothing is created in Chatwoot's database")
            return dg.MaterializeResult()
        with as_dagster_failure(), chatwoot.transaction() as connection:
            check_tables(connection)
            create_views(connection, options, view.name)
            columns = view_columns(connection, schema, view.name)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(version),
            metadata={
                "schema": schema,
                "reporting_timezone": options.timezone,
                "dagster/column_schema": view_column_schema(view, dict(columns)),
                "dagster/column_lineage": view_column_lineage(view, prefix),
            },
        )

    return _view
