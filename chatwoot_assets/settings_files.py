"""The files that hold settings: `.env` and `chatwoot_assets.toml`, in the working directory and in the home.

This module finds and reads them; `settings.py` documents their precedence. Errors name the file and the line, never
a value. `settings_variables.py` says which variables there are and which values they accept.
"""

from __future__ import annotations

import datetime
import difflib
import io
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from dotenv import dotenv_values
from dotenv.parser import parse_stream

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings_values import check, describe_flaw, parse_directory
from chatwoot_assets.settings_variables import Variables

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOTENV_FILE = ".env"
TOML_FILE = "chatwoot_assets.toml"

_NAMES = tuple(Variables.model_fields)
_HOME = "CHATWOOT_ASSETS_HOME"
_TABLES = ("ALERTS", "HOLIDAYS", "SAVED_VIEWS", "TARGETS", "VIEWERS")


@dataclass(frozen=True)
class SettingsFile:
    """A file that was read.

    Attributes:
        path: The file's absolute path.
        values: The text of each variable that the file sets. Relative paths are absolute already.
    """

    path: Path
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Setting:
    """A variable's text and the file that set it; None for the environment."""

    text: str = field(repr=False)
    file: Path | None


def settings_files() -> list[SettingsFile]:
    """Return the files that exist, in their order of precedence.

    Raises:
        SettingsError: A file cannot be read, or has an unknown key; the message names the file.
    """
    near = _read_working_directory()
    home = _home(near)
    if any(file.path.parent == home for file in near):
        return near
    far = _read_directory(home)
    for file in far:
        if file.values.get(_HOME, str(home)) != str(home):
            raise SettingsError(
                f"{_HOME} in {file.path} names another directory than the one that holds this file;"
                " set it in the environment or in the working directory"
            )
    return [*near, *far]


def find_setting(name: str) -> Setting | None:
    """Return the text of a variable from the source that has precedence, or None if none sets it."""
    if text := os.environ.get(name):
        return Setting(text, None)
    for file in settings_files():
        if text := file.values.get(name):
            return Setting(text, file.path)
    return None


def exported_settings() -> dict[str, str]:
    """Return every variable that is set, as the environment of a process with another working directory."""
    merged: dict[str, str] = {}
    for file in reversed(settings_files()):
        merged.update(file.values)
    directory = _working_directory()
    for name in _NAMES:
        if text := os.environ.get(name):
            merged[name] = _anchor(name, text, directory) if directory else text
    return merged


def home_directory() -> Path:
    """Return the directory for embedded databases and extracts.

    That is CHATWOOT_ASSETS_HOME, else `.data` in a checkout, else the user's data directory.
    """
    if os.environ.get(_HOME):
        return _home([])
    return _home(_read_working_directory())


def default_home() -> Path:
    """Return the home directory for an unset CHATWOOT_ASSETS_HOME."""
    checkout = Path(__file__).parent.parent
    if (checkout / "workspace.yaml").exists() and (checkout / "pyproject.toml").exists():
        return checkout / ".data"
    return platformdirs.user_data_path("chatwoot_assets", appauthor=False)


def _home(files: list[SettingsFile]) -> Path:
    places = [("", os.environ.get(_HOME)), *((f" in {file.path}", file.values.get(_HOME)) for file in files)]
    for place, text in places:
        if text:
            try:
                return check(text, parse_directory, "is a directory")
            except ValueError as error:
                raise SettingsError(f"{_HOME}{place} {error}") from None
    return default_home()


def _working_directory() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it was deleted
        return None


def _read_working_directory() -> list[SettingsFile]:
    directory = _working_directory()
    return _read_directory(directory) if directory else []


def _read_directory(directory: Path) -> list[SettingsFile]:
    files = []
    for file_name, parse in ((DOTENV_FILE, _parse_dotenv), (TOML_FILE, _parse_toml)):
        path = directory / file_name
        text = _read_text(path)
        if text is not None:
            values = {name: _anchor(name, value, directory) for name, value in parse(path, text).items() if value}
            files.append(SettingsFile(path, values))
    return files


def _read_text(path: Path) -> str | None:
    """Return a file's text, or None if there is no such file.

    A directory called `.env` is ignored: virtual environments of Python may have that name. One called
    `chatwoot_assets.toml` is an error: Docker creates it where a file to mount does not exist.
    """
    if path.suffix == ".toml" and path.is_dir():
        raise SettingsError(f"{path} is a directory; accepted is a file, and a mounted one must exist beforehand")
    try:
        content = path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from None
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}, line {line}: not UTF-8; save the file in this encoding") from None


def _parse_dotenv(path: Path, text: str) -> dict[str, str]:
    """Return our variables in a `.env` file, which may also hold variables of other programs."""
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            raise SettingsError(
                f"{path}, line {binding.original.line}: cannot be parsed; accepted are lines NAME=value"
            )
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name in _NAMES if (value := values.get(name))}


def _parse_toml(path: Path, text: str) -> dict[str, str]:
    """Return the variables of a TOML file, which may be written in upper or lower case."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The rest of the message may quote the text.
        place = re.search(r"at line (\d+)", str(error))
        line = place[1] if place else text.count("\n") + 1
        raise SettingsError(f'{path}, line {line}: not valid TOML; accepted are lines name = "value"') from None
    values: dict[str, str] = {}
    for key, value in table.items():
        name = key.upper()
        if name not in _NAMES or key not in (name, name.lower()):
            near = difflib.get_close_matches(name, _NAMES, n=1, cutoff=0)
            raise SettingsError(f"{path}: unknown key {key!r}; did you mean {near[0]}?")
        if name in values:
            raise SettingsError(f"{path}: {name} is set twice, in upper and in lower case; keep one")
        values[name] = _toml_text(path, name, value)
    return values


def _toml_text(path: Path, name: str, value: object) -> str:
    """Return a TOML value as the text that the environment would hold."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str | int | float | datetime.date):
        return str(value)
    if isinstance(value, dict) and name in _TABLES:
        return json.dumps(value, ensure_ascii=False, default=str)  # dates
    if isinstance(value, list) and name == "ALERT_URLS":
        return " ".join(map(str, value))
    if isinstance(value, list) and name in ("BOT_USER_IDS", "CUSTOM_ATTRIBUTES", "MASK"):
        return ",".join(map(str, value))
    kind = "an array" if isinstance(value, list) else "a table" if isinstance(value, dict) else "a time"
    raise SettingsError(f'{path}: {name} is {kind}; accepted is a text, such as {name} = "value"')


def _anchor(name: str, value: str, directory: Path) -> str:
    """Make a relative path in a file relative to that file, since the working directory varies."""
    is_path = (
        name in (_HOME, "DAGSTER_HOME") or name.endswith("_FILE") or (name == "EXTRACTS_URL" and "://" not in value)
    )
    if not is_path or value.startswith("~") or describe_flaw(value):
        return value
    return str(directory / value)
