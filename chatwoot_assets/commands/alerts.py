"""`chatwoot-assets alerts`: show what is wrong, and send what was not sent yet."""

from __future__ import annotations

import datetime

from rich.markup import escape

from chatwoot_assets.alerts.notices import Message
from chatwoot_assets.alerts.sending import check_addresses, send
from chatwoot_assets.commands.console import out, warehouse_database
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL, DAGSTER_POSTGRES_URL, require_urls
from chatwoot_assets.definitions import build_defs
from chatwoot_assets.defs.alerts import find_problems, send_alerts
from chatwoot_assets.defs.instance import open_instance
from chatwoot_assets.defs.own_definitions import OwnDefinitions
from chatwoot_assets.settings import Settings


def alert(*, is_dry_run: bool, is_test: bool) -> None:
    """Show every problem, and send those that were not sent yet.

    Args:
        is_dry_run: Whether to send nothing.
        is_test: Whether to send only a test message.

    Raises:
        SettingsError: ALERT_URLS is needed and not set, or holds an address that Apprise does not know.
        UserError: A message could not be sent.
    """
    settings = Settings.load()
    require_urls(ANALYTICS_DATABASE_URL, DAGSTER_POSTGRES_URL)
    if not is_dry_run:
        check_addresses(settings.alert_urls)
    if is_test:
        send(Message("chatwoot_assets: a test", "Alerts arrive here.", is_recovery=True), settings.alert_urls)
        out.print(f"sent to {len(settings.alert_urls)} addresses")
        return
    now = datetime.datetime.now(datetime.timezone.utc)
    own = OwnDefinitions.of(build_defs(settings))
    with open_instance() as instance:
        problems = find_problems(instance, warehouse_database(), settings, own, now)
        for problem in problems:
            out.print(escape(problem.text))
        if not problems:
            out.print("no problem")
        if not is_dry_run:
            message = send_alerts(instance, problems, settings)
            out.print(f"sent: {escape(message.title)}" if message else "nothing new to send")
