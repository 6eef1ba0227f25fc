"""DAGSTER_HOME: the directory that configures Dagster's instance.

If the user sets none, this project keeps one of its own with the `dagster.yaml` that it ships. A person may edit that
file: it is replaced only while it is exactly as this project wrote it, as a hash beside it shows.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import click

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.private_files import make_private_directory, replacing_private_file
from chatwoot_assets.settings_files import find_setting, home_directory
from chatwoot_assets.settings_values import check

DAGSTER_HOME = "DAGSTER_HOME"
CONFIGURATION = "dagster.yaml"
NEW_CONFIGURATION = "dagster.yaml.new"
# The hash of the shipped version that was last written or offered.
_HASH_FILE = ".dagster.yaml.sha256"


def ensure_dagster_home() -> Path:
    """Return DAGSTER_HOME, set in this process's environment; without one, create it in the home directory.

    Raises:
        SettingsError: DAGSTER_HOME is not an absolute path of a directory, or its files cannot be written.
    """
    setting = find_setting(DAGSTER_HOME)
    if setting:
        place = f" in {setting.file}" if setting.file else ""
        try:
            home = check(setting.text, _parse_home, "is the absolute path of a directory")
        except ValueError as error:
            raise SettingsError(f"{DAGSTER_HOME}{place} {error}") from None
    else:
        home = home_directory() / "dagster"
        try:
            make_private_directory(home)
            _update_configuration(home)
        except OSError as error:
            raise SettingsError(
                f"cannot write to {home}: {error.strerror};"
                " set CHATWOOT_ASSETS_HOME to a directory that you can write to"
            ) from None
    os.environ[DAGSTER_HOME] = str(home)
    return home


def _parse_home(value: str) -> Path:
    """Return the directory, or raise a ValueError where Dagster would fail with a traceback."""
    try:
        home = Path(value).expanduser()
    except RuntimeError:
        raise ValueError("whose user does not exist") from None
    if not home.is_absolute():
        raise ValueError("which is relative")
    if not home.exists():
        raise ValueError("which does not exist")
    if not home.is_dir():
        raise ValueError("which is not a directory")
    return home


def _update_configuration(home: Path) -> None:
    """Write the shipped `dagster.yaml`, unless a person edited the one that is there."""
    shipped = _shipped_configuration().read_bytes()
    path, hash_path = home / CONFIGURATION, home / _HASH_FILE
    present = path.read_bytes() if path.exists() else None
    known = hash_path.read_text(encoding="ascii", errors="replace").strip() if hash_path.exists() else None
    is_edited = present not in (None, shipped) and _hash(present or b"") != known
    if known == _hash(shipped) and (is_edited or present == shipped):
        return
    if is_edited:
        _write(home / NEW_CONFIGURATION, shipped)
        click.echo(
            f"warning: {path} was edited and is kept; this version ships another, which is in {NEW_CONFIGURATION}"
            " beside it: merge what you need",
            err=True,
        )
    elif present != shipped:
        _write(path, shipped)
    _write(hash_path, _hash(shipped).encode())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    with replacing_private_file(path) as file:
        file.write(content)


def _shipped_configuration() -> Path:
    package = Path(__file__).parent.parent
    installed = package / CONFIGURATION
    return installed if installed.exists() else package.parent / CONFIGURATION
