"""Definitions of custom attributes, and values that fit them or not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatwoot_assets_tests.source_writer import SourceWriter

TEXT, NUMBER, CURRENCY, PERCENT, LINK, DATE, LIST, CHECKBOX, NEWER_TYPE = range(9)
CONVERSATION, CONTACT, COMPANY = range(3)

# The attributes of account 1, each with its type.
DEFINITIONS = {
    "observação": TEXT, "valor": NUMBER, "preço": CURRENCY, "desconto": PERCENT, "pedido_url": LINK, "entrega": DATE,
    "motivo": LIST, "urgente": CHECKBOX, "novo": NEWER_TYPE, "cpf": NUMBER, "data_de_nascimento": DATE,
    "tem_e-mail": CHECKBOX,
}  # fmt: skip
REASONS = ["troca", "devolução", 'com "aspas"', "7"]

# One conversation per object, or whatever else the column holds.
VALUES: list[object] = [
    {"valor": 10, "cpf": 12345678900, "data_de_nascimento": "1980-01-01", "tem_e-mail": True, "unknown": "x"},
    {"valor": "12.50", "preço": " 3 ", "desconto": -0.5, "motivo": "troca", "urgente": True, "novo": 1},
    {"valor": "R$ 10", "preço": "1,5", "desconto": "", "motivo": "outro", "urgente": "yes"},
    {"valor": [1], "preço": {"a": 1}, "desconto": True, "motivo": None, "urgente": 1},
    {"valor": 1e300, "preço": "1e5", "desconto": "+7", "motivo": 7, "urgente": " FALSE "},
    {"valor": 1.0, "motivo": 'com "aspas"', "urgente": False, "observação": "free text", "pedido_url": "https://x.y/z"},
    {"entrega": "2024-02-29", "motivo": " devolução\n"},
    {"entrega": "2023-02-29", "pedido_url": "x.y/z", "observação": {"deep": [1]}},
    {"entrega": "2025-03-11T02:30:00.000Z", "observação": "  "},
    {"entrega": "2025-03-11T02:30:00"},
    {"entrega": "2025-03-10 23:00:00 -0300"},
    {"entrega": "11/03/2025"},
    {"entrega": "2025-04-31T10:00:00Z"},
    {"entrega": 20250311},
    {"entrega": "0000-01-01"},
    {"entrega": "2025-03-11T24:00:00Z"},
    [],
    "text",
    None,
]


def insert_attributes(writer: SourceWriter) -> None:
    """Write the definitions, and a conversation with each of the values."""
    for key, type_ in DEFINITIONS.items():
        writer.attribute(key, type_, attribute_values=json.dumps(REASONS if type_ == LIST else []))
    writer.attribute("plano", LIST, CONTACT, attribute_values='["ouro", "prata"]')
    writer.attribute("desde", DATE, CONTACT)
    writer.attribute("motivo", NUMBER, account_id=2)
    writer.attribute("valor", LIST, COMPANY)
    writer.attribute("contato", LIST, attribute_display_name="Celular", attribute_values='["a"]')
    writer.attribute("lista", LIST, attribute_values='{"not": "a list"}')
    writer.attribute(None, LIST)
    for contact, plan in ((40, "ouro"), (41, "bronze")):
        attributes = json.dumps({"plano": plan, "cpf": "123.456.789-00", "desde": "2020-01-31"})
        writer.contact(contact, "Caio", custom_attributes=attributes)
    for position, values in enumerate(VALUES):
        writer.conversation(
            "2025-03-10 12:00:00",
            contact_id=40 + position % 3,  # the third does not exist
            custom_attributes=json.dumps(values),
            additional_attributes='{"referer": "https://loja.example/p?email=ana@example.com", "source": "email"}',
        )
    writer.conversation("2025-03-10 12:00:00", custom_attributes=None, additional_attributes=None)
    other = writer.conversation("2025-03-10 12:00:00", account_id=2, inbox_id=20, custom_attributes='{"motivo": "8"}')
    writer.message(other, "2025-03-10 12:00:00")
