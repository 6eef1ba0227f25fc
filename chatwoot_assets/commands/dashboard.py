"""`chatwoot-assets dashboard`: the dashboard, served on this machine until Ctrl-C."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

from chatwoot_assets import dashboard
from chatwoot_assets.commands.console import out, warehouse_database
from chatwoot_assets.commands.ui import check_address
from chatwoot_assets.errors import SettingsError
from chatwoot_assets.settings import Settings

_NEEDED = ("streamlit", "altair")
_OURSELVES = ("127.0.0.1", "localhost", "::1")
_OPTIONS = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    # Nothing is told to Streamlit's makers, nor to a viewer who could do nothing with it.
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "logger.level": "error",
    "logger.hideWelcomeMessage": True,
    # What a viewer sends us are clicks and choices.
    "server.maxUploadSize": 1,
    "server.maxMessageSize": 50,
    "theme.metricValueFontSize": "1.5rem",
    "theme.headingFontSizes": ["1.9rem", "1.6rem", "1.15rem", "1rem", "1rem", "1rem"],
    "theme.light.primaryColor": "#0072B2",
    "theme.dark.primaryColor": "#56B4E9",
}


def serve(host: str, port: int, names: Sequence[str] = ()) -> None:
    """Serve the dashboard in this process, so that an embedded server which it uses is let go of when it ends.

    Args:
        host: the address to listen on.
        port: the port to listen on.
        names: the names by which people reach it; where it listens for this machine only, it answers to these and
            to this machine's own, so that no page of somebody else's can pass itself off as ours.

    Raises:
        SettingsError: Streamlit is not installed, the port is in use, or the environment holds a wrong value.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"the dashboard needs {' and '.join(missing)}, which the extra named dashboard brings:"
            ' pip install "chatwoot_assets[dashboard]", or in a checkout: pip install --editable ".[dashboard]"'
        )
    Settings.load()
    warehouse_database().resolved_url()  # a wrong URL ends here, and an embedded server starts
    check_address(host, port)
    from streamlit import net_util
    from streamlit.web import bootstrap

    # Asked by a page of another origin, Streamlit would ask a server of Amazon's for this machine's address.
    net_util.get_external_ip = lambda: None
    answers_to = [*names, *(_OURSELVES if names or host in _OURSELVES else ())]
    options = {**_OPTIONS, "server.address": host, "server.port": port, "server.allowedHosts": answers_to}
    bootstrap.load_config_options({name.replace(".", "_"): value for name, value in options.items()})
    importlib.import_module("chatwoot_assets.dashboard.main")  # else the first viewer waits for it
    shown = f"[{host}]" if ":" in host else host
    out.print(f"http://{shown}:{port} shows the dashboard; Ctrl-C stops it")
    bootstrap.run(str(Path(dashboard.__file__).with_name("entrypoint") / "app.py"), False, [], {})
