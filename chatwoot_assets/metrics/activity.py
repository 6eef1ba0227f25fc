"""Derive changes of conversations from Chatwoot's activity messages.

Chatwoot keeps no history of a conversation's status and assignee except these sentences, written in the account's
language at that time. They are recognised in English, Brazilian Portuguese and Spanish, as Chatwoot up to 4.15 writes
them; sentences in other languages and custom translations are not. The patterns are in `activity_sentences.py`.

Pure functions on frames. Names only distinguish the agents of one conversation; they must not be stored or logged.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from chatwoot_assets.activity_sentences import (
    ACTORS,
    AGENT,
    AGENT_NAMES,
    AGENT_OR_TEAM_ASSIGNED,
    AGENT_OR_TEAM_NAMES,
    ASSIGNED,
    CHANGES,
    OPENED,
    OTHERS,
    PENDING,
    PERSON_NAMES,
    RESOLVED,
    SNOOZED,
    TEAM_ASSIGNED,
    TEAM_NAMES,
)
from chatwoot_assets.masking import NAMES as MASKED_NAMES
from chatwoot_assets.masking import NO_MASK, Mask

# The columns of names: the account, a name, and whether a team or a user has it.
NAMES = {"account_id": pl.Int64, "name": pl.String, "is_team": pl.Boolean}

_COLUMNS = ("conversation_id", "id", "occurred_at", "change", "agent", "actor")
_STATUS_CHANGES = (RESOLVED, OPENED, PENDING, SNOOZED)


def read_activity(
    messages: pl.DataFrame, conversations: pl.DataFrame, names: pl.DataFrame, mask: Mask = NO_MASK
) -> pl.DataFrame:
    """Return the changes that the recognised activity messages report.

    Chatwoot writes the same sentence for an assignment to a team and to an agent. The name decides: a name with a
    capital letter is an agent's, because Chatwoot stores the names of teams in lower case. Any other name is that of
    a user or a team of the account, or of the conversation: its assignee and team now, and those that its other
    sentences name. A name that neither or both have is not decided.

    Args:
        messages: Extracted messages, with or without the columns of `mark_replies`.
        conversations: Extracted conversations.
        names: The names of users and teams, with the columns of NAMES; former names may be among them. It may be empty.
        mask: What was masked. If anything was, sentences and names consist of pseudonyms.

    Returns:
        One row per recognised sentence, sorted by conversation_id, occurred_at and id: conversation_id, id,
        occurred_at (naive UTC), change (one of the constants in `activity_sentences.py`), agent (the assignee's
        name; NULL unless change is assigned), actor (agent, bot, system or contact: who changed the status; NULL for
        other changes). A message without a readable time is left out.
    """
    is_dated = pl.col("created_at").is_not_null()
    sentences = _select_activity(messages.filter(is_dated)).rename({"created_at": "occurred_at"})
    # There are many messages but few different sentences.
    meanings = _parse(sentences.select(pl.col("content").unique()))
    changes = sentences.join(meanings, on="content").drop("content")
    return (
        _decide_assignments(changes, _collect_names(changes, as_in_sentences(conversations, mask), names))
        .select(_COLUMNS)
        .sort("conversation_id", "occurred_at", "id")
    )


def select_unexplained(sentences: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose content is a sentence that no known pattern explains.

    Args:
        sentences: Rows with the content of activity messages. Empty ones are no sentences.
    """
    known = [pattern for _, pattern in CHANGES] + list(OTHERS)
    is_explained = pl.any_horizontal(_contains(pattern) for pattern in known)
    return sentences.filter((pl.col("content").str.strip_chars() != "") & ~is_explained)


def _select_activity(messages: pl.DataFrame) -> pl.DataFrame:
    is_sentence = (pl.col("message_type") == "activity") & pl.col("content").is_not_null()
    return messages.filter(is_sentence).select("conversation_id", "id", "created_at", "content")


def _parse(sentences: pl.DataFrame) -> pl.DataFrame:
    """Return what the recognised sentences say.

    Returns:
        content, change, actor, and the names in the sentence: agent, team, assignee (an agent or a team), person.
    """
    change = pl.coalesce(pl.when(_contains(pattern)).then(pl.lit(change)) for change, pattern in CHANGES)
    actor = pl.coalesce(*(pl.when(_contains(pattern)).then(pl.lit(actor)) for actor, pattern in ACTORS), pl.lit(AGENT))
    return (
        sentences.with_columns(change.alias("change"))
        .filter(pl.col("change").is_not_null())
        .select(
            "content",
            "change",
            pl.when(pl.col("change").is_in(_STATUS_CHANGES)).then(actor).alias("actor"),
            _extract(AGENT_NAMES).alias("agent"),
            _extract(TEAM_NAMES).alias("team"),
            pl.when(pl.col("change") == ASSIGNED).then(_extract(AGENT_OR_TEAM_NAMES)).alias("assignee"),
            _extract(PERSON_NAMES).alias("person"),
        )
    )


def _collect_names(changes: pl.DataFrame, conversations: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return the known names by conversation.

    Returns:
        conversation_id, name, is_user, is_team; unique by the first two.
    """
    ids = conversations.select(
        pl.col("id").alias("conversation_id"), pl.col("account_id").cast(pl.Int64), "assignee_name", "team_name"
    )
    users = [_name(ids, "assignee_name", False), *(_name(changes, column, False) for column in ("agent", "person"))]
    teams = [_name(ids, "team_name", True), _name(changes, "team", True)]
    of_account = (
        changes.select("conversation_id", name=pl.col("assignee"))
        .drop_nulls()
        .unique()
        .join(ids.select("conversation_id", "account_id"), on="conversation_id")
        .join(names, on=["account_id", "name"])
        .select("conversation_id", "name", "is_team")
    )
    return (
        pl.concat([*users, *teams, of_account])
        .drop_nulls()
        .group_by("conversation_id", "name")
        .agg((~pl.col("is_team")).any().alias("is_user"), pl.col("is_team").any())
    )


def as_in_sentences(conversations: pl.DataFrame, mask: Mask) -> pl.DataFrame:
    """Return conversations with the names of agents and teams as masked sentences have them."""
    if not mask.groups:
        return conversations
    # The names of agents may have been masked already.
    columns = ("team_name",) if MASKED_NAMES in mask.groups else ("assignee_name", "team_name")
    pseudonyms = (pl.col(name).map_elements(mask.words, return_dtype=pl.String) for name in columns)
    return conversations.with_columns(pseudonyms)


def _name(rows: pl.DataFrame, column: str, is_team: bool) -> pl.DataFrame:
    return rows.select("conversation_id", pl.col(column).alias("name"), pl.lit(is_team).alias("is_team"))


def _decide_assignments(changes: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Set change and agent of the sentences that assign an agent or a team."""
    name = pl.col("assignee")
    has_capital = (name != name.str.to_lowercase()) | (name == "")
    is_user, is_team = (pl.col(column).fill_null(value=False) for column in ("is_user", "is_team"))
    decided = (
        pl.when(pl.col("agent").is_not_null() | has_capital | (is_user & ~is_team))
        .then(pl.lit(ASSIGNED))
        .when(is_team & ~is_user)
        .then(pl.lit(TEAM_ASSIGNED))
        .otherwise(pl.lit(AGENT_OR_TEAM_ASSIGNED))
    )
    return (
        changes.join(known, left_on=["conversation_id", "assignee"], right_on=["conversation_id", "name"], how="left")
        .with_columns(pl.when(pl.col("change") == ASSIGNED).then(decided).otherwise("change").alias("change"))
        .with_columns(pl.when(pl.col("change") == ASSIGNED).then(pl.coalesce("agent", "assignee")).alias("agent"))
    )


def _contains(pattern: str) -> pl.Expr:
    return pl.col("content").str.contains(pattern)


def _extract(patterns: Iterable[str]) -> pl.Expr:
    return pl.coalesce(pl.col("content").str.extract(pattern) for pattern in patterns)
