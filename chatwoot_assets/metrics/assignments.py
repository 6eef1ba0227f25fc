"""Follow who had conversations over time: whether an agent was assigned, and which.

Activity messages tell most assignments. Chatwoot writes none where it assigns automatically, or where a team without
the assignee takes over; participants and reporting events prove those (see `participants.py`).

Pure functions on frames.
"""

from __future__ import annotations

import polars as pl

from chatwoot_assets.activity_sentences import AGENT_OR_TEAM_ASSIGNED, ASSIGNED, UNASSIGNED
from chatwoot_assets.metrics.assignment_steps import (
    AUTO_TAKEN,
    FREED,
    HAD_AGENT,
    HAD_NOBODY,
    OPENED,
    TAKEN,
    TEAM,
    UNPROVEN,
    collect_steps,
    find_assignees,
)
from chatwoot_assets.metrics.participants import read_participants

_EVIDENCE = (TAKEN, AUTO_TAKEN, FREED, HAD_AGENT, HAD_NOBODY)
# What became of a conversation where that is no evidence: who had it kept it; an agent who had it gave it to another,
# perhaps; not known, with or without another assignment.
_KEPT, _PERHAPS_TAKEN, _UNKNOWN, _PERHAPS_UNKNOWN = "kept", "perhaps taken", "unknown", "perhaps unknown"
_KEY = "conversation_id"
_COLUMNS = (_KEY, "occurred_at", "is_assigned", "is_known", "is_assignment", "agent")


def find_assignments(
    conversations: pl.DataFrame,
    activity: pl.DataFrame,
    events: pl.DataFrame,
    marked_messages: pl.DataFrame,
    resolutions: pl.DataFrame,
    status_changes: pl.DataFrame,
) -> pl.DataFrame:
    """Return how each conversation passed from one agent to another.

    A conversation without participants was written before Chatwoot kept them, or they were deleted: its sentences
    count alone. It had nobody before its first assignment, and somebody before an unassignment.

    Args:
        conversations: Extracted conversations.
        activity: The result of `read_activity`.
        events: Extracted reporting events.
        marked_messages: The result of `mark_replies`.
        resolutions: The result of `find_resolutions`.
        status_changes: The result of `find_status_changes`.

    Returns:
        By conversation_id, then in order: conversation_id, occurred_at (NULL in each conversation's first row, which
        holds from its beginning), is_assigned (whether an agent has it from then on; an estimate unless is_known),
        is_known, is_assignment (whether the row assigns an agent; NULL if that is not known), agent (who distinguishes
        the conversation's agents; NULL for an agent who is not known).
    """
    sentences = activity.filter(pl.col("change").is_in([ASSIGNED, UNASSIGNED])).select(
        _KEY, "occurred_at", (pl.col("change") == ASSIGNED).alias("is_assigned"), "agent"
    )
    participants = read_participants(conversations)
    recorded = participants[_KEY].unique()
    by_sentences = _follow_sentences(
        conversations.filter(~pl.col("id").is_in(recorded.implode())), sentences, resolutions
    )
    steps = collect_steps(
        conversations.filter(pl.col("id").is_in(recorded.implode())),
        participants,
        activity,
        events,
        marked_messages,
        status_changes,
    )
    followed = _follow_steps(steps)
    doubtful = pl.concat(
        [
            activity.filter(pl.col("change") == AGENT_OR_TEAM_ASSIGNED)[_KEY],
            participants.filter(pl.col("since").is_null())[_KEY],
            _find_incomplete(conversations, participants, events),
        ]
    ).unique()
    is_doubtful = pl.col(_KEY).is_in(doubtful.implode())
    return (
        pl.concat([by_sentences, followed])
        .with_columns(
            (pl.col("is_known") & ~is_doubtful).alias("is_known"),
            pl.when(~is_doubtful).then("is_assignment").alias("is_assignment"),
        )
        .sort(_KEY, maintain_order=True)
    )


def _follow_sentences(conversations: pl.DataFrame, sentences: pl.DataFrame, resolutions: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of conversations without participants."""
    with_agents = resolutions.filter(pl.col("user_id").is_not_null())[_KEY].unique()
    changes = sentences.join(conversations.select(pl.col("id").alias(_KEY)), on=_KEY, how="semi")
    first_changes = changes.group_by(_KEY, maintain_order=True).agg((~pl.col("is_assigned").first()).alias("had_agent"))
    is_never_assigned = pl.col("assignee_id").is_null() & ~pl.col(_KEY).is_in(with_agents.implode())
    first = (
        conversations.select(pl.col("id").alias(_KEY), "assignee_id", "is_unassigned")
        .join(first_changes, on=_KEY, how="left")
        .select(
            _KEY,
            pl.coalesce("had_agent", ~pl.col("is_unassigned")).alias("is_assigned"),
            (pl.col("had_agent").is_not_null() | is_never_assigned).alias("is_known"),
            # Who had it first got it without a sentence.
            pl.when(pl.coalesce(~pl.col("had_agent"), is_never_assigned))
            .then(pl.lit(value=False))
            .alias("is_assignment"),
        )
    )
    rows = pl.concat(
        [
            first,
            changes.with_columns(pl.lit(value=True).alias("is_known"), pl.col("is_assigned").alias("is_assignment")),
        ],
        how="diagonal",
    )
    return rows.sort(_KEY, maintain_order=True).select(_COLUMNS)


def _follow_steps(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of conversations with participants, from all that is known about their assignees."""
    step = pl.col("step")
    is_evidence = step.is_in(_EVIDENCE)
    has_agent = step.is_in([TAKEN, AUTO_TAKEN, HAD_AGENT])
    # An event does not name its agent as sentences do.
    holder = pl.when(step.is_in([TAKEN, AUTO_TAKEN])).then(pl.col("agent").fill_null("")).otherwise(pl.lit(""))
    evidence = pl.when(is_evidence).then(step)
    taker = pl.when(step == TAKEN).then("agent")
    known = steps.with_columns(
        pl.when(is_evidence).then(has_agent).forward_fill().shift(1).over(_KEY).fill_null(value=False).alias("before"),
        pl.when(is_evidence).then(holder).forward_fill().shift(1).over(_KEY).alias("agent_before"),
        evidence.shift(-1).backward_fill().over(_KEY).alias("next_step"),
        taker.shift(-1).backward_fill().over(_KEY).alias("next_agent"),
        pl.when(step == HAD_AGENT).then("user_id").shift(-1).backward_fill().over(_KEY).alias("next_user_id"),
        # The steps since the last evidence, up to the next.
        is_evidence.shift(1).fill_null(value=False).cum_sum().over(_KEY).alias("span"),
    )
    is_team = (step == TEAM) & pl.col("before")
    is_free = ~pl.col("before") | pl.col("is_after_team")
    is_unproven = (step == UNPROVEN) | ((step == AUTO_TAKEN) & ~is_free)
    decided = (
        known.with_columns((is_team.cum_sum().over(_KEY, "span") > 0).alias("is_after_team"))
        .filter((step != TEAM) | pl.col("before"))
        .filter((step != OPENED) | is_free)
        .with_columns(pl.when(is_unproven).then(pl.lit(UNPROVEN)).otherwise("step").alias("step"))
        .with_columns(
            (step == TEAM).sum().over(_KEY, "span").alias("teams"),
            (step == OPENED).sum().over(_KEY, "span").alias("openings"),
            (step == UNPROVEN).sum().over(_KEY, "span").alias("unproven"),
        )
        .with_columns(_decide().alias("decision"))
        .filter(pl.col("decision") != _KEPT)
    )
    return _mark_contradictions(_to_rows(decided))


def _decide() -> pl.Expr:
    """Return what became of the conversation at a step: one of the evidence, kept, perhaps taken, or unknown."""
    step, following, before = pl.col("step"), pl.col("next_step"), pl.col("before")
    teams, openings, unproven = pl.col("teams"), pl.col("openings"), pl.col("unproven")
    is_single = teams + openings + unproven == 1
    had_agent, had_nobody = following.is_in([FREED, HAD_AGENT]), following.is_in([HAD_NOBODY, AUTO_TAKEN])
    is_same_again = (following == TAKEN) & (pl.col("next_agent") == pl.col("agent_before"))
    is_same_user = (following == FREED) | (pl.col("next_user_id") == pl.col("user_id"))
    of_team = (
        pl.when((openings + unproven == 0) & had_agent)
        .then(pl.lit(_KEPT))
        .when(is_single & (had_nobody | is_same_again))
        .then(pl.lit(FREED))
    )
    of_opening = (
        pl.when((teams + unproven == 0) & had_nobody)
        .then(pl.lit(_KEPT))
        .when(is_single & had_agent)
        .then(pl.lit(TAKEN))
    )
    of_unproven = (
        pl.when(before & (teams + openings == 0) & had_agent)
        .then(pl.lit(_PERHAPS_TAKEN))
        .when(~before & (teams + openings == 0) & had_nobody)
        .then(pl.lit(_KEPT))
        .when(~before & is_single & had_agent & is_same_user)
        .then(pl.lit(TAKEN))
    )
    return (
        pl.when(step == TEAM)
        .then(of_team.otherwise(pl.lit(_UNKNOWN)))
        .when(step == OPENED)
        .then(of_opening.otherwise(pl.lit(_PERHAPS_UNKNOWN)))
        .when(step == UNPROVEN)
        .then(of_unproven.otherwise(pl.lit(_PERHAPS_UNKNOWN)))
        .when(step == AUTO_TAKEN)
        .then(pl.lit(TAKEN))
        .otherwise(step)
    )


def _to_rows(decided: pl.DataFrame) -> pl.DataFrame:
    """Return the state from each step on, after a row for the beginning, when nobody had the conversation."""
    decision = pl.col("decision")
    is_known = ~decision.is_in([_UNKNOWN, _PERHAPS_UNKNOWN])
    has_agent = (
        pl.when(decision.is_in([TAKEN, HAD_AGENT])).then(True).when(decision.is_in([FREED, HAD_NOBODY])).then(False)
    )
    start = pl.DataFrame({_KEY: decided[_KEY].unique()}).with_columns(
        is_assigned=pl.lit(value=False), is_known=pl.lit(value=True), is_assignment=pl.lit(value=False)
    )
    rows = decided.select(
        _KEY,
        "occurred_at",
        "decision",
        has_agent.alias("is_assigned"),
        is_known.alias("is_known"),
        pl.when(~decision.is_in([_PERHAPS_TAKEN, _PERHAPS_UNKNOWN])).then(decision == TAKEN).alias("is_assignment"),
        pl.when(decision == TAKEN).then("agent").alias("agent"),
    )
    return (
        pl.concat([start, rows], how="diagonal")
        .sort(_KEY, maintain_order=True)
        .with_columns(pl.col("is_assigned").forward_fill().over(_KEY))
    )


def _mark_contradictions(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows, not known where the next one shows that they cannot hold until then."""
    decision = pl.col("decision")
    before = pl.col("is_assigned").shift(1).over(_KEY)
    # Agents are mostly removed from Chatwoot after their conversations: that nobody has one now contradicts nothing.
    is_now = pl.col("occurred_at").is_null() & decision.is_not_null()
    contradicts = (
        (decision.is_in([HAD_AGENT, FREED]) & ~before) | ((decision == HAD_NOBODY) & before & ~is_now)
    ).fill_null(value=False)
    is_disproved = contradicts.shift(-1).over(_KEY).fill_null(value=False)
    return (
        rows.with_columns(
            (pl.col("is_known") & ~is_disproved).alias("is_known"),
            pl.when(~is_disproved).then("is_assignment").alias("is_assignment"),
        )
        .filter(~is_now)
        .select(_COLUMNS)
    )


def _find_incomplete(conversations: pl.DataFrame, participants: pl.DataFrame, events: pl.DataFrame) -> pl.Series:
    """Return the conversations from whose participants somebody who had them is missing: deleted by hand, perhaps."""
    known = participants.select(_KEY, "user_id")
    had = pl.concat(
        [
            conversations.select(pl.col("id").alias(_KEY), pl.col("assignee_id").cast(pl.Int64).alias("user_id")),
            find_assignees(events).select(_KEY, "user_id"),
        ]
    ).filter(pl.col("user_id").is_not_null())
    return had.join(known, on=_KEY, how="semi").join(known, on=[_KEY, "user_id"], how="anti")[_KEY].unique()
