"""The views in `bi` and their columns, with their meaning in English and Portuguese.

The English text is that of the table's declaration where the view passes a column on unchanged. Columns may be added at
a view's end and never change; a test holds the recorded list.
"""

from __future__ import annotations

from chatwoot_assets.bi.views.campaigns import CAMPAIGN_VIEWS
from chatwoot_assets.bi.views.declaration import BiColumn, BiView
from chatwoot_assets.bi.views.details import DETAILS
from chatwoot_assets.bi.views.dimensions import DIMENSIONS
from chatwoot_assets.bi.views.facts import FACTS

__all__ = ["VIEWS", "BiColumn", "BiView"]

VIEWS = (*DIMENSIONS, *FACTS, *CAMPAIGN_VIEWS, *DETAILS)
