"""Types of arguments, whose errors say what is accepted."""

from __future__ import annotations

import re

import click

# The largest that a PostgreSQL bigint holds.
_LARGEST_ID = 2**63 - 1


class WholeNumber(click.ParamType):  # type: ignore[type-arg]  # click 8.1 knows no ParamType[int]
    """A whole number from 1, whose error says what the number means.

    Args:
        largest: The largest number that is accepted.
        meaning: What the number is, such as "a port"; empty for nothing but a number.
    """

    name = "number"

    def __init__(self, largest: int = _LARGEST_ID, meaning: str = "") -> None:
        upper = f" to {largest}" if largest < _LARGEST_ID else ""
        self._accepted = f"{meaning}, a whole number from 1{upper}" if meaning else f"a whole number from 1{upper}"
        self._largest = largest

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or fail with what is accepted."""
        text = str(value)
        if not re.fullmatch("[0-9]{1,19}", text) or not 1 <= int(text) <= self._largest:
            self.fail(f"{text!r} must be {self._accepted}", param, ctx)
        return int(text)


class Address(click.ParamType):  # type: ignore[type-arg]  # click 8.1 knows no ParamType[tuple[str, int]]
    """A host and a port, such as code-server:4000."""

    name = "host:port"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Return the two, or fail with what is accepted."""
        host, _, port = str(value).rpartition(":")
        if not host or not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
            self.fail(f"{str(value)!r} must be a host and a port, such as code-server:4000", param, ctx)
        return host, int(port)


def check_path_prefix(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Return a path that URLs begin with, or fail with what is accepted."""
    if value and not re.fullmatch("(/[A-Za-z0-9._~-]+)+", value):
        raise click.BadParameter(f"{value!r} must be a path that begins and does not end with /, such as /dagster")
    return value


PORT = WholeNumber(65_535, "a port")
