"""Read what Chatwoot's activity messages say happened to a conversation.

Chatwoot keeps no history of a conversation's status and assignee except these sentences, written in the account's
language at that time. They are recognised in English and Brazilian Portuguese, as Chatwoot up to 4.15 writes them;
sentences in other languages and custom translations are not.

Pure functions on frames. Names only distinguish the agents of one conversation; they must not be stored or logged.
"""

from __future__ import annotations

import polars as pl

RESOLVED, OPENED, PENDING, SNOOZED = "resolved", "opened", "pending", "snoozed"
ASSIGNED, UNASSIGNED, TEAM_ASSIGNED, TEAM_UNASSIGNED = "assigned", "unassigned", "team_assigned", "team_unassigned"

_CONVERSA = "^(?:A c|C)onversa "
# The first pattern that matches wins. Only the last patterns let a sentence begin with a name, so that a name cannot
# be taken for another sentence.
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
# Assignment to an agent of a team; to an agent or a team, with or without the person who assigned; to oneself.
_VIA_TEAM = (r"^Assigned to (.*?) via .* by ", r"^Atribuído a (.*?) via .* por ")
_TO_AGENT_OR_TEAM = (r"^Assigned to (.*) by ", r"^Atribuído a (.*) por ", r"^(?:Assigned to|Atribuído a) (.*)$")
_SELF = (r"^(.*) self-assigned this conversation$", r"^(.*) atribuiu a si mesmo essa conversa$")


def read_activity(messages: pl.DataFrame) -> pl.DataFrame:
    """Return the changes that the recognised activity messages report.

    Chatwoot writes the same sentence for an assignment to a team and to an agent. It stores team names in lower
    case, so a name that has letters but no capital letter is taken for a team.

    Args:
        messages: Extracted messages, with or without the columns of `mark_replies`.

    Returns:
        One row per recognised sentence, sorted by conversation_id, occurred_at and id: conversation_id, id,
        occurred_at (naive UTC), change (one of this module's constants), agent (the assignee's name; NULL unless
        change is assigned). A message without a readable time is left out.
    """
    is_activity = (pl.col("message_type") == "activity") & pl.col("created_at").is_not_null()
    sentences = messages.filter(is_activity).select(
        "conversation_id", "id", pl.col("created_at").alias("occurred_at"), "content"
    )
    # There are many messages but few different sentences.
    meanings = _parse(sentences.select(pl.col("content").unique()))
    return sentences.join(meanings, on="content").drop("content").sort("conversation_id", "occurred_at", "id")


def _parse(sentences: pl.DataFrame) -> pl.DataFrame:
    """Return content, change and agent of the recognised sentences."""
    parsed = sentences.select(
        "content",
        pl.coalesce(pl.when(_contains(pattern)).then(pl.lit(change)) for change, pattern in _SENTENCES).alias("change"),
        pl.coalesce(_extract(pattern) for pattern in _VIA_TEAM + _SELF).alias("agent_name"),
        pl.coalesce(_extract(pattern) for pattern in _TO_AGENT_OR_TEAM).alias("assignee_name"),
    )
    name = pl.col("assignee_name")
    is_lower = (name == name.str.to_lowercase()) & (name != name.str.to_uppercase())
    is_team = (pl.col("agent_name").is_null() & is_lower).fill_null(value=False)
    is_assigned = pl.col("change") == ASSIGNED
    return parsed.filter(pl.col("change").is_not_null()).select(
        "content",
        pl.when(is_assigned & is_team).then(pl.lit(TEAM_ASSIGNED)).otherwise("change").alias("change"),
        pl.when(is_assigned & ~is_team).then(pl.coalesce("agent_name", "assignee_name")).alias("agent"),
    )


def _contains(pattern: str) -> pl.Expr:
    return pl.col("content").str.contains(pattern)


def _extract(pattern: str) -> pl.Expr:
    return pl.col("content").str.extract(pattern)
