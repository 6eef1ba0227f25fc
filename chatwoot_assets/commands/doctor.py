"""`chatwoot-assets doctor`: check everything that this installation relies on, and say what to do."""

from __future__ import annotations

import json

import click
from rich.markup import escape

from chatwoot_assets.commands.console import out
from chatwoot_assets.commands.diagnosis.dagster_instance import look_at_dagster
from chatwoot_assets.commands.diagnosis.extracts import look_at_extracts
from chatwoot_assets.commands.diagnosis.finding import Finding, State, look
from chatwoot_assets.commands.diagnosis.machine import look_at_machine
from chatwoot_assets.commands.diagnosis.source import look_at_source
from chatwoot_assets.commands.diagnosis.warehouse import look_at_warehouse
from chatwoot_assets.errors import UserError
from chatwoot_assets.settings import Settings

_MARKS = {State.OK: "[green]ok[/green]", State.WARNING: "[yellow]warning[/yellow]", State.ERROR: "[red]error[/red]"}


def doctor(*, as_json: bool) -> None:
    """Show what was found; only errors fail the command, warnings do not.

    Args:
        as_json: Whether to print one JSON document instead of lines for people.

    Raises:
        SettingsError: A setting is not accepted.
        UserError: A finding has the state error.
    """
    settings = Settings.load()
    findings = [
        *look("machine", lambda: look_at_machine(settings)),
        *look("Chatwoot's database", lambda: look_at_source(settings)),
        *look("warehouse", lambda: look_at_warehouse(settings)),
        *look("Dagster's instance", look_at_dagster),
        *look("extracts", lambda: look_at_extracts(settings)),
    ]
    failed = [finding for finding in findings if finding.state is State.ERROR]
    if as_json:
        rows = [{"name": each.name, "state": each.state.value, "text": each.text} for each in findings]
        click.echo(json.dumps({"ok": not failed, "findings": rows}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            _show(finding)
    if failed:
        names = ", ".join(finding.name for finding in failed)
        raise UserError(f"{len(failed)} of {len(findings)} findings are errors: {names}")


def _show(finding: Finding) -> None:
    out.print(f"{_MARKS[finding.state]:<7} {escape(finding.name)}: {escape(finding.text)}")
