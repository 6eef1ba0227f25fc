"""Custom attributes: their definitions, and the values of conversations and contacts.

Some values are personal: they never leave Chatwoot unless the settings allow it. All of them fit their definitions, so
that every check passes on a sample.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from chatwoot_assets.sample.plans import ACCOUNTS

if TYPE_CHECKING:
    from chatwoot_assets.sample.size import Ints

_TEXT, _NUMBER, _CURRENCY, _LIST = 0, 1, 2, 6
_CONVERSATION, _CONTACT = 0, 1
_REASONS = ("dúvida", "compra", "troca", "reclamação", "cancelamento")
_PLANS = ("básico", "ouro", "prata")


def definition_rows() -> Iterator[dict[str, Any]]:
    """Yield the rows of `custom_attribute_definitions`."""
    for account, plan in enumerate(ACCOUNTS, start=1):
        for key, type_, model, values in (
            (plan.attribute, _TEXT, _CONVERSATION, ()),
            ("motivo", _LIST, _CONVERSATION, _REASONS),
            ("valor", _CURRENCY, _CONVERSATION, ()),
            ("cpf_do_titular", _NUMBER, _CONVERSATION, ()),
            ("plano", _LIST, _CONTACT, _PLANS),
            ("cpf", _TEXT, _CONTACT, ()),
        ):
            yield {
                "attribute_display_name": key.replace("_", " ").capitalize(),
                "attribute_key": key,
                "attribute_display_type": type_,
                "attribute_model": model,
                "attribute_values": json.dumps(values),
                "account_id": account,
            }


def conversation_attributes(number: Ints, account: Ints, rng: np.random.Generator) -> pl.Series:
    """Return the custom attributes of conversations, as JSON."""
    key = pl.Series([plan.attribute for plan in ACCOUNTS]).gather(account)
    value = pl.Series(rng.integers(10_000, 99_999, len(key))).cast(pl.String)
    given = pl.Series(rng.random(len(key)) < 0.3)
    spread = pl.Series(_spread(number))
    frame = pl.DataFrame({"key": key, "value": value, "given": given, "spread": spread})
    amount = (pl.col("spread") // 7 % 90_000 / 100 + 10).round(2).cast(pl.String)
    return frame.select(
        _join(
            pl.when("given").then(pl.lit('"') + pl.col("key") + '": "' + pl.col("value") + '"'),
            pl.when(pl.col("spread") % 20 < 9).then(_choice("motivo", _REASONS, pl.col("spread") // 20)),
            # As a number, and as text that is a number.
            pl.when(pl.col("spread") % 50 < 10)
            .then('"valor": ' + amount)
            .when(pl.col("spread") % 50 == 10)
            .then('"valor": "' + amount + '"'),
            pl.when(pl.col("spread") % 25 == 3).then('"cpf_do_titular": 999000' + _three_digits()),
        )
    )["attributes"]


def contact_attributes(contact: Ints) -> pl.Series:
    """Return the custom attributes of contacts, as JSON."""
    frame = pl.DataFrame({"spread": _spread(contact)})
    return frame.select(
        _join(
            pl.when(pl.col("spread") % 3 == 0).then(_choice("plano", _PLANS, pl.col("spread") // 3)),
            pl.when(pl.col("spread") % 10 == 1).then('"cpf": "999.000.' + _three_digits() + '-00"'),
        )
    )["attributes"]


def _spread(number: Ints) -> Ints:
    spread: Ints = np.asarray(number) * 2_654_435_761 >> 9
    return spread


def _three_digits() -> pl.Expr:
    return (pl.col("spread") % 900 + 100).cast(pl.String)


def _choice(key: str, values: tuple[str, ...], position: pl.Expr) -> pl.Expr:
    names = (position % len(values)).replace_strict(dict(enumerate(values)), return_dtype=pl.String)
    return pl.lit(f'"{key}": "') + names + '"'


def _join(*parts: pl.Expr) -> pl.Expr:
    joined = pl.concat_str(*parts, separator=", ", ignore_nulls=True)
    return (pl.lit("{") + joined + "}").alias("attributes")
