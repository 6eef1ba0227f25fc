"""The remote views: what each one is, in which order they are created, and their SQL.

`create.py` creates and drops them, `deployment.py` compares them with what is deployed. A DBA gets the same views from
`sql/chatwoot/create_all.sql`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from psycopg import sql

from chatwoot_assets.source.releases import VIEW_NEEDS
from chatwoot_assets.sql_files import compose, sql_path
from chatwoot_assets.view_options import ViewOptions


@dataclass(frozen=True)
class View:
    """A remote view.

    Attributes:
        name: The name of the view, of its file and of its asset.
        layer: 1 for rows as Chatwoot has them, 2 for metrics per conversation, 3 for everything joined.
        tables: The tables of Chatwoot that it reads directly.
        views: The views that it reads.
        description: What a row is; for Dagster's UI and `docs/tables.md`.
    """

    name: str
    layer: int
    tables: tuple[str, ...]
    views: tuple[str, ...]
    description: str

    @property
    def substitute(self) -> str | None:
        """The file that creates an optional view without rows, where this Chatwoot does not have its tables."""
        return f"no_{self.name.removeprefix('vw_')}.sql" if self.name in VIEW_NEEDS else None

    def statement(self, options: ViewOptions, *, is_missing: bool = False) -> sql.Composed:
        """Return the CREATE VIEW statement.

        Args:
            options: The schema and the settings that it depends on.
            is_missing: Whether the statement is that of the substitute.
        """
        path = sql_path("chatwoot", self.substitute if is_missing and self.substitute else f"{self.name}.sql")
        return compose(path, **options.psql_variables)

    def version(self, options: ViewOptions, *, is_missing: bool = False) -> str:
        """Return a short hash of the statement, which is equal for equal views."""
        text = self.statement(options, is_missing=is_missing).as_string()
        return hashlib.sha256(text.encode()).hexdigest()[:12]


VIEWS = (
    View(
        "vw_attribute_definitions", 1, ("custom_attribute_definitions",), (),
        "One row per definition of a custom attribute.",
    ),
    View(
        "vw_allowed_attributes", 1, ("accounts",), ("vw_attribute_definitions",),
        "One row per account and model: the custom attributes that may leave Chatwoot.",
    ),
    View(
        "vw_imported_conversations", 1, ("data_import_mappings",), (),
        "One row per conversation that Chatwoot's own import wrote, and when.",
    ),
    View(
        "vw_captain_outcomes", 1, ("conversation_outcomes",), (),
        "One row per conversation with engagements of Captain: what came of each.",
    ),
    View(
        "vw_conversations_own", 1, ("conversations", "conversation_participants"),
        ("vw_allowed_attributes", "vw_imported_conversations", "vw_captain_outcomes"),
        "One row per conversation: its own columns, and what follows from them.",
    ),
    View(
        "vw_conversations_base", 1, ("contacts", "inboxes", "users"), ("vw_conversations_own", "vw_allowed_attributes"),
        "One row per conversation, with the names that belong to its ids.",
    ),
    View("vw_accounts", 1, ("accounts",), (), "One row per account: its name."),
    View(
        "vw_contacts", 1, ("contacts",), ("vw_allowed_attributes",),
        "One row per contact: its name, e-mail address, phone number and allowed attributes.",
    ),
    View("vw_inboxes", 1, ("inboxes", "working_hours"), (), "One row per inbox: its name, channel and working hours."),
    View("vw_teams", 1, ("teams",), (), "One row per team: its name."),
    View("vw_users", 1, ("users",), (), "One row per agent: its name."),
    View(
        "vw_account_names", 1, ("account_users", "users", "teams"), (),
        "One row per name of a user or team in an account.",
    ),
    View(
        "vw_inbox_bots", 1, ("agent_bot_inboxes", "inboxes"), (),
        "One row per inbox with an active bot: since when.",
    ),
    View(
        "vw_dialogflow_inboxes", 1, ("integrations_hooks", "inboxes"), (),
        "One row per inbox that Dialogflow serves: since when.",
    ),
    View(
        "vw_captain_inboxes", 1, ("captain_inboxes", "inboxes"), (),
        "One row per inbox that Captain serves: since when.",
    ),
    View(
        "vw_conversations_joined", 1, ("contacts", "users", "accounts", "teams"),
        ("vw_conversations_own", "vw_inboxes", "vw_allowed_attributes"),
        "One row per conversation with all that belongs to its ids: names, team, account, the inbox's working hours.",
    ),
    View(
        "vw_conversation_labels", 1, ("conversations", "taggings", "tags"), (),
        "One row per label of a conversation.",
    ),
    View(
        "vw_conversation_slas", 1, ("conversations", "applied_slas", "sla_policies", "sla_events"), (),
        "One row per SLA policy that was applied to a conversation, with what was missed.",
    ),
    View("vw_calls", 1, ("conversations", "calls"), (), "One row per call in a conversation, without its transcript."),
    View("vw_campaigns", 1, ("campaigns",), (), "One row per campaign, without its texts and its audience."),
    View(
        "vw_campaign_deliveries", 1, ("campaign_recipients",), (),
        "One row per contact to whom a campaign was sent: what became of it.",
    ),
    View(
        "vw_messages_own", 1, ("messages",), (),
        "One row per message: its own columns, and the marks in its attributes.",
    ),
    View(
        "vw_messages_marked", 1, ("conversations",), ("vw_messages_own",),
        "One row per message, flat, with the marks in its attributes: deleted, automated, campaign, echo, reaction.",
    ),
    View(
        "vw_messages_base", 1, (), ("vw_messages_marked",),
        "One row per message, flat; a day is read by the conversations' created_at.",
    ),
    View(
        "vw_messages_compiled", 1, ("conversations", "contacts"), ("vw_messages_base",),
        "One row per conversation: its messages as one JSON array, ordered by created_at, id.",
    ),
    View(
        "vw_csat_responses", 1, ("conversations", "csat_survey_responses"), (),
        "One row per response to a satisfaction survey.",
    ),
    View(
        "vw_csat_base", 1, ("conversations",), ("vw_csat_responses",),
        "One row per rated conversation: its latest response, and the number of responses.",
    ),
    View(
        "vw_reporting_events_own", 1, ("reporting_events",), (),
        "One row per event that Chatwoot recorded for its own reports: its own columns.",
    ),
    View(
        "vw_reporting_events_base", 1, ("conversations",), ("vw_reporting_events_own",),
        "One row per event that Chatwoot recorded for its own reports.",
    ),
    View(
        "vw_conversation_metrics", 2, (), ("vw_conversations_own",),
        "One row per conversation: first response, flags, and its day, hour and weekday in the reporting time zone.",
    ),
    View(
        "vw_message_stats", 2, ("conversations",), ("vw_messages_base",),
        "One row per conversation: counts and times of its public messages.",
    ),
    View(
        "vw_conversations_analytics", 3, (),
        (
            "vw_conversations_base", "vw_messages_compiled", "vw_csat_base", "vw_conversation_metrics",
            "vw_message_stats",
        ),
        "One row per conversation: the columns of conversas_analytics, computed on the source.",
    ),
)  # fmt: skip

VIEW_NAMES = [view.name for view in VIEWS]
