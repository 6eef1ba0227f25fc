"""Which deliveries of campaigns are listed, and how a URL says so. Uses neither Streamlit nor a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatwoot_assets.dashboard.numbers import parse_number

ALL = "all"
# What became of the deliveries: see sql/dashboard/campaigns.psql.
STATES = (ALL, "sent", "delivered", "read", "failed", "failed_without_code")
STATE, CAMPAIGN, ERROR_CODE = "deliveries", "campaign", "error_code"
DELIVERY_PARAMETERS = (STATE, CAMPAIGN, ERROR_CODE)

_MAX_CODE_LENGTH = 255
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class DeliveryFilters:
    """The conditions of the list of deliveries.

    Attributes:
        state: What became of them, one of STATES; "unknown" if the URL was not understood: then nothing is listed.
        campaign: The id of the campaign, or None for all of the period.
        error_code: The channel's code of the error, or "" for any.
    """

    state: str = ALL
    campaign: int | None = None
    error_code: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether a condition was not understood."""
        return self.state == _UNKNOWN

    def to_url(self) -> dict[str, str]:
        """Return the URL parameters from which `parse_delivery_url` makes these conditions."""
        url = {STATE: self.state}
        if self.campaign is not None:
            url[CAMPAIGN] = str(self.campaign)
        return url | ({ERROR_CODE: self.error_code} if self.error_code else {})

    def query_parameters(self) -> dict[str, Any]:
        """Return the variables of the queries of `sql/dashboard/` that list deliveries."""
        campaign = -1 if self.campaign is None else self.campaign
        return {"deliveries": self.state, "campaign": campaign, "error_code": self.error_code}


def parse_delivery_url(url: Mapping[str, str]) -> DeliveryFilters | None:
    """Return the conditions in a URL's parameters, or None if the URL asks for no list."""
    if not url.get(STATE):
        return None
    campaign, error_code = url.get(CAMPAIGN), url.get(ERROR_CODE, "")
    number = parse_number(campaign, 2**63 - 1) if campaign else None
    is_known = url[STATE] in STATES and len(error_code) <= _MAX_CODE_LENGTH and error_code.isprintable()
    if not is_known or (campaign and number is None):
        return DeliveryFilters(_UNKNOWN)
    return DeliveryFilters(url[STATE], number, error_code)
