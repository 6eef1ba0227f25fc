"""The details of facts that are not in their own rows: attributes, labels and texts. Most of them are personal."""

from __future__ import annotations

from chatwoot_assets.bi.views.declaration import CONVERSATION, RATING_PT, BiColumn, BiView, declared

DETAILS: tuple[BiView, ...] = (
    BiView(
        "conversation_attribute",
        "One row per conversation and custom attribute. May be personal data.",
        "Uma linha por conversa e atributo personalizado. Podem ser dados pessoais.",
        (
            CONVERSATION,
            BiColumn(
                "source", "conversation or contact.", "conversation (conversa) ou contact (contato).", nullable=False
            ),
            BiColumn("attribute", "The attribute's key.", "A chave do atributo.", nullable=False),
            BiColumn("value", "Its value, as text.", "Seu valor, como texto.", nullable=False),
        ),
        ("conversation_id", "source", "attribute"),
        personal=True,
    ),
    BiView(
        "conversation_label",
        "One row per conversation and label.",
        "Uma linha por conversa e etiqueta.",
        (CONVERSATION, BiColumn("label", "A label it has now.", "Uma etiqueta que tem agora.", nullable=False)),
        ("conversation_id", "label"),
    ),
    BiView(
        "message_content",
        "One row per message: what was written. Personal data.",
        "Uma linha por mensagem: o que foi escrito. Dados pessoais.",
        (
            BiColumn("message_id", "The message.", "A mensagem.", "fact_message", nullable=False),
            CONVERSATION,
            declared("messages", "content", "O que foi escrito."),
        ),
        ("message_id",),
        personal=True,
    ),
    BiView(
        "rating_comment",
        "One row per comment that was given with a rating. Personal data.",
        "Uma linha por comentário dado com uma nota. Dados pessoais.",
        (
            CONVERSATION,
            declared("conversas_analytics", "rating", RATING_PT),
            BiColumn("comment", "The comment.", "O comentário."),
        ),
        ("conversation_id",),
        personal=True,
    ),
)
