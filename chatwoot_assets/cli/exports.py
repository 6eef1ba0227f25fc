"""The commands that pass on numbers: exports, reports, views for BI tools, and answers to an assistant."""

from __future__ import annotations

from collections.abc import Callable

import click

from chatwoot_assets.cli.types import PORT


def _filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the lists of the dashboard's filter bar as options; `selected_filters` reads them."""
    for name, what in reversed(
        {
            "account": "ids of accounts",
            "inbox": "ids of inboxes",
            "team": "ids of teams",
            "agent": "ids of agents",
            "label": "labels",
            "status": "statuses",
        }.items()
    ):
        command = click.option(f"--{name}", metavar="LIST", help=f"Only these {what}.")(command)
    return click.option(
        "--attribute", metavar="KEY=VALUE", multiple=True, help="Only this attribute, may be repeated."
    )(command)


@click.command("export")
@click.argument("dataset", type=click.Choice(["conversations", "messages", "episodes", "waits"]))
@click.option("--from", "first", required=True, metavar="YYYY-MM-DD", help="The first day.")
@click.option("--to", "last", metavar="YYYY-MM-DD", help="The last day; today by default.")
@click.option(
    "--format", "file_format", type=click.Choice(["csv", "parquet", "xlsx"]), help="Else by the name, or csv."
)
@click.option("--output", "-o", metavar="FILE", help="The file to write; standard output by default.")
@click.option("--language", default="en", show_default=True, type=click.Choice(["pt", "en"]), help="Of the headings.")
@_filter_options
@click.option("--waiting", is_flag=True, help="Only conversations that wait for a reply, of any day.")
def export_command(
    dataset: str,
    first: str,
    last: str | None,
    file_format: str | None,
    output: str | None,
    language: str,
    waiting: bool,
    **filters: str | tuple[str, ...] | None,
) -> None:
    """Write all rows of a period to a file.

    Conversations and their messages belong to the day the conversation began, episodes to the day they began, and waits
    to the day of the reply. Lists are separated by commas; 0 means no agent or no team.
    """
    from chatwoot_assets.commands.export import export

    export(dataset, first, last, file_format, output, language, waiting=waiting, lists=filters)


@click.command("report")
@click.option(
    "--period",
    default="last-week",
    show_default=True,
    type=click.Choice(["today", "yesterday", "this-week", "last-week", "this-month", "last-month", "7d", "30d", "90d"]),
    help="The days.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["html", "pdf", "xlsx"]),
    help="The file's format; else by its name, or html.",
)
@click.option("--output", "-o", metavar="FILE", help="The file to write; standard output by default.")
@click.option("--language", default="en", show_default=True, type=click.Choice(["pt", "en"]), help="Its language.")
@click.option(
    "--compare",
    "comparison",
    default="previous",
    show_default=True,
    type=click.Choice(["previous", "year"]),
    help="With the period before, or a year before.",
)
@click.option("--send", "is_sent", is_flag=True, help="Send the numbers to ALERT_URLS instead.")
@_filter_options
def report_command(
    period: str,
    file_format: str | None,
    output: str | None,
    language: str,
    *,
    comparison: str,
    is_sent: bool,
    **filters: str | tuple[str, ...] | None,
) -> None:
    """Write or send a period's numbers and charts.

    They are those of the dashboard's overview, with tables of agents and inboxes, compared with the period before, or
    with the same weeks last year.
    """
    from chatwoot_assets.commands.report import report

    report(period, file_format, output, language, filters, comparison=comparison, is_sent=is_sent)


@click.group()
def bi() -> None:
    """Manage the views for BI tools."""


@bi.command("create")
@click.option("--reader", "readers", multiple=True, metavar="ROLE", help="A role that may read numbers; repeatable.")
@click.option(
    "--personal-reader",
    "personal_readers",
    multiple=True,
    metavar="ROLE",
    help="A role that may also read names of contacts and contents; repeatable.",
)
def bi_create(readers: tuple[str, ...], personal_readers: tuple[str, ...]) -> None:
    """Create or replace the views in schema bi.

    Do so again after an upgrade, and after REPORTING_TIMEZONE has changed. Grants stay.
    """
    from chatwoot_assets.commands.bi import create

    create(readers, personal_readers)


@bi.command("drop")
def bi_drop() -> None:
    """Drop the views in schema bi."""
    from chatwoot_assets.commands.bi import drop

    drop()


@bi.command("dbt")
def bi_dbt() -> None:
    """Print dbt's sources.yml, with tests."""
    from chatwoot_assets.commands.bi import print_dbt

    print_dbt()


@click.command("mcp")
@click.option("--http", "host", metavar="ADDRESS", help="Serve HTTP on this address instead of standard input.")
@click.option("--port", default=8765, show_default=True, type=PORT, help="The port for HTTP.")
@click.option("--token-file", metavar="FILE", help="A file with the token that HTTP requests must carry.")
@click.option("--personal", is_flag=True, help="Also give names of contacts and contents of messages.")
def mcp_command(host: str | None, port: int, token_file: str | None, personal: bool) -> None:
    """Answer an assistant's questions.

    A Model Context Protocol server with the dashboard's numbers and their definitions. It reads the warehouse only.
    """
    from chatwoot_assets.commands.mcp import serve

    serve(host, port, token_file, personal=personal)


COMMANDS = (export_command, report_command, bi, mcp_command)
