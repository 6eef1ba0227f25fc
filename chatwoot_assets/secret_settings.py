"""Secrets among the settings: given by a variable, or by the file that NAME_FILE names, such as a mounted secret."""

from __future__ import annotations

from pathlib import Path

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings_files import Setting, find_setting
from chatwoot_assets.settings_values import describe_flaw

ALERT_URLS = "ALERT_URLS"
MASK_KEY = "MASK_KEY"
# The key of an HMAC-SHA-256 should have at least as many bytes as its hash.
SHORTEST_MASK_KEY = 32


def find_secret(variable: str) -> tuple[Setting | None, Setting | None]:
    """Return the setting of a variable and that of its NAME_FILE, of which at most one is not None.

    Raises:
        SettingsError: Both are set.
    """
    value, file = find_setting(variable), find_setting(f"{variable}_FILE")
    if value and file:
        places = [str(setting.file or "the environment") for setting in (value, file)]
        raise SettingsError(
            f"{variable} is set in {places[0]} and {variable}_FILE in {places[1]}; only one of them may be set"
        )
    return value, file


def secret_path(variable: str, text: str, holds: str) -> Path:
    """Return the path that NAME_FILE gives.

    Args:
        variable: NAME_FILE.
        text: Its value.
        holds: What the file holds, such as "the URL".

    Raises:
        SettingsError: It is not a path.
    """
    if "://" in text or "@" in text:  # the secret itself, perhaps
        raise SettingsError(f"{variable} is not a path; accepted is the path of a file that holds {holds}")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(f"{variable} is {text!r}, whose user does not exist; accepted is a path") from None


def read_secret(variable: str, path: Path, holds: str) -> str:
    """Return what a file holds, without the newline that ends it.

    Args:
        variable: NAME_FILE, for errors.
        path: The file.
        holds: What the file holds, such as "the URL", for errors.

    Raises:
        SettingsError: The file cannot be read, or is empty.
    """
    try:
        text = path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise SettingsError(f"{variable} is {str(path)!r}, which cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{variable} is {str(path)!r}, which is not UTF-8 text") from None
    if not text:
        raise SettingsError(f"{variable} is {str(path)!r}, which is empty; accepted is a file that holds {holds}")
    return text


def secret_text(variable: str) -> str | None:
    """Return the text of a variable, or of the file that NAME_FILE names, or None if neither is set.

    Raises:
        SettingsError: Both are set, or the file cannot be read. The message never shows the secret.
    """
    value, file = find_secret(variable)
    if file:
        name = f"{variable}_FILE"
        return read_secret(name, secret_path(name, file.text, "it"), "it")
    return value.text if value else None


def read_mask_key() -> str:
    """Return the key of the pseudonyms.

    Raises:
        SettingsError: It is missing although MASK is set, or is not accepted. The message never shows it.
    """
    return check_mask_key(secret_text(MASK_KEY))


def check_mask_key(key: str | None) -> str:
    """Return a key, if it is accepted.

    Raises:
        SettingsError: It is missing or too short, or has blanks or quotes around it. The message never shows it.
    """
    accepted = f"MASK needs a secret of at least {SHORTEST_MASK_KEY} characters: openssl rand -hex 32"
    if not key:
        raise SettingsError(f"MASK is set, and neither {MASK_KEY} nor {MASK_KEY}_FILE is; {accepted}")
    if flaw := describe_flaw(key):
        raise SettingsError(f"{MASK_KEY} {flaw}: remove that; {accepted}")
    if len(key) < SHORTEST_MASK_KEY:
        raise SettingsError(f"{MASK_KEY} has {len(key)} characters; {accepted}")
    return key
