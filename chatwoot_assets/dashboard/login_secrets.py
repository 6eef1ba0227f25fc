"""The file from which Streamlit reads how people log in. It holds secrets, and is written anew at each start."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from chatwoot_assets.errors import SettingsError
from chatwoot_assets.private_files import make_private_directory, replacing_private_file
from chatwoot_assets.secret_settings import secret_text
from chatwoot_assets.settings import Login

_SECRET = "OIDC_CLIENT_SECRET"  # noqa: S105 - the name of a variable


def write_secrets(login: Login, home: Path) -> Path:
    """Write the file and return its path.

    The key that signs the cookies is kept between two starts, so that people stay logged in.

    Raises:
        SettingsError: A secret or the file cannot be read or written.
    """
    directory = home / "dashboard"
    client_secret = secret_text(_SECRET)
    assert client_secret is not None, "the settings of a login are complete"
    try:
        make_private_directory(directory)
        key_path, path = directory / "cookie_secret", directory / "secrets.toml"
        if not key_path.exists():
            with replacing_private_file(key_path) as file:
                file.write(secrets.token_urlsafe(48).encode())
        values = {
            "redirect_uri": f"{login.dashboard_url}/oauth2callback",
            "cookie_secret": key_path.read_text(encoding="utf-8"),
            "client_id": login.client_id,
            "client_secret": client_secret,
            "server_metadata_url": login.metadata_url,
        }
        with replacing_private_file(path) as file:
            # A string of JSON is one of TOML.
            lines = ["[auth]", *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
            file.write("\n".join([*lines, ""]).encode())
    except OSError as error:
        raise SettingsError(f"cannot write {directory}: {error.strerror}") from None
    return path
