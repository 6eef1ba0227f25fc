"""Everything that the dashboard says, in its languages. A text has blanks, `{name}`, for what it is said of."""

from __future__ import annotations

from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.i18n import en, en_numbers, pt, pt_numbers

TEXTS: dict[Language, dict[str, str]] = {
    "pt": {**pt.TEXTS, **pt_numbers.TEXTS},
    "en": {**en.TEXTS, **en_numbers.TEXTS},
}


def translate(key: str, language: Language, **values: object) -> str:
    """Return a text in a language, its blanks filled."""
    return TEXTS[language][key].format(**values)


def translate_term(kind: str, value: str, language: Language) -> str:
    """Return a word of Chatwoot's in a language; one that is not known, such as unknown(7), as it is."""
    return TEXTS[language].get(f"{kind}_{value}", value)
