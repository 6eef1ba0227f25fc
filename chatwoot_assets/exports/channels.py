"""The names of Chatwoot's channels in its interface, for people: pages, CSV and Excel."""

from __future__ import annotations

from typing import Final

from chatwoot_assets.exports.cells import Language

CHANNEL_PREFIX: Final = "Channel::"
# Twilio's channel is for SMS or for WhatsApp; which of them is not in its type.
_NAMES = {
    "WebWidget": "Website", "Whatsapp": "WhatsApp", "Email": "Email", "Api": "API", "Sms": "SMS", "TwilioSms": "Twilio",
    "Telegram": "Telegram", "Line": "Line", "FacebookPage": "Facebook", "Instagram": "Instagram", "Tiktok": "TikTok",
    "TwitterProfile": "Twitter", "Voice": "Voice",
}  # fmt: skip
_NAMES_PT = {"WebWidget": "Site", "Email": "E-mail", "Voice": "Voz"}


def channel_name(channel: str, language: Language) -> str:
    """Return the name of a channel in Chatwoot's interface.

    Args:
        channel: Chatwoot's type of the channel, with or without CHANNEL_PREFIX. An unknown one is returned without it.
        language: The language of the name.
    """
    channel = channel.removeprefix(CHANNEL_PREFIX)
    name = _NAMES.get(channel, channel)
    return _NAMES_PT.get(channel, name) if language == "pt" else name
