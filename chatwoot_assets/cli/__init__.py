"""The command `chatwoot-assets`: its arguments, its help, and how errors become an exit code.

The work is done in `commands/`. Each command imports its module when it runs, so that `--help` answers at once. An
error that a user can do something about ends as one line on standard error and a non-zero exit code; see `errors.py`.
"""

from __future__ import annotations

import gc
import os
import sys

import click

from chatwoot_assets.cli import exports, loading, services
from chatwoot_assets.errors import SettingsError, UserError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chatwoot_assets")
def cli() -> None:
    """Load Chatwoot's conversations into a local PostgreSQL, day by day, as Dagster assets.

    Settings come from the environment, from .env or from chatwoot_assets.toml. Without CHATWOOT_DATABASE_URL,
    ANALYTICS_DATABASE_URL and DAGSTER_POSTGRES_URL, an embedded PostgreSQL with a sample Chatwoot is used.
    """


for _command in (*loading.COMMANDS, *exports.COMMANDS, *services.COMMANDS):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; the entry point of the console script."""
    # Also for what Dagster and PostgreSQL write, in this process and in those that it starts.
    os.umask(0o077)
    # Importing Dagster creates many objects that stay: with the default, collecting garbage takes a fifth of the time.
    gc.set_threshold(50_000)
    from chatwoot_assets.commands import interruption

    interruption.watch()
    try:
        cli(standalone_mode=False)
    except UserError as error:
        click.echo(f"error: {error}", err=True)
        # A wrong setting exits with the same code as wrong usage.
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        interruption.announce()
        sys.exit(interruption.EXIT_CODE)
