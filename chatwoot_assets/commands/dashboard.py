"""`chatwoot-assets dashboard`: the dashboard, served on this machine until Ctrl-C."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from chatwoot_assets import dashboard
from chatwoot_assets.commands.console import out, warehouse_database
from chatwoot_assets.commands.dagster_process import check_address
from chatwoot_assets.dashboard.database import check_row_security
from chatwoot_assets.dashboard.login_secrets import write_secrets
from chatwoot_assets.database_urls import ANALYTICS_DATABASE_URL
from chatwoot_assets.errors import SettingsError, WarehouseError
from chatwoot_assets.postgres import connect
from chatwoot_assets.postgres_errors import translate_errors
from chatwoot_assets.settings import Settings

_REQUIRED_PACKAGES = ("streamlit", "altair")
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
_OPTIONS = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    # Send nothing to Streamlit's makers, and show viewers no details that they cannot act on.
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "logger.level": "error",
    "logger.hideWelcomeMessage": True,
    # Viewers send clicks and selections only.
    "server.maxUploadSize": 1,
    "server.maxMessageSize": 50,
    "theme.metricValueFontSize": "1.5rem",
    "theme.headingFontSizes": ["1.9rem", "1.6rem", "1.15rem", "1rem", "1rem", "1rem"],
    "theme.light.primaryColor": "#0072B2",
    "theme.dark.primaryColor": "#56B4E9",
}


def serve(host: str, port: int, names: Sequence[str] = ()) -> None:
    """Serve the dashboard in this process, which releases an embedded server when it ends.

    Args:
        host: The address to listen on.
        port: The port to listen on.
        names: Host names under which people reach the dashboard. It answers to these and to this machine's own, and
            refuses all others, so that no foreign page can use it in a viewer's browser.

    Raises:
        SettingsError: Streamlit or Authlib is not installed, the port is in use, a host that other machines reach comes
            without a name, or the environment holds an invalid value.
        WarehouseError: People log in, and the role of ANALYTICS_DATABASE_URL can read every account's rows.
    """
    _require_packages(_REQUIRED_PACKAGES)
    settings = Settings.load()
    if settings.login:
        _require_packages(("authlib",))
        names = [*names, urlsplit(settings.login.dashboard_url).hostname or ""]
    if not names and host not in _LOCAL_HOSTS:
        raise SettingsError(
            f"--host {host} lets other machines reach the dashboard; give the name that people type as well, such as"
            " --name numbers.example.com: other names are refused, so that no foreign page can read the numbers"
        )
    url = warehouse_database().resolved_url()  # reports an invalid URL now, and starts an embedded server
    if settings.login:
        _check_role(url)
    check_address(host, port)
    from altair.utils import schemapi
    from streamlit import net_util
    from streamlit.web import bootstrap

    from chatwoot_assets.dashboard.compression import compress_files

    # The tests check the charts against Vega-Lite's schema; for a viewer that would take as long as drawing them.
    schemapi.disable_debug_mode()
    compress_files()
    # For a page of another origin, Streamlit would ask a server at Amazon for this machine's address.
    net_util.get_external_ip = lambda: None
    allowed_hosts = [*names, *_LOCAL_HOSTS]
    options = {**_OPTIONS, "server.address": host, "server.port": port, "server.allowedHosts": allowed_hosts}
    # Nothing is read from a .streamlit directory: half of a login there would be taken for one here.
    options["secrets.files"] = [str(write_secrets(settings.login, settings.home))] if settings.login else []
    bootstrap.load_config_options({name.replace(".", "_"): value for name, value in options.items()})
    importlib.import_module("chatwoot_assets.dashboard.main")  # now, so that the first viewer does not wait for it
    url_host = f"[{host}]" if ":" in host else host
    out.print(f"Dashboard: http://{url_host}:{port} (Ctrl-C to stop)")
    bootstrap.run(str(Path(dashboard.__file__).with_name("entrypoint") / "app.py"), False, [], {})


def _require_packages(names: Sequence[str]) -> None:
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"the dashboard needs {' and '.join(missing)}; install the extra named dashboard:"
            ' pip install "chatwoot_assets[dashboard]", or in a checkout: pip install --editable ".[dashboard]"'
        )


def _check_role(url: str) -> None:
    """Refuse a role that no policy restricts now, and not when the first viewer comes."""
    with translate_errors(WarehouseError, ANALYTICS_DATABASE_URL), connect(url) as connection:
        check_row_security(connection)
