"""The help of every command, and how wrong numbers are refused."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from chatwoot_assets.cli import cli

SUMMARY_WIDTH = 45


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


COMMANDS = dict(_commands(cli))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_help_summary_fits_its_line(path: tuple[str, ...]) -> None:
    summary = (COMMANDS[path].help or "").partition("\n")[0]
    assert 0 < len(summary) <= SUMMARY_WIDTH
    assert COMMANDS[path].get_short_help_str(SUMMARY_WIDTH) == summary
    listing = CliRunner().invoke(cli, [*path[:-1], "--help"], terminal_width=80).output
    assert f" {summary}\n" in listing


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_says_what_it_is_for(path: tuple[str, ...]) -> None:
    options = [parameter for parameter in COMMANDS[path].params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("verify", "--contact", "abc"), "'abc' must be a contact's id, a whole number from 1"),
        (("verify", "--contact", "0"), "'0' must be a contact's id, a whole number from 1"),
        (
            ("verify", "--contact", "9223372036854775808"),
            "'9223372036854775808' must be a contact's id, a whole number from 1",
        ),
        (("verify", "--conversation", "1.5"), "'1.5' must be a conversation's id, a whole number from 1"),
        (("status", "--days", "0"), "'0' must be a whole number from 1"),
        (("demo", "--days", "366"), "'366' must be a whole number from 1 to 365"),
        (("demo", "--conversations", "many"), "'many' must be a whole number from 1"),
        (("ui", "--port", "65536"), "'65536' must be a port, a whole number from 1 to 65535"),
        (("dashboard", "--port", "http"), "'http' must be a port, a whole number from 1 to 65535"),
    ],
)
def test_a_wrong_number_is_refused_with_what_it_means(arguments: tuple[str, ...], reason: str) -> None:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2
    assert result.output.rstrip().endswith(f"Invalid value for '{arguments[-2]}': {reason}")
