"""How a URL holds lists of ids, labels and custom attributes. Uses neither Streamlit nor a database."""

from __future__ import annotations

import base64
import binascii
import functools
import json
import re
import zlib
from collections.abc import Callable
from urllib.parse import quote, unquote

_MAX_VALUES = 10_000
_MAX_PLAIN_IDS = 20  # of more, those that follow each other are a range
_MAX_LABEL_LENGTH = 255
_MAX_PLAIN_LENGTH = 500  # of a list in a URL, after quoting; a longer one is compressed
_MAX_LENGTH = 1_000_000  # of a list that a URL holds compressed
_COMPRESSED = "~"  # what its value begins with


def parse_labels(value: str) -> tuple[str, ...] | None:
    """Return the comma-separated labels, or None if one is not valid."""
    labels = value.split(",")
    are_valid = all(0 < len(label) <= _MAX_LABEL_LENGTH and label.isprintable() for label in labels)
    return tuple(dict.fromkeys(labels)) if are_valid and len(labels) <= _MAX_VALUES else None


def split_attribute(text: str) -> tuple[str, str, str] | None:
    """Return the source (conversation or contact), the key and the value of an attribute's text, or None."""
    match = re.fullmatch(r"(conversation|contact)\.([^=]+)=(.*)", text)
    return (match[1], match[2], match[3]) if match else None


def wanted_attributes(attributes: tuple[str, ...]) -> str:
    """Return the attributes as JSON: see `sql/dashboard/filters.psql`."""
    accepted: dict[tuple[str, str], list[str]] = {}
    for text in attributes:
        if parts := split_attribute(text):
            accepted.setdefault(parts[:2], []).append(parts[2])
    wanted = [{"source": source, "key": key, "accepted": values} for (source, key), values in accepted.items()]
    return json.dumps(wanted, ensure_ascii=False)


def quote_commas(text: str) -> str:
    """Return a text in which a comma is no separator."""
    return text.replace("%", quote("%")).replace(",", quote(","))


def parse_attributes(value: str) -> tuple[str, ...] | None:
    """Return the comma-separated attributes with their values, or None if one is not valid."""
    attributes = [unquote(text) for text in value.split(",")]
    are_valid = all(
        split_attribute(text) and len(text) <= 2 * _MAX_LABEL_LENGTH and text.isprintable() for text in attributes
    )
    return tuple(dict.fromkeys(attributes)) if are_valid and len(attributes) <= _MAX_VALUES else None


def format_ids(ids: tuple[int, ...]) -> list[str]:
    """Return ids as texts; three and more that follow each other as a range, such as 7-90, in ascending order.

    A selection of all agents but one stays short enough for every browser and proxy.
    """
    if len(ids) <= _MAX_PLAIN_IDS:
        return [str(id_) for id_ in ids]
    texts: list[str] = []
    first = last = min(ids)
    for id_ in [*sorted(ids)[1:], None]:
        if id_ is not None and id_ == last + 1:
            last = id_
            continue
        texts += [str(number) for number in range(first, last + 1)] if last - first < 2 else [f"{first}-{last}"]
        if id_ is not None:
            first = last = id_
    return texts


def id_parser(limit: int) -> Callable[[str], tuple[int, ...] | None]:
    """Return a parser of comma-separated ids, and of ranges of ids, that are all below `limit`."""

    def parse(value: str) -> tuple[int, ...] | None:
        ids: dict[int, None] = {}
        for text in value.split(","):
            match = re.fullmatch(r"(0|[1-9][0-9]{0,18})(?:-([1-9][0-9]{0,18}))?", text)
            if match is None:
                return None
            first, last = int(match[1]), int(match[2] or match[1])
            if not 0 <= last - first < _MAX_VALUES - len(ids):
                return None
            ids.update(dict.fromkeys(range(first, last + 1)))
        return tuple(ids) if max(ids) < limit else None

    return parse


@functools.lru_cache(maxsize=64)  # every mark of a chart has a URL with the same lists
def shrink(text: str) -> str:
    """Return a list's text as a URL holds it: as it is, or compressed if it is long."""
    if len(quote(text)) <= _MAX_PLAIN_LENGTH and not text.startswith(_COMPRESSED):
        return text
    data = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()
    return f"{_COMPRESSED}{data.rstrip('=')}"


def expand(value: str) -> str | None:
    """Return the text from which `shrink` makes a value, or None if there is none. No value expands without limit."""
    if not value.startswith(_COMPRESSED):
        return value
    data = value.removeprefix(_COMPRESSED)
    decompressor = zlib.decompressobj()
    try:
        text = decompressor.decompress(base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)), _MAX_LENGTH)
        return text.decode() if decompressor.eof else None
    except (binascii.Error, zlib.error, ValueError):
        return None
