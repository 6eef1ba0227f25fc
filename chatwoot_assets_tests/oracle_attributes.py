"""What the allowed attributes of conversations and contacts must be, in plain Python."""

from __future__ import annotations

import calendar
import json
import re
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import psycopg

_TYPES = ("text", "number", "currency", "percent", "link", "date", "list", "checkbox")
_MODELS = ("conversation", "contact")
_PERSONAL = ("cpf", "cnpj", "mail", "phone", "fone", "celular", "nasc", "birth")
_ADDITIONAL = ("referer", "browser_language", "source")

# By account and model: each allowed key with its type and the values of a list.
Allowed = dict[tuple[int, str], dict[str, tuple[str, object]]]


def allowed_attributes(connection: psycopg.Connection[Any], setting: str = "") -> Allowed:
    """Return the attributes that may leave Chatwoot."""
    with connection.cursor(row_factory=dict_row) as cursor:
        definitions = cursor.execute("SELECT * FROM public.custom_attribute_definitions").fetchall()
        accounts = [row["id"] for row in cursor.execute("SELECT id FROM public.accounts").fetchall()]
    defined = {
        (row["account_id"], _MODELS[row["attribute_model"]], row["attribute_key"]): (
            dict(enumerate(_TYPES)).get(row["attribute_display_type"], "unknown"),
            row["attribute_values"],
            f"{row['attribute_key']} {row['attribute_display_name']}".lower(),
        )
        for row in definitions
        if row["attribute_model"] < len(_MODELS) and row["attribute_key"] is not None
    }
    allowed: Allowed = {}
    if not setting:
        for (account, model, key), (type_, values, name) in defined.items():
            is_free_text = type_ in ("text", "link", "unknown")
            if model == "conversation" and not is_free_text and not any(word in name for word in _PERSONAL):
                allowed.setdefault((account, model), {})[key] = type_, values
        return allowed
    for account in accounts:
        for entry in setting.split(","):
            model, _, key = entry.partition(".")
            undefined = "additional" if model == "conversation" and key in _ADDITIONAL else "text"
            type_, values, _name = defined.get((account, model, key), (undefined, None, ""))
            allowed.setdefault((account, model), {})[key] = type_, values
    return allowed


def expected_attributes(
    allowed: Allowed, model: str, account: int, custom: object, additional: object, zone: ZoneInfo
) -> dict[str, Any]:
    """Return the allowed attributes of a conversation or a contact."""
    expected: dict[str, object] = {}
    for key, (type_, values) in allowed.get((account, model), {}).items():
        value = custom.get(key) if isinstance(custom, dict) else None
        if value is None and type_ == "additional" and isinstance(additional, dict):
            value = additional.get(key)
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        text = text.strip()
        if value is None or not text:
            continue
        if isinstance(value, list | dict):
            expected[key] = None
        else:
            expected[key] = _typed(text, type_, values, zone)
    return expected


def _typed(text: str, type_: str, values: object, zone: ZoneInfo) -> object:
    if type_ in ("number", "currency", "percent"):
        return _number(text)
    if type_ == "checkbox":
        return {"true": True, "false": False}.get(text.lower())
    if type_ == "list":
        return text if isinstance(values, list) and text in values else None
    if type_ == "link":
        return text if re.fullmatch(r"https?://\S+", text) else None
    if type_ == "date":
        return _date(text, zone)
    return re.split("[?#]", text)[0] if type_ == "additional" else text


def _number(text: str) -> float | None:
    if re.fullmatch(r"[-+]?[0-9]{1,30}(\.[0-9]{1,30})?", text):
        number = float(Decimal(text))
        return int(number) if number.is_integer() and "." not in text else number
    return None


def _date(text: str, zone: ZoneInfo) -> str | None:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?( ?(?:Z|[-+]\d{4}))?)?", text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    if year < 1 or day > calendar.monthrange(year, month)[1] or int(match[4] or 0) > 23:
        return None
    if not match[7]:
        return text[:10]
    stated = match[7].strip().replace("Z", "+0000")
    instant = datetime.strptime(f"{text[:19].replace('T', ' ')} {stated}", "%Y-%m-%d %H:%M:%S %z")
    return instant.astimezone(timezone.utc).astimezone(zone).date().isoformat()
