"""What Chatwoot's activity messages say happened to a conversation.

Chatwoot keeps no history of a conversation's status and assignee but these sentences, written in the
account's language when it happened. They are recognised in English and Brazilian Portuguese, as 4.15 and the
versions before it write them; other languages, and custom translations, are not.

Pure. Names serve to tell one agent from another within a conversation; they are not to be stored or logged.
"""

from __future__ import annotations

import polars as pl

RESOLVED, OPENED, PENDING, SNOOZED = "resolved", "opened", "pending", "snoozed"
ASSIGNED, UNASSIGNED, TEAM_ASSIGNED, TEAM_UNASSIGNED = "assigned", "unassigned", "team_assigned", "team_unassigned"

_CONVERSA = "^(?:A c|C)onversa "
# The first that fits is meant. A name stands at the start of the last only, so it cannot pass for another.
_SENTENCES = (
    (RESOLVED, r"^Conversation was (?:marked )?resolved (?:by|due to) "),
    (RESOLVED, _CONVERSA + r"foi (?:marcada como )?resolvida (?:por|pelo) "),
    (OPENED, r"^Conversation was (?:reopened|marked open|opened) (?:by|automatically) "),
    (OPENED, r"^System reopened the conversation "),
    (OPENED, _CONVERSA + r"foi (?:reaberta|aberta|marcada como aberta) (?:por|pelo|automaticamente) "),
    (OPENED, r"^O sistema reabriu a conversa "),
    (PENDING, r"^Conversation was marked as pending by "),
    (PENDING, _CONVERSA + r"foi marcada como pendente (?:por|pelo) "),
    (SNOOZED, r"^Conversation was snoozed by "),
    (SNOOZED, _CONVERSA + r"foi adiada (?:por|pelo) "),
    (UNASSIGNED, r"^Conversation unassigned by "),
    (UNASSIGNED, _CONVERSA + r"(?:foi )?desatribuída (?:por|pelo) "),
    (TEAM_UNASSIGNED, r"^Unassigned from "),
    (TEAM_UNASSIGNED, r"^Desatribuído de "),
    (ASSIGNED, r"^Assigned to "),
    (ASSIGNED, r"^Atribuído a "),
    (ASSIGNED, r" self-assigned this conversation$"),
    (ASSIGNED, r" atribuiu a si mesmo essa conversa$"),
)
# To an agent because of a team; to an agent or a team; the same without saying by whom; by an agent to herself.
_WITH_TEAM = (r"^Assigned to (.*?) via .* by ", r"^Atribuído a (.*?) via .* por ")
_TO_WHOM = (r"^Assigned to (.*) by ", r"^Atribuído a (.*) por ", r"^(?:Assigned to|Atribuído a) (.*)$")
_SELF = (r"^(.*) self-assigned this conversation$", r"^(.*) atribuiu a si mesmo essa conversa$")


def read_activity(messages: pl.DataFrame) -> pl.DataFrame:
    """Return what the activity messages say, those that are recognised.

    An assignment to a team and one to an agent are the same sentence. Chatwoot keeps the names of teams in
    lower case, so a name with letters and no capital among them is taken for a team's.

    Args:
        messages: extracted messages, or marked ones.

    Returns:
        One row a recognised sentence, by conversation_id, at, id: conversation_id, id, at (naive UTC), what (one
        of this module's constants), agent (the name of who is assigned, NULL unless `what` is assigned).
        A message whose time could not be read is left out.
    """
    is_activity = (pl.col("message_type") == "activity") & pl.col("created_at").is_not_null()
    found = messages.filter(is_activity).select("conversation_id", "id", pl.col("created_at").alias("at"), "content")
    # Few sentences are said many times.
    meanings = _read(found.select(pl.col("content").unique()))
    return found.join(meanings, on="content").drop("content").sort("conversation_id", "at", "id")


def _read(sentences: pl.DataFrame) -> pl.DataFrame:
    """Return content, what and agent of the sentences that are recognised."""
    said = sentences.select(
        "content",
        pl.coalesce(pl.when(_contains(text)).then(pl.lit(what)) for what, text in _SENTENCES).alias("what"),
        pl.coalesce(_extract(text) for text in _WITH_TEAM + _SELF).alias("person"),
        pl.coalesce(_extract(text) for text in _TO_WHOM).alias("somebody"),
    )
    name = pl.col("somebody")
    is_lower = (name == name.str.to_lowercase()) & (name != name.str.to_uppercase())
    is_team = (pl.col("person").is_null() & is_lower).fill_null(value=False)
    is_assigned = pl.col("what") == ASSIGNED
    return said.filter(pl.col("what").is_not_null()).select(
        "content",
        pl.when(is_assigned & is_team).then(pl.lit(TEAM_ASSIGNED)).otherwise("what").alias("what"),
        pl.when(is_assigned & ~is_team).then(pl.coalesce("person", "somebody")).alias("agent"),
    )


def _contains(text: str) -> pl.Expr:
    return pl.col("content").str.contains(text)


def _extract(text: str) -> pl.Expr:
    return pl.col("content").str.extract(text)
