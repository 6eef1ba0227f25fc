"""The settings that decide the SQL of the views in Chatwoot's database."""

from __future__ import annotations

from dataclasses import dataclass

from chatwoot_assets.masking import NO_MASK, Mask


@dataclass(frozen=True)
class ViewOptions:
    """What the views' SQL depends on, apart from the release of Chatwoot.

    Attributes:
        schema: The views' schema.
        timezone: The IANA name of the reporting time zone.
        custom_attributes: The attributes that may leave Chatwoot, as in `Settings`.
        mask: What is masked before it leaves Chatwoot.
    """

    schema: str
    timezone: str
    custom_attributes: str = ""
    mask: Mask = NO_MASK

    @property
    def psql_variables(self) -> dict[str, str]:
        """The variables of the views' psql scripts, by name."""
        return {
            "views_schema": self.schema,
            "reporting_timezone": self.timezone,
            "custom_attributes": self.custom_attributes,
            **self.mask.options,
        }
