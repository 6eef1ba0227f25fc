"""The URLs of the three databases: their variables, which URLs are accepted, and what an error may show of them.

They hold passwords, so a message quotes only the parts of a URL that cannot belong to a password. Sessions are opened
in `postgres.py`.
"""

from __future__ import annotations

import functools
import os
import pwd
import re
from pathlib import Path
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.secret_settings import find_secret, read_secret, secret_path
from chatwoot_assets.settings_files import find_setting
from chatwoot_assets.settings_values import SWITCH_ACCEPTED, check, describe_flaw, parse_switch, redact_url

CHATWOOT_DATABASE_URL = "CHATWOOT_DATABASE_URL"
ANALYTICS_DATABASE_URL = "ANALYTICS_DATABASE_URL"
DAGSTER_POSTGRES_URL = "DAGSTER_POSTGRES_URL"
DATABASE_URLS = (CHATWOOT_DATABASE_URL, ANALYTICS_DATABASE_URL, DAGSTER_POSTGRES_URL)
EMBEDDED = "CHATWOOT_ASSETS_EMBEDDED"

# With these parameters a URL means the same server and session wherever it is used: libpq takes none of them from its
# environment variables. The encryption, and a password that the URL leaves out, may still come from there. Keepalives
# detect after a minute that the other side is gone.
_EXPLICIT_PARAMETERS = {
    "host": "",
    "hostaddr": "",
    "port": "5432",
    "options": "",
    "client_encoding": "UTF8",
    "target_session_attrs": "any",
    "load_balance_hosts": "disable",
    "connect_timeout": "10",
    "keepalives": "1",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}


def is_set(variable: str) -> bool:
    """Return whether a variable gives a URL, directly or by NAME_FILE.

    Raises:
        SettingsError: Both are set.
    """
    return any(find_secret(variable))


def embedded_is_allowed() -> bool:
    """Return whether the embedded server may take the place of a database without a URL.

    Raises:
        SettingsError: CHATWOOT_ASSETS_EMBEDDED is neither on nor off.
    """
    setting = find_setting(EMBEDDED)
    try:
        return setting is None or check(setting.text, parse_switch, SWITCH_ACCEPTED)
    except ValueError as error:
        place = f" in {setting.file}" if setting and setting.file else ""
        raise SettingsError(f"{EMBEDDED}{place} {error}") from None


def missing_url_error(variable: str) -> SettingsError:
    """Return the error for a URL that is not set although there is no embedded server."""
    return SettingsError(f"{variable} is not set, and {EMBEDDED} is off: set {variable} or {variable}_FILE")


def require_urls(*variables: str) -> None:
    """Check that each variable gives a valid URL, or that the embedded server may serve instead.

    Raises:
        SettingsError: One is missing and CHATWOOT_ASSETS_EMBEDDED is off, or one is not accepted.
    """
    for variable in variables:
        if database_url(variable) is None and not embedded_is_allowed():
            raise missing_url_error(variable)


def database_url(variable: str) -> str | None:
    """Return the URL that a variable gives, validated, or None if it is unset.

    Raises:
        SettingsError: It is not a PostgreSQL URL, or the file that NAME_FILE names cannot be read. The message never
            shows a password.
    """
    url, url_file = find_secret(variable)
    if url_file:
        path = secret_path(f"{variable}_FILE", url_file.text, "the URL")
        return validated_url(variable, read_secret(f"{variable}_FILE", path, "the URL"), path)
    return validated_url(variable, url.text, url.file) if url else None


def validated_url(variable: str, value: str, file: Path | None = None) -> str:
    """Return `value` if it is a libpq URL that names a database.

    Args:
        variable: The variable that gives the URL.
        value: The URL.
        file: The file that holds it, if one does.

    Raises:
        SettingsError: It is not such a URL. The message never shows a password.
    """
    name = f"{variable} in {file}" if file else variable
    accepted = f"{variable} accepts postgresql://user:password@host:5432/database"
    if flaw := describe_flaw(value):
        raise SettingsError(f"{name} {flaw}: remove that; {accepted}")
    if not re.match(r"postgres(ql)?://", value):
        raise SettingsError(f"{name} is not a PostgreSQL URL: {redact_url(value)}; {accepted}")
    authority, _, path = value.partition("://")[2].partition("?")[0].partition("/")
    if authority.count("@") > 1 or "@" in path:
        # A bare @ or / in the password: libpq would take a part of it for the host or the database.
        raise SettingsError(
            f"{name} has an @ or a / inside its user or password; write them as %40 and %2F; {accepted}"
        )
    try:
        parts = conninfo_to_dict(value)
    except ProgrammingError:
        raise SettingsError(
            f"{name} cannot be read as a URL: {redact_url(value)}; {accepted}; {_advice(value)}"
        ) from None
    port = str(parts.get("port") or "")
    if not all(re.fullmatch(r"([1-9][0-9]{0,4})?", p) and int(p or 1) < 65536 for p in port.split(",")):
        shown = repr(port) if re.fullmatch(r"[0-9]{1,5}", port) else "that is not a number"
        raise SettingsError(f"{name} has a port {shown}; {accepted}")
    if not parts.get("dbname"):
        raise SettingsError(f"{name} names no database: {redact_url(value)}; {accepted}")
    return value


def explicit_url(url: str) -> str:
    """Add to a libpq URL the parameters that libpq would otherwise take from its environment.

    Parameters that the URL has already stay as they are.
    """
    given = conninfo_to_dict(url)
    added = {name: value for name, value in _EXPLICIT_PARAMETERS.items() if name in _known_parameters() - given.keys()}
    if "user" not in given and "PGUSER" in os.environ:
        added["user"] = pwd.getpwuid(os.geteuid()).pw_name
    separator = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return url + separator + "&".join(f"{name}={quote(value, safe='')}" for name, value in added.items())


@functools.cache
def _known_parameters() -> set[str]:
    """Return the parameters that this libpq knows."""
    return {option.keyword.decode() for option in Conninfo.get_defaults()}


def _advice(url: str) -> str:
    """Return what to change in a URL that libpq cannot read."""
    parameter = _unknown_parameter(url)
    if parameter:
        return f"libpq has no parameter {parameter!r}: remove it"
    return "write special characters as %XX, and only parameters that libpq knows after the ?"


def _unknown_parameter(url: str) -> str | None:
    """Return the first parameter that libpq does not know, or None if there is none or it may belong to a password."""
    address, _, query = url.partition("?")
    authority, _, path = address.partition("://")[2].partition("/")
    is_host_and_port = re.fullmatch(r"[^:]*|.*:[0-9]*", authority) and "/" not in query
    if "@" in query or not path or not ("@" in authority or is_host_and_port):
        return None
    known = _known_parameters()
    for parameter in query.split("&"):
        name, separator, _ = parameter.partition("=")
        if name in known and "password" not in name:
            continue
        return name if separator and re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,39}", name) and name not in known else None
    return None
