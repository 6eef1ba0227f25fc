"""The texts of the dashboard in its languages, one file per language.

A text may hold placeholders, `{name}`, which `translate` fills.
"""

from __future__ import annotations

from chatwoot_assets.dashboard.formats import Language
from chatwoot_assets.dashboard.i18n import en, pt

TEXTS: dict[Language, dict[str, str]] = {"pt": pt.TEXTS, "en": en.TEXTS}


def translate(key: str, language: Language, **values: object) -> str:
    """Return a text in a language, with its placeholders filled."""
    return TEXTS[language][key].format(**values)


def translate_term(kind: str, value: str, language: Language) -> str:
    """Return one of Chatwoot's terms in a language.

    Args:
        kind: The kind of term, such as status.
        value: Chatwoot's name of the term. An unknown one, such as unknown(7), is returned unchanged.
        language: The language.
    """
    return TEXTS[language].get(f"{kind}_{value}", value)
