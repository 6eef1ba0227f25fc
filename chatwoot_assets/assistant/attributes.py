"""Custom attributes by the names that the assistant uses. They may be personal, and need the right to personal data."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chatwoot_assets.assistant.access import Access
from chatwoot_assets.assistant.metrics import ATTRIBUTE
from chatwoot_assets.errors import SettingsError

Attribute = tuple[str, str]  # its source, conversation or contact, and its key


def select(
    access: Access, texts: Sequence[str], dimension: str | None, by_attribute: str | None
) -> tuple[tuple[str, ...], Attribute | None]:
    """Return the attributes for the filters, and the one to group by.

    Args:
        access: What may be read.
        texts: Attributes with values, such as motivo=troca.
        dimension: The dimension.
        by_attribute: The attribute of the dimension `attribute`.

    Raises:
        SettingsError: An attribute is not known, or may not be read.
    """
    if not texts and dimension != ATTRIBUTE:
        return (), None
    known = _known(access)
    if dimension == ATTRIBUTE and not by_attribute:
        raise SettingsError("the dimension attribute needs by_attribute; list_names names the attributes")
    wanted = []
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise SettingsError(f"attribute {text!r} needs a value, such as {name}=troca, or {name}= for none")
        wanted.append("{}.{}={}".format(*_find(name, known), value))
    return tuple(wanted), _find(by_attribute, known) if dimension == ATTRIBUTE and by_attribute else None


def names(access: Access) -> dict[str, str]:
    """Return each attribute with its values, as they are written in filters."""
    return {f"{source}.{key}={value}": value for (source, key), values in _known(access).items() for value in values}


def _known(access: Access) -> dict[Attribute, list[str]]:
    if not access.personal:
        raise SettingsError("custom attributes may be personal; they are answered only with --personal")
    return access.numbers.attributes()


def _find(name: str, known: Collection[Attribute]) -> Attribute:
    found = [pair for pair in known if name in (pair[1], ".".join(pair))]
    if len(found) != 1:
        choices = ", ".join(".".join(pair) for pair in known)
        raise SettingsError(f"attribute {name!r} is not known, or is several; there are: {choices}")
    return found[0]
