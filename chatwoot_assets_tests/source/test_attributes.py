"""The attributes that may leave Chatwoot: those of the setting, or by default nothing personal and no free text."""

from __future__ import annotations

import json

import psycopg
import pytest
from psycopg.rows import dict_row

from chatwoot_assets.errors import SourceError
from chatwoot_assets.postgres import ChatwootDatabase
from chatwoot_assets.source.create import create_views
from chatwoot_assets.source.deployment import check_views
from chatwoot_assets.source.snapshot import snapshot
from chatwoot_assets.view_options import ViewOptions
from chatwoot_assets_tests.adversarial import insert_adversarial_rows
from chatwoot_assets_tests.comparison import differences
from chatwoot_assets_tests.conftest import Postgres
from chatwoot_assets_tests.oracle import expected_conversations
from chatwoot_assets_tests.project import create_chatwoot

ZONE = "America/Sao_Paulo"
SETTINGS = [
    "",
    "none",
    "contact.plano",
    "contact.cpf,contact.desde,conversation.observação,conversation.pedido_url,conversation.unknown",
    "conversation.referer,conversation.source,conversation.browser_language,conversation.motivo,conversation.novo",
]
PERSONAL = (
    "cpf", "cpf_do_titular", "CNPJ", "rg", "cnh", "cep", "pis_pasep", "cartao_sus", "cns", "titulo_eleitor",
    "título_de_eleitor", "documento", "document_number", "documentNumber", "numero_doc", "matricula", "prontuario",
    "telefone2", "celular", "cel", "tel", "tel_fixo", "nascimento", "data_de_nascimento", "aniversário", "endereco",
    "rua", "nome_completo", "conta_bancaria", "chave_pix", "tax_id", "taxId", "id_number", "national_id", "ssn",
    "vat_number", "card_number", "account_number", "dob", "date_of_birth", "phone", "mobile", "e-mail", "email",
    "zip_code", "street", "ip", "last_name", "cedula", "cédula", "rut", "rut_cliente",
    "curp", "rfc", "dni", "nif", "cuit", "ruc", "nit",
    "identificacion", "telefono", "teléfono", "móvil", "correo", "fecha_nacimiento", "direccion", "apellido",
)  # fmt: skip
NOT_PERSONAL = (
    "total", "hotel", "route", "rota", "intelligence", "valor", "preço", "desconto", "entrega", "motivo", "urgente",
    "truth", "brutto", "instituto", "susto", "consumo", "docker", "parcel", "excelente", "trip", "pipeline", "vip",
    "vat", "tax", "fiscal_year", "order_id", "pedido", "pedido_id", "idade", "score", "nota", "plano", "plan", "canal",
    "unit", "monitor", "community", "paciente_novo", "frequencia", "truck", "sucursal", "pista", "faxina", "riff",
    "product_name", "renovação", "vencimento", "fecha_de_entrega", "due_date", "cantidad", "parcelas", "cancelado",
)  # fmt: skip


@pytest.fixture(scope="module")
def chatwoot_url(postgres: Postgres) -> str:
    url = postgres.new_database()
    create_chatwoot(url)
    with psycopg.connect(url) as connection:
        insert_adversarial_rows(connection)
        create_views(connection, ViewOptions("chatwoot_analytics", ZONE))
    return url


def _read(connection: psycopg.Connection, setting: str) -> dict[int, dict[str, object]]:
    create_views(connection, ViewOptions("chatwoot_analytics", ZONE, custom_attributes=setting))
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "SELECT id, custom_attributes, contact_attributes FROM chatwoot_analytics.vw_conversations_base"
        ).fetchall()
    return {row["id"]: row for row in rows}


@pytest.mark.parametrize("setting", SETTINGS)
def test_views_show_exactly_the_allowed_attributes(chatwoot_url: str, setting: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        rows = _read(connection, setting)
        expected = {
            id_: {name: row[name] for name in ("custom_attributes", "contact_attributes")}
            for id_, row in expected_conversations(connection, ZONE, custom_attributes=setting).items()
        }
        connection.rollback()
    assert differences(expected, {id_: rows[id_] for id_ in expected}) == []
    shown = sum(bool(row["custom_attributes"]) or bool(row["contact_attributes"]) for row in expected.values())
    assert (shown > 3) == (setting != "none")


def test_personal_attributes_are_shown_only_if_they_are_named(chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        by_default = json.dumps(_read(connection, ""), default=str)
        named = json.dumps(_read(connection, "contact.cpf"), default=str)
        connection.rollback()
    assert not any(word in by_default for word in ("cpf", "nascimento", "e-mail", "contato", "observa"))
    assert "123.456.789-00" in named


def test_names_of_attributes_in_three_languages_sound_personal_or_not(chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute("DELETE FROM custom_attribute_definitions")
        for column in ("attribute_key", "attribute_display_name"):
            connection.cursor().executemany(
                "INSERT INTO custom_attribute_definitions (account_id, attribute_key, attribute_display_name,"
                " attribute_display_type, attribute_model, attribute_values, created_at, updated_at)"
                " VALUES (1, %s, %s, 1, 0, '[]', now(), now())",
                [
                    (name, None) if column == "attribute_key" else (f"x{position}", name.replace("_", " ").title())
                    for position, name in enumerate(PERSONAL + NOT_PERSONAL)
                ],
            )
        rows = connection.execute(
            "SELECT d.attribute_key, d.attribute_display_name, v.is_personal FROM custom_attribute_definitions AS d"
            " INNER JOIN chatwoot_analytics.vw_attribute_definitions AS v ON d.attribute_key = v.key"
        ).fetchall()
        connection.rollback()
    personal = {name or key for key, name, is_personal in rows if is_personal}
    others = {name or key for key, name, is_personal in rows if not is_personal}
    assert personal == {*PERSONAL, *(name.replace("_", " ").title() for name in PERSONAL)}
    assert others == {*NOT_PERSONAL, *(name.replace("_", " ").title() for name in NOT_PERSONAL)}


def test_referer_has_no_query_in_which_an_address_may_stand(chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        rows = _read(connection, "conversation.referer").values()
        connection.rollback()
    addresses = {str(row["custom_attributes"]) for row in rows if row["custom_attributes"]}
    assert addresses == {"{'referer': 'https://loja.example/p'}"}


def test_own_definition_takes_precedence_over_an_attribute_of_chatwoot(chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute(
            "INSERT INTO custom_attribute_definitions"
            " (attribute_key, attribute_display_type, account_id, attribute_values, created_at, updated_at)"
            " VALUES ('source', 6, 1, '[\"anúncio\"]', now(), now())"
        )
        rows = _read(connection, "conversation.source").values()
        assert not any(row["custom_attributes"] for row in rows)
        connection.execute('UPDATE conversations SET custom_attributes = \'{"source": "anúncio"}\' WHERE id = 1001')
        assert _read(connection, "")[1001]["custom_attributes"] == {"source": "anúncio"}
        connection.rollback()


def test_views_work_without_the_table_of_definitions(chatwoot_url: str) -> None:
    with psycopg.connect(chatwoot_url) as connection:
        connection.execute("ALTER TABLE custom_attribute_definitions RENAME TO elsewhere")
        assert not any(row["custom_attributes"] for row in _read(connection, "").values())
        named = {str(row["custom_attributes"]) for row in _read(connection, "conversation.motivo").values()}
        assert {"{'motivo': 'troca'}", "{'motivo': 'outro'}"} <= named  # not typed
        connection.execute("ALTER TABLE elsewhere RENAME TO custom_attribute_definitions")
        named = {str(row["custom_attributes"]) for row in _read(connection, "conversation.motivo").values()}
        assert "{'motivo': None}" in named
        connection.rollback()


def test_views_of_another_setting_are_refused(chatwoot_url: str) -> None:
    with snapshot(ChatwootDatabase(url=chatwoot_url)) as source:
        check_views(source, ViewOptions("chatwoot_analytics", ZONE))
        with pytest.raises(SourceError, match=r"other CUSTOM_ATTRIBUTES, .* \(vw_allowed_attributes\); run: chatwoot-"):
            check_views(source, ViewOptions("chatwoot_analytics", ZONE, "contact.plano"))
