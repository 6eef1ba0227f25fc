"""Send a message by Apprise: Slack, e-mail, Telegram, webhooks and many others, each by a URL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from chatwoot_assets.alerts.notices import Message
from chatwoot_assets.errors import SettingsError, UserError


def check_addresses(urls: Collection[str]) -> None:
    """Check that there is an address, and that Apprise knows each.

    Raises:
        SettingsError: There is none, or Apprise does not know one; the message shows its position only, because it may
            hold a secret.
    """
    if not urls:
        raise SettingsError(
            "ALERT_URLS is not set; set it to one or more of Apprise's URLs, separated by blanks, or ALERT_URLS_FILE to"
            " the path of a file that holds them"
        )
    _open(urls)


def send(message: Message, urls: Iterable[str]) -> None:
    """Send a message to all addresses.

    Raises:
        UserError: One of them did not accept it.
    """
    apprise = _open(urls)
    kind = "success" if message.is_recovery else "warning"
    if not apprise.notify(body=message.body, title=message.title, notify_type=kind):
        raise UserError("a message could not be sent to every address of ALERT_URLS", transient=True)


def _open(urls: Iterable[str]) -> Any:  # noqa: ANN401 - Apprise is imported only where alerts are sent
    import apprise

    opened = apprise.Apprise()
    for number, url in enumerate(urls, start=1):
        if not opened.add(url):
            raise SettingsError(
                f"ALERT_URLS: address {number} is not one that Apprise knows; accepted are such as slack://…,"
                " mailtos://… and json://…"
            )
    return opened
